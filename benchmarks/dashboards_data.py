"""Putting the dashboards' data into a migrated, empty database of either kind."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import insert

from benchmarks.dashboards import Dashboards
from benchmarks.statistics import look_over
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
    await look_over(database)
    await database.close()


def _plain(table: Any) -> Any:
    """The table without its mapping, for which inserting would be slower."""
    return table.__table__
