"""Prepared statements: SQL made once, and given to the driver itself within a session's transaction.

What SQLAlchemy does anew for each statement (keys for its caches, cursors, results) costs many times what the driver
does, and the ORM doubles that. So what is done often is prepared.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, cast

import asyncpg
from sqlalchemy import Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.visitors import iterate

from graphql_api.reading.questions import Found, Spelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Select
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

DRIVER = "driver"
"""Where a writing session's info has the driver's connection."""
WAITING = "waiting"
"""Where it has the new rows, by their tables, that are written past the unit of work, and were not yet."""
ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, sqlite3.Error)


class Prepared:
    """One statement, written for each database when that first asks."""

    def __init__(self, statement: Select[Any]) -> None:
        """A select; what differs from one asking to the next is a named parameter."""
        self._statement = statement
        self._spelled: dict[str, Spelled] = {}
        self._tables = {one.name for one in iterate(statement) if isinstance(one, Table)}
        """What it reads."""

    async def __call__(self, session: AsyncSession, **values: Any) -> Found:
        """What the database answers, for these values of its parameters; it knows what the session has changed."""
        spelled = self._for(session)
        if session.autoflush and (is_changed(session) or self._is_waited_for(session)):
            await session.flush()
        driver = session.info.get(DRIVER) or driver_of(await session.connection())
        return spelled.found(await run(driver, spelled.sql, [spelled.arguments(values)]))

    def _for(self, session: AsyncSession) -> Spelled:
        dialect = session.get_bind().dialect
        if dialect.name not in self._spelled:
            self._spelled[dialect.name] = Spelled(self._statement, dialect)
        return self._spelled[dialect.name]

    def _is_waited_for(self, session: AsyncSession) -> bool:
        """Whether new rows of what is read wait to be written."""
        return not self._tables.isdisjoint(session.info.get(WAITING, ()))


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
        raise told(sql, error) from error
    return found


def told(sql: str, error: Exception) -> BaseException:
    """One of the driver's ERRORS, as SQLAlchemy tells it."""
    return DBAPIError.instance(sql, None, error, Exception, hide_parameters=True)


def is_changed(session: AsyncSession) -> bool:
    """Whether the session has changes that the database does not know of."""
    return bool(session.new or session.dirty or session.deleted)


def driver_of(connection: AsyncConnection) -> Any:
    """The driver's own connection."""
    opened = cast("Connection", connection.sync_connection)
    return opened.connection.driver_connection
