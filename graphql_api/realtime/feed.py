"""Feeds: what is new in a stream, for everybody in this process who follows it.

A follower keeps only its own position. The newest rows of a followed stream are held once for all its followers, so an
event is read from the database once per process, and one who falls behind reads the table again and holds nobody back.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import asynccontextmanager
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import structlog
from sqlalchemy import select

from graphql_api.models.client_error import BadCursor
from graphql_api.models.notification import Notification
from graphql_api.models.stream import PartnerEvent, Stream
from graphql_api.realtime.positions import current_position

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
    from contextlib import AbstractAsyncContextManager
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    Read = Callable[[], AbstractAsyncContextManager[AsyncSession]]
    Page = Callable[[AsyncSession, UUID, int, int], Awaitable[Sequence["Row"]]]

log = structlog.get_logger()

KEPT = 1_000
PAGE = 200
POLL_SECONDS = 1.0


Row = TypeVar("Row", bound=PartnerEvent | Notification)


class Tail(Generic[Row]):
    """The newest rows of one followed stream, up to `read_to`."""

    def __init__(self) -> None:
        """Followed from now on; nothing is read before `start` says where it stands."""
        self.read_to: int | None = None
        self.moved_to = 0
        self.rows: deque[Row] = deque(maxlen=KEPT)
        self.followers = 0
        self.moved = asyncio.Event()
        self.reading: asyncio.Task[None] | None = None

    def start(self, position: int) -> None:
        """The stream stood here, by the database, after it was first followed."""
        if self.read_to is None:
            self.read_to = position
        self.move(position)

    def move(self, position: int) -> None:
        """The stream has come to this position."""
        self.moved_to = max(position, self.moved_to)

    def hold(self, rows: Sequence[Row]) -> None:
        """The rows that follow `read_to`, in order: wake whoever waits for them."""
        self.rows.extend(rows)
        self.read_to = rows[-1].position
        self.wake()

    def wake(self) -> None:
        """Let followers look again."""
        self.moved.set()
        self.moved = asyncio.Event()

    @property
    def is_behind(self) -> bool:
        """Whether the stream has come further than it has been read."""
        return self.read_to is not None and self.read_to < self.moved_to

    def covers(self, position: int) -> bool:
        """Whether all that follows the position, as far as was read, is held here."""
        nothing_follows = self.read_to is not None and position >= self.read_to
        return nothing_follows or bool(self.rows and self.rows[0].position <= position + 1)

    def since(self, position: int) -> list[Row]:
        """What is held and follows the position."""
        return list(takewhile(lambda row: row.position > position, reversed(self.rows)))[::-1]


class Feed(Generic[Row]):
    """All the streams of one kind, as this process follows them."""

    def __init__(self, read: Read, page: Page[Row]) -> None:
        """`page(session, stream_id, position, limit)` reads the rows that follow a position, in order."""
        self._read = read
        self._page = page
        self._tails: dict[UUID, Tail[Row]] = {}

    @property
    def followers(self) -> int:
        """How many are following a stream now."""
        return sum(tail.followers for tail in self._tails.values())

    def moved(self, positions: dict[UUID, int]) -> None:
        """Streams have moved: called after a commit of this process, or by the poll for those of others."""
        for stream_id, position in positions.items():
            if tail := self._tails.get(stream_id):
                tail.move(position)
                if tail.is_behind:  # read first, so that each follower wakes once
                    self._reading(tail, stream_id)

    async def position(self, stream_id: UUID) -> int:
        """Where the stream stands now, by the database."""
        async with self._read() as session:
            return await current_position(session, stream_id)

    async def follow(self, stream_id: UUID, after: int | None = None) -> AsyncGenerator[Row, None]:
        """Every row after a position, or from now on; in order, each once, for as long as the caller listens.

        Raises:
            BadCursor: the stream has not come so far.

        """
        async with self._following(stream_id) as (tail, now):
            position = now if after is None else after
            if position > now:
                raise BadCursor
            while True:
                moved = tail.moved  # before reading, so that no move is slept through
                rows = await self._after(tail, stream_id, position)
                for row in rows:
                    yield row
                    position = row.position
                if not rows:
                    await moved.wait()

    async def poll(self) -> None:
        """Ask the database now and then where the followed streams stand: it covers a lost or foreign wake-up."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                await self._look()
            except Exception:  # the database may be away; the next round asks again
                log.exception("stream poll failed")

    async def _look(self) -> None:
        if self._tails:
            async with self._read() as session:
                found = await session.execute(
                    select(Stream.id, Stream.position).where(Stream.id.in_(self._tails))
                )
            self.moved(dict(found.all()))

    @asynccontextmanager
    async def _following(self, stream_id: UUID) -> AsyncIterator[tuple[Tail[Row], int]]:
        """The stream's tail, and where the stream stands. Followed first and asked then, so that no move is missed."""
        tail = self._tails.setdefault(stream_id, Tail())
        tail.followers += 1
        try:
            position = await self.position(stream_id)
            tail.start(position)
            yield tail, position
        finally:
            tail.followers -= 1
            if not tail.followers:
                del self._tails[stream_id]

    async def _after(self, tail: Tail[Row], stream_id: UUID, position: int) -> Sequence[Row]:
        if tail.is_behind:
            await asyncio.shield(self._reading(tail, stream_id))
        if tail.covers(position):
            return tail.since(position)
        async with self._read() as session:
            return await self._page(session, stream_id, position, PAGE)

    def _reading(self, tail: Tail[Row], stream_id: UUID) -> asyncio.Task[None]:
        """The one reading that all followers wait for, and go on from together. It goes on without those who leave."""
        if tail.reading is None:
            tail.reading = asyncio.create_task(self._read_on(tail, stream_id))
            tail.reading.add_done_callback(partial(_heard, tail))
        return tail.reading

    async def _read_on(self, tail: Tail[Row], stream_id: UUID) -> None:
        """Read one page: where writers never rest, nobody has to wait for the last.

        What follows the reading happens in one turn of the loop. A move comes before it, and is seen, or after it, and
        begins another reading.
        """
        told = tail.moved_to
        async with self._read() as session:
            rows = await self._page(session, stream_id, tail.read_to or 0, PAGE)
        tail.reading = None
        if rows:
            tail.hold(rows)
        was_early = (
            not rows and tail.moved_to == told
        )  # told before it was to be seen; the next move looks again
        if tail.is_behind and not was_early:
            self._reading(tail, stream_id)


def _heard(tail: Tail[Any], reading: asyncio.Task[None]) -> None:
    """One that was cut short wakes those who wait for it: each finds out by itself what is wrong."""
    if tail.reading is reading:
        tail.reading = None
        tail.wake()
    if not reading.cancelled():
        reading.exception()  # heard; where all have left, it is nobody's business
