"""Transactions that write.

On PostgreSQL the driver itself is told to begin and to end them: SQLAlchemy would send a message more, and takes longer
over it than all the statements of a small change.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from graphql_api.reading.faults import is_read_only
from graphql_api.reading.prepared import ERRORS, driver_of, told
from graphql_api.reading.wall import SETTING, Seen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

OWNER = Seen("NONE", "*")
"""Whoever signed in, which is neither of the wall's roles."""


@asynccontextmanager
async def transaction(engine: AsyncEngine, seen: Seen) -> AsyncIterator[AsyncConnection]:
    """One transaction, told first what it sees behind the wall: committed at the end, gone with any exception."""
    if engine.dialect.name == "sqlite":
        async with engine.connect() as connection:
            try:
                async with connection.begin():
                    yield connection
            except DBAPIError as error:
                if is_read_only(error):  # as the file was when it was opened, and may be no longer
                    await connection.invalidate()
                raise
        return
    async with engine.connect() as connection:
        driver = driver_of(connection)
        try:
            await _send(driver, f"BEGIN; SET LOCAL ROLE {seen.role}; SET LOCAL {SETTING} = '{seen.keys}'")
            yield connection
            await _send(driver, "COMMIT")
        except Exception:
            await _undo(connection, driver)
            raise
        except BaseException:
            # The driver's word to the server, to stop, might reach it amid another's statement.
            await connection.invalidate()
            raise


async def _send(driver: Any, sql: str) -> None:
    try:
        await driver.execute(sql)
    except ERRORS as error:
        raise told(sql, error) from error


async def _undo(connection: AsyncConnection, driver: Any) -> None:
    """Whatever state it is in, nobody is to meet the transaction."""
    try:
        await driver.execute("ROLLBACK")
    except BaseException:  # noqa: BLE001 - what undid it is raised
        await connection.invalidate()
