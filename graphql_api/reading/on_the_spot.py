"""SQLite's answers on the spot: in the event loop's own thread, where a question does not hold that up for long.

The way to another thread and back costs more than most questions do. A short one never waits behind long ones either.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine, PoolProxiedConnection

PATIENCE: Final = 0.005
"""Seconds of work for which a question may hold up the loop; a page of a hundred takes a fifth of them."""
STEPS: Final = 500
"""How many of its steps SQLite takes from one look at the clock to the next: a fiftieth of that time."""


class OnTheSpot:
    """One connection, which waits for nobody and gives up on what takes long."""

    def __init__(self, engine: Engine) -> None:
        """`engine` opens it when it is first needed."""
        self._engine = engine
        self._opened: PoolProxiedConnection | None = None
        self._turn = asyncio.Lock()
        self._until = 0.0

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> Sequence[Any] | None:
        """All the rows, so that no reading stays open; None where they cannot be had on the spot.

        Whatever the reason is: a connection that can wait is to be asked then, and says what is wrong.
        """
        async with self._turn:
            await asyncio.sleep(0)  # between two questions the loop sees to everything else
            return self._ask(sql, arguments)

    def close(self) -> None:
        """Close it; should it be needed again, it is opened anew."""
        if self._opened:
            self._opened.close()
            self._opened = None

    def _ask(self, sql: str, arguments: Sequence[Any]) -> Sequence[Any] | None:
        try:
            driver = self._driver()
            self._until = time.thread_time() + PATIENCE
            rows: Sequence[Any] = driver.execute(sql, arguments).fetchall()
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_INTERRUPT:
                self.close()
            return None
        return rows

    def _driver(self) -> Any:
        if self._opened is None:
            self._opened = self._engine.raw_connection()
            driver: Any = self._opened.driver_connection
            driver.set_progress_handler(self._is_late, STEPS)
        return self._opened.driver_connection

    def _is_late(self) -> bool:
        """By the thread's own work: where the machine is busy with something else, no short question becomes long."""
        return time.thread_time() > self._until
