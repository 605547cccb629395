"""A connection for migrations, in one process at a time: of ten that start at once, one migrates and the others wait."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import NullPool, event, text
from sqlalchemy.ext.asyncio import create_async_engine

from graphql_api.reading.address import connecting, driven
from graphql_api.reading.wall import SETTING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    Tell = Callable[[str], None]

LOCK: Final = 7_309_475_736_147_648_097
"""PostgreSQL's advisory lock of whoever migrates: a number that means nothing else."""
LOCK_TIMEOUT: Final = "3s"
"""How long a change of tables may queue for its lock: whoever comes to the table meanwhile queues behind it."""
LOOK_SECONDS: Final = 0.2
"""Waiting by looking: a statement that waits for the lock would itself hold up CREATE INDEX CONCURRENTLY."""
SQLITE_SECONDS: Final = 60


@asynccontextmanager
async def turn(database_url: str, tell: Tell) -> AsyncIterator[AsyncConnection]:
    """The connection, once it is this process's turn; `tell` hears of a wait."""
    is_postgresql = driven(database_url).get_backend_name() == "postgresql"
    engine = _postgresql(database_url) if is_postgresql else _sqlite(database_url)
    try:
        async with engine.connect() as connection:
            if is_postgresql:
                await _wait_for_lock(connection, tell)
            else:
                await connection.begin()
            yield connection
            await connection.commit()
    finally:
        await engine.dispose()


async def _wait_for_lock(connection: AsyncConnection, tell: Tell) -> None:
    """The lock is the session's: it outlives the transaction of each migration, and ends with the process."""
    has_told = False
    while not await connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}):
        await connection.rollback()
        if not has_told:
            tell("another process is migrating; waiting for it")
        has_told = True
        await asyncio.sleep(LOOK_SECONDS)
    await connection.commit()


def _postgresql(database_url: str) -> AsyncEngine:
    """Signed in as the owner of the tables, who sees every row, and with all the time that a statement needs."""
    settings = {"lock_timeout": LOCK_TIMEOUT, "statement_timeout": "0", SETTING: "*"}
    given = connecting(database_url, "migrate", settings)
    return create_async_engine(
        driven(database_url), poolclass=NullPool, connect_args=given, hide_parameters=True
    )


def _sqlite(database_url: str) -> AsyncEngine:
    """Its one writer's transaction is the turn."""
    engine = create_async_engine(driven(database_url), poolclass=NullPool, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _open_sqlite)
    event.listen(
        engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE")
    )
    return engine


def _open_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={SQLITE_SECONDS * 1_000}", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    _keep_a_log(connection, cursor)
    cursor.close()


def _keep_a_log(connection: Any, cursor: Any) -> None:
    """Turn to a write-ahead log, once for the file. SQLite itself does not wait for whoever does so too."""
    until = time.monotonic() + SQLITE_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except connection.dbapi.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(LOOK_SECONDS / 4)
        else:
            return
