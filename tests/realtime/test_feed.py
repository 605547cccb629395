"""A feed under every order of things: each row once, in order, and no turn taken in vain."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.models import rows
from graphql_api.models.client_error import BadCursor
from graphql_api.realtime.feed import Feed, Tail

STREAM = UUID(int=1)


class Table:
    """A stream's rows as a database has them; each question takes as many turns of the loop as it is told to."""

    def __init__(self, turns: Sequence[int]) -> None:
        self.rows: list[rows.PartnerEvent] = []
        self.questions = 0
        self._turns = turns

    def commit(self, count: int) -> int:
        for _ in range(count):
            self.rows.append(rows.PartnerEvent(position=len(self.rows) + 1))
        return len(self.rows)

    async def page(self, _session: object, _id: UUID, after: int, limit: int) -> Sequence[rows.PartnerEvent]:
        await self._take_time()
        found = self.rows[after : after + limit]
        await self._take_time()
        return found

    async def scalar(self, _statement: object) -> int:
        """Where the stream stands: the one other thing that a feed asks."""
        await self._take_time()
        position = len(self.rows)
        await self._take_time()
        return position

    async def _take_time(self) -> None:
        self.questions += 1
        for _ in range(self._turns[self.questions % len(self._turns)]):
            await asyncio.sleep(0)


def feed_of(table: Table) -> Feed[rows.PartnerEvent]:
    @asynccontextmanager
    async def read() -> AsyncIterator[Any]:
        yield table

    return Feed(read, table.page)


async def follow(feed: Feed[rows.PartnerEvent], after: int | None, upto: int, pauses: int = 0) -> list[int]:
    """What a follower gets until it has the last one."""
    seen: list[int] = []
    async with aclosing(feed.follow(STREAM, after)) as news:
        async for row in news:
            seen.append(row.position)
            for _ in range(pauses):
                await asyncio.sleep(0)
            if row.position >= upto:
                break
    return seen


turns = st.lists(st.integers(0, 4), min_size=1, max_size=8)
followers = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 5)), min_size=1, max_size=5
)
steps = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 6), st.booleans()), min_size=1, max_size=12)


@pytest.mark.rule("D1")
@settings(max_examples=300, deadline=None)
@given(turns=turns, followers=followers, steps=steps, kept=st.integers(1, 5), page=st.integers(1, 3))
def test_every_row_comes_once_and_in_order(
    turns: list[int],
    followers: list[tuple[int, int, int]],
    steps: list[tuple[int, int, bool]],
    kept: int,
    page: int,
) -> None:
    """Commits come in any step; of any of them the feed may not be told until the end, as by the poll."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("graphql_api.realtime.feed.KEPT", kept)
        patch.setattr("graphql_api.realtime.feed.PAGE", page)
        asyncio.run(_play(Table(turns), followers, steps))


async def _play(
    table: Table, followers: list[tuple[int, int, int]], steps: list[tuple[int, int, bool]]
) -> None:
    feed, last = feed_of(table), sum(count for count, _, _ in steps)
    reading = [asyncio.create_task(_arrive(feed, table, *follower, last)) for follower in followers]
    for count, waits, is_told in steps:
        position = table.commit(count)
        if is_told:
            feed.moved({STREAM: position})
        for _ in range(waits):
            await asyncio.sleep(0)
    async with asyncio.timeout(1):
        while not all(task.done() for task in reading):
            feed.moved({STREAM: last})
            await asyncio.sleep(0)
    for task in reading:
        task.result()
    assert not feed._tails


async def _arrive(
    feed: Feed[rows.PartnerEvent], table: Table, delay: int, behind: int, pauses: int, last: int
) -> None:
    """Come after so many turns, with a cursor so far behind, and read slowly."""
    for _ in range(delay):
        await asyncio.sleep(0)
    after = max(0, len(table.rows) - behind)
    if after < last:
        assert await follow(feed, after, last, pauses) == list(range(after + 1, last + 1))


async def test_a_wake_up_without_a_row_is_no_reason_to_turn_in_circles() -> None:
    table = Table([0])
    table.commit(1)
    feed = feed_of(table)
    following = asyncio.create_task(follow(feed, None, 2))
    await asyncio.sleep(0.01)
    feed.moved({STREAM: 2})  # said too early: the row is not to be seen yet
    await asyncio.sleep(0.05)
    assert table.questions < 10
    feed.moved({STREAM: table.commit(2)})
    assert await asyncio.wait_for(following, 1) == [2]


async def test_an_event_is_read_once_for_all_who_follow() -> None:
    table = Table([1])
    feed = feed_of(table)
    following = [asyncio.create_task(follow(feed, None, 1)) for _ in range(50)]
    await asyncio.sleep(0.05)
    asked = table.questions
    feed.moved({STREAM: table.commit(1)})
    assert await asyncio.gather(*following) == [[1]] * 50
    assert table.questions == asked + 2  # one page, of two halves


async def test_who_gives_up_while_reading_keeps_nobody_waiting() -> None:
    table = Table([50])
    feed = feed_of(table)
    gives_up, stays = (asyncio.create_task(follow(feed, 0, 1)) for _ in range(2))
    await asyncio.sleep(0.05)
    feed.moved({STREAM: table.commit(1)})
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert feed._tails[STREAM].reading
    gives_up.cancel()
    assert await asyncio.wait_for(stays, 1) == [1]
    assert gives_up.cancelled()
    assert not feed._tails


async def test_a_position_that_is_ahead_is_refused() -> None:
    feed = feed_of(Table([0]))
    with pytest.raises(BadCursor):
        await follow(feed, 1, 2)
    assert not feed._tails


def test_a_tail_forgets_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphql_api.realtime.feed.KEPT", 2)
    tail: Tail[rows.PartnerEvent] = Tail()
    tail.start(5)
    assert (tail.covers(5), tail.covers(4)) == (True, False)
    tail.hold([rows.PartnerEvent(position=number) for number in (6, 7, 8)])
    assert [tail.covers(number) for number in (5, 6, 7, 8)] == [False, True, True, True]
    assert [row.position for row in tail.since(6)] == [7, 8]
