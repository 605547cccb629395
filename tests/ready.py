"""The default world, made beforehand: a test that asks for `world` gets a copy of a database that has one."""

from __future__ import annotations

import asyncio
import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from graphql_api.database import Database
from tests.factories import World

FRESH_SECONDS = 180
"""How old a copied world may be. After five minutes a token's next use would be noted."""

Parts = dict[str, Any]


@dataclass
class Ready:
    """A database with a world in it that nobody is connected to."""

    place: str
    """What is to be copied: a file, or the name of a database."""
    rows: bytes
    """The world's rows, to be had as if they had just been made."""
    made: float


class Worlds:
    """Databases with worlds, a new one whenever the last is no longer fresh."""

    def __init__(self, empty: Callable[[], tuple[str, str]]) -> None:
        """`empty` makes a migrated database, and tells its place and its URL."""
        self._empty = empty
        self._last: Ready | None = None

    def ready(self) -> Ready:
        """One that is fresh."""
        if self._last is None or time.monotonic() - self._last.made > FRESH_SECONDS:
            place, url = self._empty()
            with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
                self._last = Ready(place, runner.run(_filled(url)), time.monotonic())
        return self._last


class Filled:
    """Which databases are copies, and the rows of the world in each."""

    def __init__(self) -> None:
        """None yet."""
        self._rows: dict[str | None, bytes] = {}

    def with_world(self, name: str, ready: Ready) -> str:
        """Note that the database of that name or file is a copy; answers with the place to copy."""
        self._rows[name] = ready.rows
        return ready.place

    def world_in(self, database: Database) -> World | None:
        """The world that was copied there."""
        rows = self._rows.get(database._writer.url.database)
        return World(database=database, **pickle.loads(rows)) if rows else None  # noqa: S301 - our own, of this process


async def _filled(url: str) -> bytes:
    database = Database(url)
    world = await World.make(database)
    await database.close()
    parts: Parts = {part.name: getattr(world, part.name) for part in fields(world) if part.name != "database"}
    return pickle.dumps(parts)
