"""Bringing a database to the tables that this version of the code needs, while others are using it."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from alembic import command
from alembic.config import Config
from sqlalchemy.exc import DBAPIError

from graphql_api.migrations.revisions import head, revision_of, revisions
from graphql_api.migrations.turn import turn
from graphql_api.models.operator_error import OperatorError
from graphql_api.reading.faults import state_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from graphql_api.migrations.turn import Tell

FOLDER = Path(__file__).parent
PAUSES: tuple[float, ...] = (0, 1, 2, 4, 8)
"""Seconds before each try, while a table is in use: time for whoever queued behind us to go on."""
IN_USE: Final = ("55P03", "40P01")
"""PostgreSQL: the lock was not there in time, or would have closed a circle."""


class CannotMigrate(OperatorError):  # noqa: N818 - named for what the operator is told
    """One line that says what stands against it."""


def upgrade(database_url: str, tell: Tell = lambda _line: None, to: str = "head") -> list[str]:
    """Migrate to the newest revision; answers with the revisions that were applied, none when it was there.

    Each is a transaction of its own on PostgreSQL. `tell` hears, line by line, what is done.

    Raises:
        CannotMigrate: the database is newer than the code, or its tables stay in use by others.

    """
    steps = _Steps(tell)
    config = _config()
    config.attributes["applied"] = steps.applied
    _run(database_url, config, lambda: command.upgrade(config, to), tell)
    return steps.revisions


def downgrade_to_base(database_url: str) -> None:
    """Take every table away again, with all that is in it."""
    config = _config()
    _run(database_url, config, lambda: command.downgrade(config, "base"))


def revise(database_url: str, message: str) -> None:
    """Write a new revision from what the models and a database at head differ in: for developers."""
    config = _config()
    _run(database_url, config, lambda: command.revision(config, message, autogenerate=True))


class _Steps:
    """Revisions as they are applied, each told with its title and how long it took."""

    def __init__(self, tell: Tell) -> None:
        self.revisions: list[str] = []
        self._tell, self._since = tell, time.monotonic()

    def applied(self, step: Any, **_more: object) -> None:
        """Alembic's word that it did a step."""
        now, title = time.monotonic(), step.up_revision.doc.rstrip(".")
        self.revisions.append(step.up_revision_id)
        self._tell(f"applied {step.up_revision_id} {title} ({now - self._since:.2f} s)")
        self._since = now


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config


def _run(database_url: str, config: Config, work: Callable[[], Any], tell: Tell = lambda _line: None) -> None:
    def on(connection: Connection) -> None:
        _refuse_newer(revision_of(connection))
        if connection.dialect.name == "postgresql":
            connection.rollback()  # alembic begins one for each revision
        config.attributes["connection"] = connection
        work()

    async def run() -> None:
        async with turn(database_url, tell) as connection:
            for pause in PAUSES:
                await asyncio.sleep(pause)
                try:
                    await connection.run_sync(on)
                except DBAPIError as error:
                    if state_of(error) not in IN_USE:
                        raise
                    await connection.rollback()
                    tell("a long transaction has a table in use; waiting for it")
                else:
                    return
        raise CannotMigrate("a long transaction has a table in use; end that, and migrate again")

    asyncio.run(run())


def _refuse_newer(revision: str | None) -> None:
    if revision is not None and revision not in revisions():
        raise CannotMigrate(f"the database is at {revision}, newer than this version, which knows {head()}")
