"""A feed under every order of things: each row once, in order, and no turn taken in vain."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.models import rows
from graphql_api.models.client_error import BadCursor
from graphql_api.reading.questions import KEYS, Found
from graphql_api.reading.records import names_of
from graphql_api.realtime.feed import Feed
from graphql_api.realtime.tail import Tail

STREAM = UUID(int=1)


class Table:
    """A stream's rows as a database has them; each question takes as many turns of the loop as it is told to."""

    def __init__(self, turns: Sequence[int]) -> None:
        self.rows: list[tuple[int | None, ...]] = []
        self.questions = 0
        self.pages: list[int] = []
        """After which positions a page was asked for."""
        self._turns = turns

    def commit(self, count: int) -> int:
        for _ in range(count):
            position = len(self.rows) + 1
            names = names_of(rows.PartnerEvent)
            self.rows.append(tuple(position if name == "position" else None for name in names))
        return len(self.rows)

    kind = "none"

    def question(self, statement: Any) -> Any:
        return statement

    async def ask(self, _question: Any, values: Mapping[str, Any]) -> Found:
        """Where the stream stands, or a page: nothing else is asked by a feed."""
        if KEYS not in values:
            self.pages.append(values["after"])
        await self.take_time()
        stands, found = (STREAM, 0, len(self.rows)), [*self.rows]
        await self.take_time()
        page = [stands] if KEYS in values else found[values["after"] : values["after"] + values["many"]]
        return Found([*zip(*page, strict=True)])

    async def take_time(self) -> None:
        self.questions += 1
        await _turns(self._turns[self.questions % len(self._turns)])


def feed_of(table: Table) -> Feed[rows.PartnerEvent]:
    return Feed(table, rows.PartnerEvent)


async def follow(feed: Feed[rows.PartnerEvent], after: int | None, upto: int, pauses: int = 0) -> list[int]:
    """What a follower gets until it has the last one."""
    seen: list[int] = []
    async with aclosing(feed.follow(STREAM, after)) as news:
        async for row in news:
            seen.append(row.position)
            await _turns(pauses)
            if row.position >= upto:
                break
    return seen


turns = st.lists(st.integers(0, 4), min_size=1, max_size=8)
followers = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 5)), min_size=1, max_size=5
)
steps = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 6), st.integers(0, 9)), min_size=1, max_size=12)


