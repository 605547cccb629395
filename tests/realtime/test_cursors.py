"""Cursors: who was away gets all it missed, in order, once; then live."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from graphql_api.models.keys import new_key
from tests import steps
from tests.api import Api
from tests.factories import World
from tests.realtime.documents import CHANGES, EVENTS, events_of, stream_cursor
from tests.realtime.live import Live

WRITERS, LINKS_EACH, SUBSCRIBERS = 5, 10, 10


@pytest.mark.rule("D1")
async def test_what_was_missed_is_replayed_and_then_it_goes_live(
    live: Live, api: Api, world: World, over: str
) -> None:
    token = world.tokens["partner_admin"]
    start = await stream_cursor(api, token)
    missed = [await world.link(name=f"Missed {number}") for number in range(3)]
    async with live.watch(EVENTS, token, over=over, after=start) as watch:
        seen = await watch.several(3)
        seen_live = await world.link(name="Live")
        seen.append(await watch.next())
    assert [event["subjectId"] for event in seen] == [str(link.node_id) for link in [*missed, seen_live]]


@pytest.mark.rule("D1")
async def test_changes_of_status_are_replayed_from_a_cursor(
    live: Live, api: Api, world: World, over: str
) -> None:
    token, links = (
        world.tokens["partner_admin"],
        [await world.link(name=name) for name in ("One", "Two", "Three")],
    )
    await steps.confirm(api, links[0])
    start = await stream_cursor(api, token)
    await steps.reject(api, links[1])
    async with live.watch(CHANGES, token, over=over, after=start) as watch:
        await steps.confirm(api, links[2])
        assert [change["status"] for change in await watch.several(2)] == ["REJECTED", "CONFIRMED"]


@pytest.mark.rule("D1")
async def test_writers_never_rest_and_readers_come_and_go_and_nothing_is_lost(
    live: Live, api: Api, world: World
) -> None:
    chance = random.Random(1)  # noqa: S311 - a test's dice
    token = world.tokens["partner_admin"]
    start = await stream_cursor(api, token)
    readers = [
        asyncio.create_task(_come_and_go(live, token, start, random.Random(chance.random())))  # noqa: S311
        for _ in range(SUBSCRIBERS)
    ]
    await asyncio.gather(*(_write(world, random.Random(chance.random())) for _ in range(WRITERS)))  # noqa: S311
    told = await asyncio.gather(*readers)
    table = await events_of(api, token)
    assert len(table) == WRITERS * LINKS_EACH
    assert all(one == table for one in told)


async def _write(world: World, chance: random.Random) -> None:
    for number in range(LINKS_EACH):
        await asyncio.sleep(chance.random() / 50)
        await world.link(name=f"Link {number}")


async def _come_and_go(live: Live, token: str, after: str, chance: random.Random) -> list[str]:
    """Read a few, drop the connection, and come back with the last cursor, until all is read."""
    seen: list[str] = []
    while len(seen) < WRITERS * LINKS_EACH:
        await asyncio.sleep(chance.random() / 20)
        over = chance.choice(["websocket", "events"])
        async with live.ask(EVENTS, token, over=over, after=seen[-1] if seen else after) as watch:
            for _ in range(min(chance.randint(0, 12), WRITERS * LINKS_EACH - len(seen))):
                seen.append((await watch.next())["cursor"])  # noqa: PERF401 - kept even where the next fails
    return seen


@pytest.mark.rule("D1")
async def test_cursors_sort_as_text_beyond_every_power(live: Live, world: World) -> None:
    cursors = live.app.service.cursors
    stream = world.ours.partner.id
    positions = sorted({0, *(2**power + step for power in range(63) for step in (-1, 0, 1))})
    written = [cursors.at(stream, position) for position in positions]
    assert written == sorted(written)
    assert [cursors.position(stream, text) for text in written] == positions


@pytest.mark.rule("D1")
async def test_events_can_be_paged_and_followed_from_the_last_page(
    live: Live, api: Api, world: World
) -> None:
    token = world.tokens["partner_admin"]
    for number in range(5):
        await world.link(name=f"Link {number}")
    first = await _page(api, token, first=3)
    second = await _page(api, token, first=3, after=first["endCursor"])
    assert [len(page["events"]) for page in (first, second)] == [3, 2]
    assert [page["hasMore"] for page in (first, second)] == [True, False]
    assert second["endCursor"] == second["events"][-1]["cursor"] == await stream_cursor(api, token)
    last = await _page(api, token, first=3, after=second["endCursor"])
    assert last == {"events": [], "endCursor": second["endCursor"], "hasMore": False}
    async with live.watch(EVENTS, token, after=first["endCursor"]) as watch:
        assert [event["cursor"] for event in await watch.several(2)] == [
            e["cursor"] for e in second["events"]
        ]


async def _page(api: Api, token: str, **asked: Any) -> dict[str, Any]:
    document = """query($first: Int!, $after: Cursor) {
      viewer { partner { events(first: $first, after: $after) { events { cursor } endCursor hasMore } } }
    }"""
    page: dict[str, Any] = (await api.ask(document, token, **asked))["viewer"]["partner"]["events"]
    return page


@pytest.mark.rule("D2")
async def test_a_mutations_cursor_is_its_own_events(live: Live, api: Api, world: World) -> None:
    token, link = world.tokens["partner_admin"], await world.link()
    async with live.watch(EVENTS, token) as watch:
        payloads = [
            await steps.edit(api, token, link, name="Another name"),
            await steps.attach(api, token, link, world.ours.shared[0]),
            await steps.detach(api, token, link, world.ours.shared[0]),
            await steps.ask_for(api, token, link),
        ]
        cursors = [event["cursor"] for event in await watch.several(4)]
    assert cursors == [payload["cursor"] for payload in payloads]


async def test_a_cursor_that_is_not_of_this_stream_is_refused(
    live: Live, api: Api, world: World, over: str
) -> None:
    token, cursors = world.tokens["partner_admin"], live.app.service.cursors
    await world.link()
    fitting = await stream_cursor(api, token)
    wrong = {
        "empty": "",
        "words": "not a cursor",
        "changed": fitting[:-1] + ("0" if fitting[-1] != "0" else "1"),
        "cut": fitting[:-1],
        "lower case": fitting.lower(),
        "another partner's": await stream_cursor(api, world.tokens["other_partner_admin"]),
        "of no stream": cursors.at(new_key(), 1),
        "ahead": cursors.at(world.ours.partner.id, 2),
        "outside": "é" * 32,
    }
    for after in wrong.values():
        assert await live.end(EVENTS, token, over=over, after=after) == "BAD_CURSOR"
    assert await live.end(CHANGES, token, over=over, after=wrong["ahead"]) == "BAD_CURSOR"
    page = "query($after: Cursor) { viewer { partner { events(after: $after) { hasMore } } } }"
    assert [await api.code(page, token, after=after) for after in wrong.values()] == ["BAD_CURSOR"] * len(
        wrong
    )
