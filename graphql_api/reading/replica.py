"""A replica: a copy of the database on another server, which follows it a little later.

It is asked only for what a partner sees, and only once it has every change that the partner was told of: the door reads
the partner's revision from the database itself, and a replica that has come as far shows nothing older. So nobody reads
less than they wrote, whichever process they come to next.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final

import structlog
from aiodataloader import DataLoader
from sqlalchemy import select

from graphql_api.models.stream import Stream
from graphql_api.reading.faults import in_a_line, is_unavailable, state_of
from graphql_api.reading.questions import KEYS, Among
from graphql_api.reading.wall import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy import Select

    from graphql_api.reading.reader import Reader

PATIENCE: Final = 0.5
"""Seconds in which the replica must say how far it is."""
AWAY_SECONDS: Final = 5.0
"""How long it is left alone once it was away."""
NOT_YET: Final = ("22023", "3D000", "42501", "42703", "42P01")
"""PostgreSQL: no such role, database, right, column or table. There it is the primary's migration that is to come."""

log = structlog.get_logger(__name__)


class Replica:
    """The replica's connections, and whether it is of use."""

    def __init__(self, reader: Reader) -> None:
        """`reader` has its connections."""
        self.reader = reader
        self._question = reader.question(_revisions())
        self._away_until = 0.0
        self._revisions: DataLoader[UUID, int] | None = None  # made within the server's loop

    async def has(self, revisions: Mapping[UUID, int]) -> bool:
        """Whether it has come as far as these streams' revisions; not while it is away."""
        if time.monotonic() < self._away_until:
            return False
        self._revisions = self._revisions or DataLoader(self._look, cache=False, max_batch_size=500)
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self._revisions.load_many(list(revisions))
        except Exception as error:  # noqa: BLE001 - raised again unless the replica is away or behind
            self.failed(error)
            return False
        return all(at >= needed for at, needed in zip(found, revisions.values(), strict=True))

    def failed(self, error: Exception) -> None:
        """Leave it alone for a while.

        Raises:
            Exception: what went wrong, where neither its being away nor its being behind is the reason.

        """
        if not is_unavailable(error) and state_of(error) not in NOT_YET:
            raise error
        if time.monotonic() >= self._away_until:
            log.warning("replica away", error=in_a_line(error))
        self._away_until = time.monotonic() + AWAY_SECONDS

    async def _look(self, streams: list[UUID]) -> list[Any]:
        """How far each stream has come there: all who ask at the same moment ask once."""
        found: dict[Any, Any] = dict(await self.reader.ask(self._question, {KEYS: streams}, EVERYTHING))
        return [found.get(stream, 0) for stream in streams]


def _revisions() -> Select[Any]:
    columns: tuple[Any, ...] = (Stream.id, Stream.revision)
    return select(*columns).where(Among(Stream.id))
