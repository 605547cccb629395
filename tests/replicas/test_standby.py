"""A standby is no database to serve from: it reads, and takes no changes."""

from __future__ import annotations

from sqlalchemy import make_url

from graphql_api.database import Database
from graphql_api.settings import Settings
from tests.factories import World
from tests.replicas.standby import Pair


async def test_a_standby_takes_no_changes(world: World, settings: Settings, servers: Pair) -> None:
    standby = Database(servers.replica_of(str(make_url(settings.database_url).database)))
    try:
        assert await world.database.takes_changes()
        assert not await standby.takes_changes()
    finally:
        await standby.close()
