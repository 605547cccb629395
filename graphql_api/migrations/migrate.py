"""Bringing a database to the tables that this version of the code needs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from graphql_api.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

FOLDER = Path(__file__).parent


def upgrade(database_url: str) -> list[str]:
    """Migrate to the newest revision; answers with the revisions that were applied, none when it was there."""
    applied: list[str] = []
    config = _config()
    config.attributes["applied"] = lambda step, **_: applied.append(step.up_revision_id)
    _run(database_url, config, lambda: command.upgrade(config, "head"))
    return applied


def downgrade_to_base(database_url: str) -> None:
    """Take every table away again, with all that is in it."""
    config = _config()
    _run(database_url, config, lambda: command.downgrade(config, "base"))


def revise(database_url: str, message: str) -> None:
    """Write a new revision from what the models and a database at head differ in: for developers."""
    config = _config()
    _run(database_url, config, lambda: command.revision(config, message, autogenerate=True))


def head() -> str | None:
    """The newest revision that the code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def revision_of(connection: Connection) -> str | None:
    """The revision that a database is at."""
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config


def _run(database_url: str, config: Config, work: Callable[[], Any]) -> None:
    def on(connection: Connection) -> None:
        config.attributes["connection"] = connection
        work()

    async def run() -> None:
        database = Database(database_url)
        try:
            async with database.connect() as connection:
                await connection.run_sync(on)
        finally:
            await database.close()

    asyncio.run(run())
