"""Two transactions that wait for each other: PostgreSQL ends one, which is made once more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from tests.api import Api
from tests.confirmation_links.steps import id_of
from tests.factories import World

WAITS = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)
EDIT = "updateConfirmationLink"


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """SQLite has one writer: nobody waits in a circle."""
    return postgresql_url


@asynccontextmanager
async def somebody(database_url: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    """Somebody else who writes, and is never the one that PostgreSQL ends."""
    connection = await asyncpg.connect(database_url)
    await connection.execute("SET deadlock_timeout = '60s'")
    async with connection.transaction():
        yield connection
    await connection.close()


async def until_waiting(connection: asyncpg.Connection[Any], so_many: int) -> None:
    async with asyncio.timeout(60):
        while await connection.fetchval(WAITS) < so_many:
            await connection.execute("SELECT pg_sleep(0.01)")


async def take_stream(connection: asyncpg.Connection[Any], world: World) -> None:
    await connection.execute("SELECT 1 FROM streams WHERE id = $1 FOR UPDATE", world.ours.partner.id)


async def want_link(connection: asyncpg.Connection[Any], link: Any) -> None:
    """By then the edit has the link and wants the stream: a circle."""
    await connection.execute("SELECT 1 FROM confirmation_links WHERE id = $1 FOR UPDATE", link.id)


async def test_a_change_that_lost_to_another_is_made_once_more(
    api: Api, world: World, database_url: str
) -> None:
    link, token = await world.link(name="Before"), world.tokens["partner_admin"]
    fields = "confirmationLink { name version } cursor"
    async with somebody(database_url) as other:
        await take_stream(other, world)
        edit = asyncio.create_task(api.change(EDIT, token, fields, id=id_of(link), name="After"))
        await until_waiting(other, 1)
        await want_link(other, link)
    changed = await edit
    assert changed["userErrors"] == []
    assert changed["confirmationLink"] == {"name": "After", "version": 2}


async def test_a_change_that_loses_twice_is_told_to_come_again(
    api: Api, world: World, database_url: str
) -> None:
    link, token = await world.link(name="Before"), world.tokens["partner_admin"]
    document = f'mutation($id: ID!) {{ {EDIT}(input: {{id: $id, name: "After"}}) {{ cursor }} }}'
    async with somebody(database_url) as second:
        async with somebody(database_url) as first:
            await take_stream(first, world)
            edit = asyncio.create_task(api.code(document, token, id=id_of(link)))
            await until_waiting(first, 1)
            # In the queue for the stream, so that the edit, once it begins anew, comes after.
            taking = asyncio.create_task(take_stream(second, world))
            await until_waiting(first, 2)
            await want_link(first, link)
        await taking
        await until_waiting(second, 1)
        await want_link(second, link)
    assert await edit == "SERVICE_UNAVAILABLE"
    shown = await api.ask("query($id: ID!) { confirmationLink(id: $id) { name } }", token, id=id_of(link))
    assert shown["confirmationLink"] == {"name": "Before"}
