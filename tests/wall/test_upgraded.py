"""A process that was there before the wall, as a new version is that was started before its migrations."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import make_url, select
from sqlalchemy.exc import DBAPIError

from graphql_api.database import Database, View
from graphql_api.migrations.migrate import upgrade
from graphql_api.migrations.standing import NotMigrated, check_migrated
from graphql_api.models import rows
from graphql_api.reading.wall import EVERYTHING, NOTHING
from tests.factories import World
from tests.postgresql import own_server

LOGINS = {
    "owner": "CREATE ROLE owner LOGIN NOSUPERUSER CREATEROLE",
    "superuser": "CREATE ROLE superuser LOGIN SUPERUSER",
}


@pytest.fixture(params=LOGINS)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of that login's, which has tables and no roles."""
    with own_server() as server:
        server.execute(LOGINS[request.param])
        with server.database() as name:
            server.execute(f"ALTER DATABASE {name} OWNER TO {request.param}")
            url = make_url(server.url_of(name)).set(username=request.param).render_as_string()
            upgrade(url, to="0003")
            yield url


async def clients(view: View) -> int:
    """How many are seen."""
    return len(list(await view.ask(view.question(select(rows.Client.id)), {})))


@pytest.mark.rule("D12")
async def test_no_connection_from_before_is_kept(database: Database, database_url: str) -> None:
    """It would be the login's for good: an owner's sees nothing, and a superuser's everything."""
    for seen in (EVERYTHING, NOTHING):
        with pytest.raises(DBAPIError, match="does not exist"):
            await clients(View(database, seen))
    with pytest.raises(NotMigrated):
        await check_migrated(database)
    await asyncio.to_thread(upgrade, database_url)
    world = await World.make(database)
    there = len(world.ours.clients) + len(world.theirs.clients)
    assert (await clients(View(database, EVERYTHING)), await clients(View(database))) == (there, 0)
