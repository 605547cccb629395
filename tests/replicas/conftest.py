"""The service on a database with a replica."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from graphql_api.app import App, database_of
from graphql_api.database import Database
from graphql_api.migrations.migrate import upgrade
from graphql_api.settings import Settings, read_settings
from tests.factories import World
from tests.replicas.standby import Pair, pair


@pytest.fixture(scope="session")
def servers() -> Iterator[Pair]:
    """A server and its replica, with a migrated template."""
    with pair() as made:
        upgrade(made.url_of("postgres"))
        yield made


@pytest.fixture
async def settings(servers: Pair, request: pytest.FixtureRequest) -> AsyncIterator[Settings]:
    """A service on a fresh database of the server, and on the same of its replica."""
    name = f"d{abs(hash(request.node.nodeid))}"
    connection = await asyncpg.connect(servers.url_of("template1"))
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE postgres")
    await servers.go_on()
    yield read_settings(
        database_url=servers.url_of(name),
        database_read_url=servers.replica_of(name),
        secret_key="a secret for tests, long enough to be one",
        public_url="http://partner.test",
    )
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """One process's connections to both."""
    made = database_of(settings)
    yield made
    await made.close()


@pytest.fixture
async def world(database: Database, servers: Pair) -> World:
    """The small world, on both."""
    made = await World.make(database)
    await servers.go_on()
    return made


@pytest.fixture
async def other(settings: Settings) -> AsyncIterator[App]:
    """Another process."""
    made = App(settings)
    yield made
    await made.token_use.finish()
    await made.service.database.close()
