"""Putting the dashboards' data into a migrated, empty database of either kind."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import insert, text

from benchmarks.dashboards import Dashboards
from graphql_api.database import Database
from graphql_api.migrations.migrate import upgrade


def prepare(url: str, made: Dashboards) -> None:
    """Migrate the database and fill it."""
    upgrade(url)
    asyncio.run(_fill(url, made))


async def _fill(url: str, made: Dashboards) -> None:
    database = Database(url)
    async with database.connect() as connection:
        for table, values in made.tables.items():
            await connection.execute(insert(_plain(table)), values)
    async with database.read() if not database.is_sqlite else database.connect() as session:
        # The server has no autovacuum, which any other has.
        await session.execute(text("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"))
    await database.close()


def _plain(table: Any) -> Any:
    """The table without its mapping, for which inserting would be slower."""
    return table.__table__
