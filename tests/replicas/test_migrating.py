"""A replica that has not followed a migration yet is asked nothing that only the new tables can answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from graphql_api.database import Database
from graphql_api.migrations.migrate import upgrade
from graphql_api.migrations.revisions import revisions
from graphql_api.settings import Settings, read_settings
from tests.api import Api
from tests.factories import World
from tests.replicas.asking import asked_of, create, names, replica_of
from tests.replicas.standby import Pair


@pytest.fixture
async def settings(servers: Pair) -> AsyncIterator[Settings]:
    """A service on a database without tables, here and there."""
    connection = await asyncpg.connect(servers.url_of("template1"))
    await connection.execute("CREATE DATABASE bare TEMPLATE template0")
    await servers.go_on()
    yield read_settings(
        database_url=servers.url_of("bare"),
        database_read_url=servers.replica_of("bare"),
        secret_key="a secret for tests, long enough to be one",
        public_url="http://partner.test",
    )
    await servers.go_on()
    await connection.execute("DROP DATABASE bare WITH (FORCE)")
    await connection.close()


async def test_one_without_tables_is_left_alone(api: Api, servers: Pair, database: Database) -> None:
    await servers.hold_up()
    await asyncio.to_thread(upgrade, servers.url_of("bare"))
    world = await World.make(database)
    token = world.tokens["partner_admin"]
    await create(api, token, world, "Proof")
    assert await names(api, token) == ["Proof"]


async def test_one_with_the_tables_of_before_is_left_alone_until_it_has_the_new(
    api: Api, servers: Pair, database: Database
) -> None:
    await asyncio.to_thread(upgrade, servers.url_of("bare"), to=revisions()[-2])
    token = (await World.make(database)).tokens["partner_admin"]
    await servers.go_on()
    await servers.hold_up()
    await asyncio.to_thread(upgrade, servers.url_of("bare"))
    with asked_of(replica_of(database)) as heard:
        assert await names(api, token) == []
        assert heard == []
        await servers.go_on()
        assert (await api.ask("{ clients { totalCount } }", token))["clients"]["totalCount"]
        assert heard
