"""Connections that answer prepared questions.

SQLAlchemy opens them and writes their SQL; a question then goes to the driver itself, past the cursors, sessions and
results that would be made anew each time. Each connection answers one question at a time and is handed on at once, so
a request holds none while it waits for another, and siblings are asked at the same time on as many as are free.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from graphql_api.reading.wall import Seen


class Taken(NamedTuple):
    """A connection, as SQLAlchemy and as its driver has it, and what it sees behind the wall."""

    connection: AsyncConnection
    driver: Any
    seen: Seen | None = None


class Connections:
    """So many connections, opened when they are first needed and kept.

    One that was told what to see is kept for who sees the same, for as long as there are others: telling it anew takes
    a message to the database and back.
    """

    def __init__(self, engine: AsyncEngine, size: int) -> None:
        """Of an engine that keeps none itself."""
        self._engine = engine
        self._turns = asyncio.Semaphore(size)
        self._has_wall = engine.dialect.name == "postgresql"
        self._free: list[Taken] = []
        """Those used last stand last."""

    async def fetch(self, sql: str, arguments: Sequence[Any], seen: Seen) -> Sequence[Any]:
        """The rows, as the driver has them; what was committed when the statement starts, as far as it is seen.

        A connection that was lost while nobody used it is replaced, once: a question may be asked twice.
        """
        async with self._turns:
            try:
                return await self._fetch(sql, arguments, seen)
            except _LostWhileIdle:
                await self._forget()
            return await self._fetch(sql, arguments, seen)

    async def close(self) -> None:
        """Close those that nobody uses."""
        await self._forget()
        await self._engine.dispose()

    async def _fetch(self, sql: str, arguments: Sequence[Any], seen: Seen) -> Sequence[Any]:
        was_idle = bool(self._free)
        taken = self._take(seen) if was_idle else await self._open()
        try:
            if taken.seen != seen and self._has_wall:
                await taken.driver.execute(seen.sql)
            rows = await _ask(taken.driver, sql, arguments)
        except BaseException as error:
            was_lost = was_idle and isinstance(error, Exception) and _is_closed(taken.driver)
            await asyncio.shield(_end(taken))
            if was_lost:
                raise _LostWhileIdle from error
            raise
        self._free.append(taken if taken.seen == seen else taken._replace(seen=seen))
        return rows

    def _take(self, seen: Seen) -> Taken:
        """The one used last that sees the same; else the one that was used longest ago."""
        for place in range(len(self._free) - 1, -1, -1):
            if self._free[place].seen == seen:
                return self._free.pop(place)
        return self._free.pop(0)

    async def _open(self) -> Taken:
        connection = await self._engine.connect()
        return Taken(connection, (await connection.get_raw_connection()).driver_connection)

    async def _forget(self) -> None:
        while self._free:
            await asyncio.shield(_end(self._free.pop()))


class _LostWhileIdle(Exception):  # noqa: N818 - caught a few lines above
    """The connection was gone before it was asked."""


async def _end(taken: Taken) -> None:
    """Whatever state it is in, nobody is to meet it."""
    if hasattr(taken.driver, "interrupt"):  # SQLite goes on with a question that nobody waits for
        await taken.driver.interrupt()
    await taken.connection.invalidate()
    await taken.connection.close()


async def _ask(driver: Any, sql: str, arguments: Sequence[Any]) -> Sequence[Any]:
    if hasattr(driver, "execute_fetchall"):
        rows: Sequence[Any] = await driver.execute_fetchall(sql, arguments)
    else:
        rows = await driver.fetch(sql, *arguments)
    return rows


def _is_closed(driver: Any) -> bool:
    return hasattr(driver, "is_closed") and bool(driver.is_closed())
