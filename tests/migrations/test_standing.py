"""What an operator is told of a login that may not do the service's work: what helps, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import make_url

from graphql_api.database import Database
from graphql_api.migrations.migrate import upgrade
from graphql_api.migrations.revisions import head
from graphql_api.migrations.standing import LOCKED_OUT, NOT_GRANTED, NotMigrated, check_migrated
from graphql_api.pages.health import PATIENCE
from graphql_api.reading.wall import SERVICE, VIEWER
from tests.postgresql import Server, own_server

LOGIN = "partner_service"
GRANT = f"GRANT {SERVICE}, {VIEWER} TO {LOGIN} WITH INHERIT FALSE"


@pytest.fixture
def server() -> Iterator[Server]:
    """One that has the roles, for another database, and a login of ours that may make and grant none."""
    with own_server() as made:
        for role in (
            f"{SERVICE} NOLOGIN NOINHERIT",
            f"{VIEWER} NOLOGIN NOINHERIT",
            f"{LOGIN} LOGIN NOINHERIT",
        ):
            made.execute(f"CREATE ROLE {role}")
        yield made


@pytest.fixture
def database_url(server: Server) -> Iterator[str]:
    """A database of that login's, without tables."""
    with server.database() as name:
        server.execute(f"ALTER DATABASE {name} OWNER TO {LOGIN}")
        yield make_url(server.url_of(name)).set(username=LOGIN).render_as_string()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    made = Database(database_url)
    yield made
    await made.close()


async def told(database: Database) -> str | None:
    """What stands against it, if anything."""
    try:
        await check_migrated(database)
    except NotMigrated as error:
        return str(error)
    return None


async def test_a_login_without_its_roles_is_told_who_gives_them(
    database: Database, database_url: str, server: Server
) -> None:
    """Migrating alone does not help, and says nothing: the tables are there."""
    assert await told(database) == NOT_GRANTED
    await asyncio.to_thread(upgrade, database_url)
    assert await told(database) == NOT_GRANTED
    assert GRANT.partition(" WITH")[0].replace(LOGIN, "it") in NOT_GRANTED
    await asyncio.to_thread(server.execute, GRANT)
    assert await told(database) is None


async def test_all_who_ask_at_once_are_told(database: Database) -> None:
    """The pool lets whoever waits for a connection wait on where opening it failed."""
    async with asyncio.timeout(PATIENCE):
        assert await asyncio.gather(*(told(database) for _ in range(5))) == [NOT_GRANTED] * 5


async def test_a_login_with_its_roles_is_told_to_migrate(
    database: Database, database_url: str, server: Server
) -> None:
    await asyncio.to_thread(server.execute, GRANT)
    assert await told(database) == f"the database has no tables, this version needs {head()}: run `migrate`"
    await asyncio.to_thread(upgrade, database_url, to="0003")
    assert await told(database) == LOCKED_OUT
    await asyncio.to_thread(upgrade, database_url)
    assert await told(database) is None
