"""Feeds: what is new in a stream, for everybody in this process who follows it.

A follower keeps only its own position. The newest rows of a followed stream are held once for all its followers, so an
event is read from the database once per process, and one who falls behind reads the table again and holds nobody back.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Generic, cast
from uuid import UUID

from graphql_api.models.client_error import BadCursor, CursorExpired
from graphql_api.reading.absence import Absence
from graphql_api.reading.questions import KEYS
from graphql_api.reading.records import maker_of
from graphql_api.realtime.events import rows_after
from graphql_api.realtime.listening import LOOK, Listener
from graphql_api.realtime.positions import Span, spans
from graphql_api.realtime.tail import Row, Tail
from graphql_api.waiting import Errand

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Hashable, Iterator, Mapping, Sequence

    from graphql_api.reading.questions import Answering

PAGE = 200
POLL_SECONDS = 1.0
LISTENING_POLL_SECONDS = 15.0
"""While the database says by itself what moves."""


class Feed(Generic[Row]):
    """All the streams of one kind, as this process follows them."""

    def __init__(self, database: Answering, kind: type[Row]) -> None:
        """`kind` is what the streams hold."""
        self._database = database
        self._question_of_spans = database.question(spans())
        self._question_of_rows = database.question(rows_after(kind))
        self._make: Callable[[Any], Row] = maker_of(cast("Hashable", kind))
        self._tails: dict[UUID, Tail[Row]] = {}
        self._hurry = asyncio.Event()
        self.followers = 0
        """How many are in place: nothing that happens from now on is missed by them."""

    def hear(self, word: str) -> None:
        """A commit of any process, as the database announces it."""
        stream_id, _, position = word.partition(" ")
        if word == LOOK:
            self._hurry.set()
        else:
            self.moved({UUID(stream_id): int(position)})

    def moved(self, positions: Mapping[UUID, int]) -> None:
        """Streams have moved: by a commit of this process, by what was heard of others, or by the poll.

        What was known costs nothing.
        """
        for stream_id, position in positions.items():
            if tail := self._tails.get(stream_id):
                tail.move(position)
                if tail.is_behind:  # read first, so that each follower wakes once
                    self._reading(tail, stream_id)

    async def span(self, stream_id: UUID) -> Span:
        """How much of the stream there is now, by the database."""
        return (await self.spans([stream_id]))[stream_id]

    async def spans(self, stream_ids: Sequence[UUID]) -> dict[UUID, Span]:
        """The same, of many streams."""
        return dict.fromkeys(stream_ids, Span(0, 0)) | await self._spans(stream_ids)

    async def follow(self, stream_id: UUID, after: int | None = None) -> AsyncGenerator[Row, None]:
        """Every row after a position, or from now on; in order, each once, for as long as the caller listens.

        Raises:
            BadCursor: the stream has not come so far.
            CursorExpired: what followed the position is no longer kept, or was deleted before it was read.

        """
        async with self.place(stream_id, after) as position, aclosing(self.rows(stream_id, position)) as rows:
            async for row in rows:
                yield row

    @asynccontextmanager
    async def place(self, stream_id: UUID, after: int | None = None) -> AsyncIterator[int]:
        """A follower's place: the position that was given, or else where the stream stands now."""
        with self._tail(stream_id) as tail:
            position = await self._stand(tail, stream_id) if after is None else after
            self.followers += 1
            try:
                yield position
            finally:
                self.followers -= 1

    async def rows(self, stream_id: UUID, position: int) -> AsyncGenerator[Row, None]:
        """What follow() tells whose place is at the position."""
        with self._tail(stream_id) as tail:
            if tail.read_to is None or position > tail.moved_to:
                await self._stand(tail, stream_id)
            if position > tail.moved_to:
                raise BadCursor
            while True:
                if tail.is_behind:
                    await self._reading(tail, stream_id).result()
                rows = tail.since(position)
                if rows is None:
                    rows = await self._older(stream_id, position)
                elif not rows:
                    await tail.waiters.wait()
                for row in rows:
                    yield row
                    position = row.position

    async def poll(self, listener: Listener | None = None) -> None:
        """Ask the database now and then where the followed streams stand: it covers a word lost, or never said."""
        absence = Absence("streams")
        while True:
            is_told = listener is not None and listener.is_listening
            with suppress(TimeoutError):
                await asyncio.wait_for(
                    self._hurry.wait(), LISTENING_POLL_SECONDS if is_told else POLL_SECONDS
                )
            self._hurry.clear()
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001 - it is logged; the next round asks again
                absence.note(error, "look")
            else:
                absence.over("look")

    async def _look(self) -> None:
        if self._tails:
            found = await self._spans([*self._tails])
            self.moved({stream_id: span.position for stream_id, span in found.items()})

    async def _spans(self, keys: Sequence[UUID]) -> dict[UUID, Span]:
        found = await self._database.ask(self._question_of_spans, {KEYS: keys})
        return {key: Span(*span) for key, *span in found}

    @contextmanager
    def _tail(self, stream_id: UUID) -> Iterator[Tail[Row]]:
        """The stream's tail, while it is followed."""
        tail = self._tails.setdefault(stream_id, Tail())
        tail.followers += 1
        try:
            yield tail
        finally:
            tail.followers -= 1
            if not tail.followers:
                del self._tails[stream_id]

    async def _stand(self, tail: Tail[Row], stream_id: UUID) -> int:
        """Where the stream stands. Its tail was there before this is asked, so that no move is missed."""
        _, position = await self.span(stream_id)
        tail.start(position)
        return position

    async def _older(self, stream_id: UUID, position: int) -> Sequence[Row]:
        """A page of what is not held."""
        rows = await self._page(stream_id, position)
        if not rows or rows[0].position != position + 1:  # the next was there once
            raise CursorExpired
        return rows

    async def _page(self, stream_id: UUID, position: int) -> Sequence[Row]:
        """What follows the position, in order: no more than a page."""
        asked = {"stream": stream_id, "after": position, "many": PAGE}
        return list(map(self._make, await self._database.ask(self._question_of_rows, asked)))

    def _reading(self, tail: Tail[Row], stream_id: UUID) -> Errand[None]:
        """The one reading that all followers wait for, and go on from together. It goes on without those who leave."""
        if tail.reading is None:
            tail.reading = Errand(self._read_on(tail, stream_id))
        return tail.reading

    async def _read_on(self, tail: Tail[Row], stream_id: UUID) -> None:
        """Read one page: where writers never rest, nobody has to wait for the last.

        What follows the reading happens in one turn of the loop. A move comes before it, and is seen, or after it, and
        begins another reading. One that is cut short wakes all: each finds out by itself what is wrong.
        """
        told = tail.moved_to
        try:
            rows = await self._page(stream_id, tail.read_to or 0)
        except BaseException:
            tail.waiters.wake()
            raise
        finally:
            tail.reading = None
        if rows:
            tail.hold(rows)
        # Told before it was to be seen; the next move looks again.
        was_early = not rows and tail.moved_to == told
        if tail.is_behind and not was_early:
            self._reading(tail, stream_id)
