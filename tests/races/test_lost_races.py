"""Two transactions that wait for each other: PostgreSQL ends one, which is made once more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
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


@pytest.fixture
async def somebody(database_url: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    """Somebody else who writes, and is never the one that PostgreSQL ends."""
    connection = await asyncpg.connect(database_url)
    await connection.execute("SET deadlock_timeout = '60s'")
    yield connection
    await connection.close()


async def until_it_waits(connection: asyncpg.Connection[Any]) -> None:
    while not await connection.fetchval(WAITS):
        await connection.execute("SELECT pg_sleep(0.01)")


async def stand_in_the_way(connection: asyncpg.Connection[Any], world: World, link: Any) -> None:
    """Take the partner's stream, wait until the edit has the link and wants the stream, and want the link."""
    async with connection.transaction():
        await connection.execute("SELECT 1 FROM streams WHERE id = $1 FOR UPDATE", world.ours.partner.id)
        await until_it_waits(connection)
        await connection.execute("SELECT 1 FROM confirmation_links WHERE id = $1 FOR UPDATE", link.id)


async def test_a_change_that_lost_to_another_is_made_once_more(
    api: Api, world: World, somebody: asyncpg.Connection[Any]
) -> None:
    link, token = await world.link(name="Before"), world.tokens["partner_admin"]
    other = asyncio.create_task(stand_in_the_way(somebody, world, link))
    await asyncio.sleep(0.1)
    fields = "confirmationLink { name version } cursor"
    changed = await api.change(EDIT, token, fields, id=id_of(link), name="After")
    await other
    assert changed["userErrors"] == []
    assert changed["confirmationLink"] == {"name": "After", "version": 2}


async def test_a_change_that_loses_twice_is_told_to_come_again(
    api: Api, world: World, somebody: asyncpg.Connection[Any]
) -> None:
    link, token = await world.link(name="Before"), world.tokens["partner_admin"]

    async def stand_there_twice() -> None:
        for _ in range(2):
            await stand_in_the_way(somebody, world, link)

    other = asyncio.create_task(stand_there_twice())
    await asyncio.sleep(0.1)
    document = f'mutation($id: ID!) {{ {EDIT}(input: {{id: $id, name: "After"}}) {{ cursor }} }}'
    code = await api.code(document, token, id=id_of(link))
    await other
    assert code == "SERVICE_UNAVAILABLE"
    shown = await api.ask("query($id: ID!) { confirmationLink(id: $id) { name } }", token, id=id_of(link))
    assert shown["confirmationLink"] == {"name": "Before"}
