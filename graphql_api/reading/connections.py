"""Connections that answer prepared questions.

SQLAlchemy opens them and writes their SQL; a question then goes to the driver itself, past the cursors, sessions and
results that would be made anew each time. Each connection answers one question at a time and is handed on at once, so
a request holds none while it waits for another, and siblings are asked at the same time on as many as are free.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING, Any

from graphql_api.reading.engines import LAST_SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from graphql_api.reading.on_the_spot import OnTheSpot


class Connections:
    """So many connections, opened when they are first needed and kept."""

    def __init__(self, engine: AsyncEngine, size: int, on_the_spot: OnTheSpot | None = None) -> None:
        """Of an engine that keeps none itself. They are asked what was not answered `on_the_spot`."""
        self._engine = engine
        self._on_the_spot = on_the_spot
        self._size, self._turns = size, asyncio.Semaphore(size)
        self._free: list[tuple[AsyncConnection, Any]] = []

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> Sequence[Any]:
        """The rows, as the driver has them; what was committed when the statement starts.

        A connection that was lost while nobody used it is replaced, once: a question may be asked twice.
        """
        if self._on_the_spot:
            rows = await self._on_the_spot.fetch(sql, arguments)
            if rows is not None:
                return rows
        async with self._turns:
            try:
                return await self._fetch(sql, arguments)
            except _LostWhileIdle:
                await self._forget()
            return await self._fetch(sql, arguments)

    async def close(self) -> None:
        """Close them, once they have answered: one that came back later would be nobody's to close."""
        if self._on_the_spot:
            self._on_the_spot.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_SECONDS), AsyncExitStack() as turns:
                for _ in range(self._size):
                    await turns.enter_async_context(self._turns)
        await self._forget()
        await self._engine.dispose()

    async def _fetch(self, sql: str, arguments: Sequence[Any]) -> Sequence[Any]:
        was_idle = bool(self._free)
        connection, driver = self._free.pop() if was_idle else await self._open()
        try:
            rows = await _ask(driver, sql, arguments)
        except BaseException as error:
            was_lost = was_idle and isinstance(error, Exception) and _is_closed(driver)
            await asyncio.shield(_end(connection, driver))
            if was_lost:
                raise _LostWhileIdle from error
            raise
        self._free.append((connection, driver))
        return rows

    async def _open(self) -> tuple[AsyncConnection, Any]:
        connection = await self._engine.connect()
        return connection, (await connection.get_raw_connection()).driver_connection

    async def _forget(self) -> None:
        while self._free:
            await asyncio.shield(_end(*self._free.pop()))


class _LostWhileIdle(Exception):  # noqa: N818 - caught a few lines above
    """The connection was gone before it was asked."""


async def _end(connection: AsyncConnection, driver: Any) -> None:
    """Whatever state it is in, nobody is to meet it."""
    if hasattr(driver, "interrupt"):  # SQLite goes on with a question that nobody waits for
        await driver.interrupt()
    await connection.invalidate()
    await connection.close()


async def _ask(driver: Any, sql: str, arguments: Sequence[Any]) -> Sequence[Any]:
    if hasattr(driver, "execute_fetchall"):
        rows: Sequence[Any] = await driver.execute_fetchall(sql, arguments)
    else:
        rows = await driver.fetch(sql, *arguments)
    return rows


def _is_closed(driver: Any) -> bool:
    return hasattr(driver, "is_closed") and bool(driver.is_closed())
