"""Audiences: those who asked the same about the same stream, and see the same.

For all of them who wait, an event is looked at once, and each is handed what it looks like. Whoever was not waiting
just then, may no longer see it as the others do, or is to hear of something that went wrong, looks with their own eyes,
and then waits with the others again.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Hashable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, suppress
from copy import copy
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

from graphql import ExecutionResult

from graphql_api.execution.deliveries import Delivered, Deliveries
from graphql_api.execution.errors import away_among
from graphql_api.execution.outcomes import AtOnce, Encoded, Results, failure

if TYPE_CHECKING:
    from graphql_api.execution.compiled import CompiledExecutor
    from graphql_api.execution.requests import Asker

    Pairs = AsyncGenerator[tuple[Any, Delivered], None]
    """Events, or just their positions, with what they look like."""


@runtime_checkable
class Following(Protocol):
    """The source of a subscription that follows a stream, as somebody sees it."""

    def __aiter__(self) -> AsyncIterator[Any]:
        """What is told to who follows alone."""

    def place(self) -> AbstractAsyncContextManager[int]:
        """While it is followed: the position from which on everything is told."""

    def company(self) -> Hashable | None:
        """The same for all who are told the same and see the same; None for who sees things alone."""

    def who(self) -> str:
        """Who it is."""

    def seen(self, after: int) -> AsyncGenerator[Any, None]:
        """The events after a position, with one's own eyes at each moment."""

    def moves(self, after: int) -> AsyncGenerator[Any, None]:
        """All that happens after a position, be it an event of these or not."""

    def event(self, move: Any) -> Any | None:
        """The event that it is, if it is to be told."""

    def apart(self) -> tuple[Following, Asker]:
        """The same with a context of its own."""

    async def admitted(self, company: Collection[str]) -> Collection[str]:
        """Who of the company belongs to it, by what the database says now. From here on it is seen as they see it."""


class Waiting(NamedTuple):
    """Somebody who waits."""

    who: str
    after: int
    """How far they had come when they began to wait."""
    at_once: AtOnce | None


class Told(NamedTuple):
    """Up to the position all is dealt with; by the result, where there was something to tell."""

    position: int
    result: Encoded | None


class Audience:
    """One company, and the task that tells those of it who wait."""

    def __init__(
        self, executor: CompiledExecutor, source: Following, deliveries: Deliveries, position: int
    ) -> None:
        """It is told what follows the position."""
        self.members = 0
        self.is_over = False
        self._source, context = source.apart()
        self._executor = copy(executor)
        self._executor.context_value = context
        self._deliveries = deliveries
        self._position = position
        self._waiting: dict[asyncio.Future[Told], Waiting] = {}
        self._task = asyncio.create_task(self._tell_all())

    def has_place(self, position: int) -> bool:
        """Whether who has come so far misses nothing by waiting here."""
        return position >= self._position and not self.is_over

    async def next(self, waiting: Waiting) -> Told:
        """The next that there is to tell them which cannot be told at once."""
        future: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self._waiting[future] = waiting
        try:
            return await future
        finally:
            del self._waiting[future]

    async def end(self) -> None:
        """Tell nobody any more."""
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _tell_all(self) -> None:
        try:
            with suppress(Exception):  # each finds out what is wrong, and is told
                async with aclosing(self._source.moves(self._position)) as moves:
                    async for move in moves:
                        await self._pass_on(move)
        finally:
            self.is_over = True
            self._hand(sys.maxsize, None, ())

    async def _pass_on(self, move: Any) -> None:
        event = self._source.event(move)
        if event is not None:
            result, joined = await self._looked_at(event)
            self._hand(move.position, result, joined)
        self._position = move.position

    async def _looked_at(self, event: Any) -> tuple[Encoded | None, Collection[str]]:
        """The event as it looks to those of the company who wait, and who they are."""
        try:
            joined = await self._source.admitted({one.who for one in self._waiting.values()})
            result = await self._deliveries.complete(self._executor, event) if joined else None
        except Exception:  # noqa: BLE001 - each meets it with their own eyes, and is told
            result = None
        return (result, joined) if isinstance(result, Encoded) else (None, ())

    def _hand(self, position: int, result: Encoded | None, joined: Collection[str]) -> None:
        """Hand the result to those who joined in. The others look for themselves, from where all is dealt with."""
        for future, one in self._waiting.items():
            if future.done() or one.after >= position:
                continue
            if result is None or one.who not in joined:
                future.set_result(Told(max(one.after, self._position), None))
            elif not (one.at_once and one.at_once(result)):
                future.set_result(Told(position, result))


class Audiences:
    """Subscriptions of a process: what they deliver, looked at together where that can be."""

    def __init__(self) -> None:
        """Nobody follows anything yet."""
        self._deliveries = Deliveries()
        self._audiences: dict[Hashable, Audience] = {}

    async def results(
        self, executor: CompiledExecutor, source: Any, at_once: AtOnce | None = None
    ) -> Results:
        """What a subscription delivers, except for what it can deliver at once."""
        if isinstance(source, Following) and source.company() is not None:
            told = self._together(executor, source, at_once)
        else:
            told = self._alone(executor, aiter(source))
        try:
            async with aclosing(told):
                async for _, result in told:
                    yield result
        except Exception as error:  # noqa: BLE001 - whatever it is, the client hears of it, masked where it must be
            yield failure(error)

    async def _together(self, executor: CompiledExecutor, source: Following, at_once: AtOnce | None) -> Pairs:
        """With the audience, while there is a place to wait in it; else alone, until there is."""
        async with source.place() as start, self._joined(executor, source, start) as audience:
            position = start
            while True:
                while audience.has_place(position):
                    position, news = await audience.next(Waiting(source.who(), position, at_once))
                    if news:
                        yield position, news
                async with aclosing(self._alone(executor, source.seen(position))) as alone:
                    async for event, result in alone:
                        position = event.position
                        yield position, result
                        if audience.has_place(position):
                            break

    async def _alone(self, executor: CompiledExecutor, events: AsyncGenerator[Any, None]) -> Pairs:
        """Each event, with what it looks like.

        One that is lost midway is not told by half: the stream ends before it, and is resumed from there.
        """
        async with aclosing(events):
            async for event in events:
                result = await self._deliveries.complete(executor, event)
                if isinstance(result, ExecutionResult) and (away := away_among(result.errors or ())):
                    raise away
                yield event, result

    @asynccontextmanager
    async def _joined(
        self, executor: CompiledExecutor, source: Following, position: int
    ) -> AsyncIterator[Audience]:
        """The audience of this company: who comes first begins it, and who leaves last ends it."""
        key = executor.asked, source.company()
        audience = self._audiences.get(key)
        if audience is None or audience.is_over:
            audience = self._audiences[key] = Audience(executor, source, self._deliveries, position)
        audience.members += 1
        try:
            yield audience
        finally:
            audience.members -= 1
            if not audience.members:
                await self._end(key, audience)

    async def _end(self, key: Hashable, audience: Audience) -> None:
        if self._audiences.get(key) is audience:
            del self._audiences[key]
        await audience.end()
