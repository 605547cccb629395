"""Whoever follows with others is told what they would be told alone, whatever becomes of the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Hashable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any, NamedTuple, cast

import pytest

from graphql_api.execution.audiences import Audiences
from graphql_api.execution.outcomes import Encoded, Failure
from graphql_api.models.client_error import Unauthenticated

LAST = 60
SILENT = 7
"""Every so many moves, one is no event."""


class Move(NamedTuple):
    position: int


@dataclass
class Stream:
    """A stream that its followers read whenever it has moved, and who may follow it."""

    position: int = 0
    turned_away: set[str] = field(default_factory=set)
    looks: int = 0
    completed: int = 0
    fails: bool = False
    moved: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def move(self, by: int = 1) -> None:
        async with self.moved:
            self.position += by
            self.moved.notify_all()

    async def reached(self, position: int) -> None:
        async with self.moved:
            await self.moved.wait_for(lambda: self.position >= position)
        if self.fails:
            raise OSError


class Follower:
    """As somebody follows it."""

    def __init__(self, stream: Stream, name: str, company: Hashable = "all") -> None:
        self._stream, self._name, self._company = stream, name, company

    @asynccontextmanager
    async def place(self) -> AsyncIterator[int]:
        yield self._stream.position

    async def __aiter__(self) -> AsyncIterator[Move]:
        async with self.place() as position, aclosing(self.seen(position)) as events:
            async for event in events:
                yield event

    def company(self) -> Hashable | None:
        return self._company

    def who(self) -> str:
        return self._name

    async def seen(self, after: int) -> AsyncGenerator[Move, None]:
        async with aclosing(self.moves(after)) as moves:
            async for move in moves:
                if self.event(move):
                    await asyncio.sleep(0)
                    if self._name in self._stream.turned_away:
                        raise Unauthenticated
                    yield move

    async def moves(self, after: int) -> AsyncGenerator[Move, None]:
        for position in count(after + 1):
            await self._stream.reached(position)
            yield Move(position)

    def event(self, move: Move) -> Move | None:
        return move if move.position % SILENT else None

    def apart(self) -> tuple[Follower, Any]:
        return self, None

    async def admitted(self, company: Collection[str]) -> Collection[str]:
        self._stream.looks += 1
        await asyncio.sleep(0)
        return set(company) - self._stream.turned_away


class Executor:
    asked = "the same"
    context_value: Any = None


class Completing:
    """In the place of what completes an event."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    async def complete(self, _executor: Any, event: Move) -> Encoded:
        self._stream.completed += 1
        await asyncio.sleep(0)
        return Encoded(b"%d" % event.position)


@pytest.fixture
def stream() -> Stream:
    return Stream()


@pytest.fixture
def audiences(stream: Stream) -> Audiences:
    audiences = Audiences()
    audiences._deliveries = cast("Any", Completing(stream))
    return audiences


async def told(
    audiences: Audiences, follower: Follower, upto: int = LAST, pauses: Random | None = None
) -> list[Any]:
    """What somebody is told: who now and then does not listen for a while, and takes some of it at once."""
    heard: list[Any] = []

    def at_once(result: Encoded) -> bool:
        takes_it = pauses is not None and pauses.random() < 0.7 and int(result.body) != upto
        if takes_it:
            heard.append(int(result.body))
        return takes_it

    async with aclosing(audiences.results(cast("Any", Executor()), follower, at_once)) as results:
        async for result in results:
            heard.append(int(result.body) if isinstance(result, Encoded) else result)
            if heard[-1] == upto:
                break
            await turns(pauses.choice([0, 0, 0, 1, 3, 20]) if pauses else 0)
    return heard


def events(after: int, upto: int = LAST) -> list[int]:
    return [position for position in range(after + 1, upto + 1) if position % SILENT]


async def turns(number: int) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


@pytest.mark.rule("D1")
@pytest.mark.parametrize("seed", range(30))
async def test_however_they_listen_each_is_told_everything_once_and_in_order(
    stream: Stream, audiences: Audiences, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - not a secret
    following: list[tuple[int, asyncio.Task[list[Any]]]] = []
    while stream.position < LAST:
        for _ in range(chance.choice([0, 0, 1, 2])):
            if stream.position < LAST - 5:
                listening = told(audiences, Follower(stream, "anybody"), LAST, Random(chance.random()))  # noqa: S311
                following.append((stream.position, asyncio.create_task(listening)))
                await turns(2)
        await stream.move(min(chance.choice([1, 1, 2, 5]), LAST - stream.position))
        await turns(chance.choice([0, 1, 5, 40]))
    async with asyncio.timeout(10):
        assert [await task for _, task in following] == [events(after) for after, _ in following]
    assert following
    assert audiences._audiences == {}


async def test_those_who_wait_are_looked_at_together(stream: Stream, audiences: Audiences) -> None:
    names = [f"user {number}" for number in range(50)]
    following = [asyncio.create_task(told(audiences, Follower(stream, name), 3)) for name in names]
    await turns(5)
    await stream.move(3)
    assert [await one for one in following] == [[1, 2, 3]] * 50
    assert (stream.looks, stream.completed) == (3, 3)


async def test_who_is_turned_away_is_so_alone(stream: Stream, audiences: Audiences) -> None:
    staying, leaving = [
        asyncio.create_task(told(audiences, Follower(stream, name), 4)) for name in ("stays", "leaves")
    ]
    await turns(5)
    await stream.move()
    await turns(20)
    stream.turned_away.add("leaves")
    await stream.move(3)
    assert await staying == [1, 2, 3, 4]
    [first, failure] = await leaving
    assert (first, type(failure)) == (1, Failure)


async def test_one_company_is_told_nothing_of_what_another_sees(stream: Stream, audiences: Audiences) -> None:
    followers = [Follower(stream, "anybody", company) for company in ("admins", "admins", "members", None)]
    following = [asyncio.create_task(told(audiences, one, 1)) for one in followers]
    await turns(5)
    assert len(audiences._audiences) == 2
    await stream.move()
    assert [await one for one in following] == [[1]] * 4
    assert (stream.looks, stream.completed) == (2, 3)


async def test_a_stream_that_breaks_is_told_to_each_and_begun_anew(
    stream: Stream, audiences: Audiences
) -> None:
    following = [asyncio.create_task(told(audiences, Follower(stream, "anybody"))) for _ in range(3)]
    await turns(5)
    stream.fails = True
    await stream.move()
    assert [[type(one) for one in await each] for each in following] == [[Failure]] * 3
    stream.fails = False
    again = asyncio.create_task(told(audiences, Follower(stream, "anybody"), 2))
    await turns(5)
    await stream.move()
    assert await again == [2]


async def test_who_comes_back_after_the_events_that_were_none_begins_where_all_is_dealt_with(
    stream: Stream, audiences: Audiences
) -> None:
    """Else it would read again, from the table, what was passed over long ago."""
    read: list[int] = []

    class Noted(Follower):
        def seen(self, after: int) -> AsyncGenerator[Move, None]:
            read.append(after)
            return super().seen(after)

    stream.position = SILENT - 1
    following = asyncio.create_task(told(audiences, Noted(stream, "leaves")))
    await turns(5)
    await stream.move()  # which is no event
    await turns(20)
    stream.turned_away.add("leaves")
    await stream.move()
    [failure] = await following
    assert (type(failure), read) == (Failure, [SILENT])