@pytest.mark.rule("D1")
@settings(max_examples=500, deadline=None)
@given(turns=turns, followers=followers, steps=steps, kept=st.integers(1, 5), page=st.integers(1, 3))
def test_every_row_comes_once_and_in_order_when_each_commit_is_told_once(
    turns: list[int],
    followers: list[tuple[int, int, int]],
    steps: list[tuple[int, int, int]],
    kept: int,
    page: int,
) -> None:
    """Commits come in any step, and are told so many turns later: before others, after them. Nothing else wakes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("graphql_api.realtime.tail.KEPT", kept)
        patch.setattr("graphql_api.realtime.feed.PAGE", page)
        asyncio.run(_play(Table(turns), followers, steps))


async def _play(
    table: Table, followers: list[tuple[int, int, int]], steps: list[tuple[int, int, int]]
) -> None:
    feed, last = feed_of(table), sum(count for count, _, _ in steps)
    reading = [asyncio.create_task(_arrive(feed, table, *follower, last)) for follower in followers]
    telling = []
    for count, waits, late in steps:
        telling.append(asyncio.create_task(_tell(feed, table.commit(count), late)))
        await _turns(waits)
    async with asyncio.timeout(1):
        await asyncio.gather(*telling, *reading)
    assert not feed._tails


async def _tell(feed: Feed[rows.PartnerEvent], position: int, late: int) -> None:
    await _turns(late)
    feed.moved({STREAM: position})


async def _turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def _arrive(
    feed: Feed[rows.PartnerEvent], table: Table, delay: int, behind: int, pauses: int, last: int
) -> None:
    """Come after so many turns, with a cursor so far behind, and read slowly."""
    await _turns(delay)
    after = max(0, len(table.rows) - behind)
    if after < last:
        assert await follow(feed, after, last, pauses) == list(range(after + 1, last + 1))


async def test_a_follower_counts_from_when_nothing_more_is_missed() -> None:
    """Else whoever waits for it, and then makes a change, may be before it."""
    table = Table([3])
    feed = feed_of(table)
    following = asyncio.create_task(follow(feed, None, 1))
    while not feed.followers:  # noqa: ASYNC110 - what is awaited tells nobody
        await asyncio.sleep(0)
    feed.moved({STREAM: table.commit(1)})
    async with asyncio.timeout(1):
        assert await following == [1]
    assert feed.followers == 0


async def test_a_wake_up_without_a_row_is_no_reason_to_turn_in_circles() -> None:
    table = Table([0])
    table.commit(1)
    feed = feed_of(table)
    following = asyncio.create_task(follow(feed, None, 2))
    await _turns(1_000)
    feed.moved({STREAM: 2})  # said too early: the row is not to be seen yet
    await _turns(1_000)
    assert table.questions < 10
    feed.moved({STREAM: table.commit(2)})
    assert await asyncio.wait_for(following, 1) == [2]


async def test_an_event_is_read_once_for_all_who_follow() -> None:
    table = Table([1])
    feed = feed_of(table)
    following = [asyncio.create_task(follow(feed, None, 1)) for _ in range(50)]
    await _turns(1_000)
    feed.moved({STREAM: table.commit(1)})
    feed.moved({STREAM: 1})  # told again, as by the database
    assert await asyncio.gather(*following) == [[1]] * 50
    feed.moved({STREAM: 1})
    assert table.pages == [0]


async def test_what_moves_while_the_first_follower_asks_where_it_stands_is_read_from_there() -> None:
    table = Table([3])
    table.commit(10_000)
    feed = feed_of(table)
    following = asyncio.create_task(follow(feed, None, 10_001))
    await _turns(2)
    feed.moved({STREAM: 9_999})
    await _turns(1_000)
    feed.moved({STREAM: table.commit(1)})
    assert await asyncio.wait_for(following, 1) == [10_001]
    assert table.pages == [10_000]


@pytest.mark.parametrize("turns", range(12))
async def test_what_moves_as_a_reading_ends_is_read_too(turns: int) -> None:
    """Nothing but the one word, in whichever turn of the reading it comes."""
    table = Table([2])
    feed = feed_of(table)
    following = asyncio.create_task(follow(feed, None, 2))
    await _turns(1_000)
    feed.moved({STREAM: table.commit(1)})
    await _turns(turns)
    feed.moved({STREAM: table.commit(1)})
    assert await asyncio.wait_for(following, 1) == [1, 2]


async def test_who_follows_gets_on_though_writers_never_rest() -> None:
    table = Table([1])
    feed = feed_of(table)

    async def write() -> None:
        while True:
            feed.moved({STREAM: table.commit(1)})
            await asyncio.sleep(0)

    writing = asyncio.create_task(write())
    assert await asyncio.wait_for(follow(feed, 0, 50, pauses=3), 1) == [*range(1, 51)]
    writing.cancel()


async def test_a_reading_that_fails_is_told_to_those_who_wait_and_hinders_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = Table([1])
    feed = feed_of(table)
    failing = [asyncio.create_task(follow(feed, None, 1)) for _ in range(3)]
    await _turns(1_000)
    with monkeypatch.context() as broken:
        broken.setattr(feed, "_page", _away)
        feed.moved({STREAM: table.commit(1)})
        told = await asyncio.wait_for(asyncio.gather(*failing, return_exceptions=True), 1)
    assert [type(error) for error in told] == [ConnectionError] * 3
    assert await asyncio.wait_for(follow(feed, 0, 1), 1) == [1]


async def _away(*_: object) -> Sequence[rows.PartnerEvent]:
    raise ConnectionError


async def test_who_gives_up_while_reading_keeps_nobody_waiting() -> None:
    table = Table([50])
    feed = feed_of(table)
    gives_up, stays = (asyncio.create_task(follow(feed, 0, 1)) for _ in range(2))
    await _turns(1_000)
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
    monkeypatch.setattr("graphql_api.realtime.tail.KEPT", 2)
    tail: Tail[rows.PartnerEvent] = Tail()
    tail.start(5)
    assert (tail.since(5), tail.since(4)) == ([], None)
    tail.hold([rows.PartnerEvent(position=number) for number in (6, 7, 8)])
    assert tail.since(5) is None
    held = [tail.since(number) or [] for number in (6, 7, 8)]
    assert [[row.position for row in some] for some in held] == [[7, 8], [8], []]
