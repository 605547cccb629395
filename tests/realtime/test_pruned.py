"""Cursors of what is no longer kept: told as such, and never answered with a gap."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

import pytest
from sqlalchemy import delete

from graphql_api.database import Database
from graphql_api.models import rows
from graphql_api.models.client_error import CursorExpired
from graphql_api.realtime import feed as feeds
from graphql_api.realtime.feed import Feed
from tests.api import Api
from tests.factories import World
from tests.realtime.documents import CHANGES, EVENTS, stream_cursor
from tests.realtime.live import Live
from tests.setting import set_rows

PAGE = """query($after: Cursor, $first: Int) {
  viewer { partner { eventCursor events(after: $after, first: $first) { events { cursor } endCursor hasMore } } }
}"""


async def prune(world: World, upto: int) -> None:
    """What the clock does with our firm's events that are too old."""
    event, key = rows.PartnerEvent, world.ours.partner.id
    async with world.database.connect() as connection:
        await connection.execute(delete(event).where(event.partner_id == key, event.position <= upto))
    await set_rows(world.database, rows.Stream, rows.Stream.id == key, pruned_to=upto)


async def some_events(world: World, count: int) -> None:
    for number in range(count):
        await world.link(name=f"Link {number}")


async def page(api: Api, token: str, **asked: Any) -> dict[str, Any]:
    found = (await api.ask(PAGE, token, **asked))["viewer"]["partner"]
    assert found["events"]["endCursor"] <= found["eventCursor"]
    return dict(found["events"])


@pytest.mark.rule("D1")
async def test_a_cursor_too_old_to_replay_is_told_so(live: Live, api: Api, world: World, over: str) -> None:
    token, cursors = world.tokens["partner_admin"], live.app.service.cursors
    await some_events(world, 5)
    await prune(world, 3)
    at = {position: cursors.at(world.ours.partner.id, position) for position in range(6)}
    for position in (0, 1, 2):
        assert await live.end(EVENTS, token, over=over, after=at[position]) == "CURSOR_EXPIRED"
        assert await live.end(CHANGES, token, over=over, after=at[position]) == "CURSOR_EXPIRED"
        assert await api.code(PAGE, token, after=at[position]) == "CURSOR_EXPIRED"
    async with live.watch(EVENTS, token, over=over, after=at[3]) as watch:
        assert [event["cursor"] for event in await watch.several(2)] == [at[4], at[5]]
    assert [event["cursor"] for event in (await page(api, token, after=at[3]))["events"]] == [at[4], at[5]]


@pytest.mark.rule("D1")
async def test_events_without_a_cursor_begin_with_the_oldest_that_is_kept(
    live: Live, api: Api, world: World
) -> None:
    token, cursors = world.tokens["partner_admin"], live.app.service.cursors
    await some_events(world, 3)
    await prune(world, 2)
    found = await page(api, token)
    assert [event["cursor"] for event in found["events"]] == [cursors.at(world.ours.partner.id, 3)]


@pytest.mark.rule("D1")
async def test_where_nothing_is_kept_one_can_go_on_from_the_end_of_an_empty_page(
    live: Live, api: Api, world: World
) -> None:
    token = world.tokens["partner_admin"]
    await some_events(world, 3)
    await prune(world, 3)
    found = await page(api, token)
    assert found == {"events": [], "endCursor": await stream_cursor(api, token), "hasMore": False}
    assert await page(api, token, after=found["endCursor"]) == found
    async with live.watch(EVENTS, token, after=found["endCursor"]) as watch:
        await some_events(world, 1)
        assert (await watch.next())["cursor"] > found["endCursor"]


@pytest.mark.rule("D1")
@pytest.mark.parametrize("kept", [6, 4, 1, 0])
async def test_a_follower_that_is_overtaken_by_pruning_is_told_so_and_never_skips(
    world: World, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    monkeypatch.setattr(feeds, "PAGE", 2)
    await some_events(world, 6)
    feed, seen = Feed(world.database, rows.PartnerEvent), list[int]()
    async with aclosing(feed.follow(world.ours.partner.id, 0)) as events:
        seen.extend([(await anext(events)).position, (await anext(events)).position])
        await prune(world, 6 - kept)
        if kept >= 4:
            seen.extend([(await anext(events)).position for _ in range(4)])
        else:
            with pytest.raises(CursorExpired):
                await anext(events)
    assert seen == list(range(1, 7 if kept >= 4 else 3))


@pytest.mark.rule("D1")
async def test_what_was_pruned_before_this_process_read_it_is_no_gap_for_those_who_follow(
    world: World, database: Database
) -> None:
    """The process slept; others wrote, and pruned what they wrote."""
    await some_events(world, 1)
    feed, key = Feed(database, rows.PartnerEvent), world.ours.partner.id
    async with aclosing(feed.follow(key, 0)) as events:
        assert (await anext(events)).position == 1
        await some_events(world, 3)
        await prune(world, 3)
        feed.moved({key: 4})
        with pytest.raises(CursorExpired):
            await anext(events)
