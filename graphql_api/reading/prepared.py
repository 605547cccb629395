"""Prepared statements: SQL made once, and given to the driver itself within a session's transaction.

What SQLAlchemy does anew for each statement (keys for its caches, cursors, results) costs many times what the driver
does, and the ORM doubles that. So what is done often is prepared.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import asyncpg
from sqlalchemy.exc import DBAPIError

from graphql_api.reading.questions import Spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession
    from sqlalchemy.orm import Session

DRIVER = "driver"
"""Where a session's info has the driver's connection, and for which transaction."""
ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, sqlite3.Error)


class Prepared:
    """One statement, written for each database when that first asks."""

    def __init__(self, make: Callable[[str], Any]) -> None:
        """`make` builds it for the kind of database it is given."""
        self._make = make
        self._spelled: dict[str, Spelled] = {}

    async def __call__(self, session: AsyncSession, **values: Any) -> Iterable[tuple[Any, ...]]:
        """What the database answers, for these values of its parameters; it knows what the session has changed."""
        if session.autoflush and (session.new or session.dirty or session.deleted):
            await session.flush()
        driver, spelled = await _driver_of(session), self._for(session)
        return spelled.rows(await run(driver, spelled.sql, [spelled.arguments(values)]))

    def _for(self, session: AsyncSession) -> Spelled:
        dialect = session.get_bind().dialect
        if dialect.name not in self._spelled:
            self._spelled[dialect.name] = Spelled(self._make(dialect.name), dialect)
        return self._spelled[dialect.name]


async def run(driver: Any, sql: str, given: Sequence[Sequence[Any]]) -> Sequence[Any]:
    """Run the statement once for each of the arguments given; the rows, where that is once.

    Raises:
        DBAPIError: as SQLAlchemy tells what the driver raises.

    """
    try:
        if len(given) > 1:
            await driver.executemany(sql, given)
            return ()
        if isinstance(driver, asyncpg.Connection):
            found: Sequence[Any] = await driver.fetch(sql, *given[0])
        else:
            found = await driver.execute_fetchall(sql, given[0])
    except ERRORS as error:
        raise DBAPIError.instance(sql, None, error, Exception) from error
    return found


def run_within(session: Session, sql: str, given: Sequence[Sequence[Any]]) -> Sequence[Any]:
    """Run it from within the session's own work, such as a flush: see run()."""
    adapted: Any = session.connection().connection.dbapi_connection
    found: Sequence[Any] = adapted.run_async(lambda driver: run(driver, sql, given))
    return found


async def _driver_of(session: AsyncSession) -> Any:
    """The driver's own connection, as the session's transaction has it."""
    transaction, driver = session.info.get(DRIVER, (None, None))
    if driver is None or transaction is not session.sync_session.get_transaction():
        raw = await (await session.connection()).get_raw_connection()
        driver = raw.driver_connection
        session.info[DRIVER] = session.sync_session.get_transaction(), driver
    return driver
