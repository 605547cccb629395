"""How streams end, what they leave behind, and what happens when parts of the way are lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from socket import SO_RCVBUF, SOL_SOCKET
from typing import Any

import pytest
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.asyncio.client import connect

from graphql_api.database import Database
from graphql_api.dataloaders.loaders import Loaders
from graphql_api.realtime import feed, tail
from tests import steps
from tests.api import Api
from tests.factories import World
from tests.realtime.documents import ACTIVITIES, CHANGES, EVENTS, NOTIFICATIONS, events_of, stream_cursor
from tests.realtime.live import Live, until
from tests.transport.socket_client import PROTOCOL, ask, closed, connected, send


@pytest.fixture
async def elsewhere(database_url: str) -> AsyncIterator[Database]:
    """The same database, as another process holds it."""
    made = Database(database_url)
    yield made
    await made.close()


@pytest.mark.rule("D1")
async def test_what_another_process_commits_comes_soon_too(
    live: Live, world: World, elsewhere: Database, over: str
) -> None:
    ours, world.database = world.database, elsewhere
    async with (
        live.watch(EVENTS, world.tokens["partner_admin"], over=over) as events,
        live.watch(NOTIFICATIONS, world.tokens["cam"], over=over) as notifications,
    ):
        link = await world.link()
        async with asyncio.timeout(2 * feed.POLL_SECONDS):
            assert (await events.next())["subjectId"] == str(link.node_id)
            assert (await notifications.next())["subject"]["id"] == str(link.node_id)
    world.database = ours


async def test_a_stopping_server_sends_every_socket_away(live: Live, world: World) -> None:
    async with connected(live.address, {"Authorization": world.tokens["partner_admin"]}) as socket:
        await ask(socket, "1", EVENTS)
        await until(lambda: live.followers == 1)
        async with asyncio.timeout(2):
            live.server.should_exit = True
            assert await closed(socket) == (1001, "Going away")
            await until(lambda: live.followers == 0)


async def test_a_stopping_server_ends_every_stream_of_events(live: Live, world: World) -> None:
    async with live.watch(EVENTS, world.tokens["partner_admin"], over="events") as watch:
        async with asyncio.timeout(2):
            live.server.should_exit = True
            assert await watch.end() is None
        assert live.followers == 0


async def test_a_server_stops_though_a_client_reads_nothing(live: Live, world: World) -> None:
    token, large = world.tokens["partner_admin"], " ".join(f"a{n}: subjectId" for n in range(50))
    for number in range(10):
        await world.link(name=f"Link {number}")
    beginning = live.app.service.cursors.at(world.ours.partner.id, 0)
    wordy: dict[str, Any] = {
        "query": EVENTS.replace("kind ", f"kind {large} "),
        "variables": {"after": beginning},
    }
    url = f"ws://{live.address}/graphql"
    async with connect(url, subprotocols=PROTOCOL, compression=None) as socket:
        await send(socket, type="connection_init", payload={"Authorization": token})
        socket.transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_RCVBUF, 4_096)
        socket.transport.pause_reading()
        for number in range(50):
            await ask(socket, str(number), **wordy)
        await until(lambda: live.followers == 50)
        await until(lambda: not _flows(live))
        live.server.should_exit = True
        await until(lambda: live.followers == 0)
        socket.transport.abort()


@pytest.mark.parametrize("document", [EVENTS, CHANGES, NOTIFICATIONS, ACTIVITIES])
async def test_a_subscriber_leaves_nothing_behind(live: Live, world: World, over: str, document: str) -> None:
    deal = {"deal": str(world.ours.shared[0].node_id)} if document == ACTIVITIES else {}
    for _ in range(3):
        async with live.watch(document, world.tokens["partner_admin"], over=over, **deal):
            assert _serving()
        await until(lambda: live.followers == 0)
    await until(lambda: _is_forgotten(live) and not _serving())


async def test_a_subscription_that_its_client_completes_leaves_nothing_behind(
    live: Live, world: World
) -> None:
    async with connected(live.address, {"Authorization": world.tokens["partner_admin"]}) as socket:
        await ask(socket, "1", EVENTS)
        await until(lambda: live.followers == 1)
        await socket.send('{"type": "complete", "id": "1"}')
        await until(lambda: _is_forgotten(live))


@pytest.mark.rule("D1")
async def test_who_falls_behind_what_is_kept_reads_the_table(
    live: Live, api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "KEPT", 3)
    monkeypatch.setattr(feed, "PAGE", 2)
    token = world.tokens["partner_admin"]
    start = await stream_cursor(api, token)
    async with live.watch(EVENTS, token) as quick:
        for number in range(9):
            await world.link(name=f"Link {number}")
        async with live.watch(EVENTS, token, after=start) as late:
            told = [[event["cursor"] for event in await watch.several(9)] for watch in (quick, late)]
    table = await events_of(api, token)
    assert told == [table, table]


@pytest.mark.rule("D1")
async def test_a_database_that_was_away_for_the_poll_is_asked_again(
    live: Live, world: World, elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = live.app.service.events
    look, looks = events._look, []

    async def away_at_first() -> None:
        looks.append(1)
        if len(looks) == 1:
            raise ConnectionError
        await look()

    monkeypatch.setattr(events, "_look", away_at_first)
    world.database, ours = elsewhere, world.database
    async with live.watch(EVENTS, world.tokens["partner_admin"]) as watch:
        await world.link()
        assert (await watch.next())["kind"] == "LINK_CREATED"
    world.database = ours


@pytest.mark.parametrize("lost", ["the event", "what it is about"])
async def test_a_database_that_is_away_ends_the_stream_alone_and_no_event_is_told_by_half(
    live: Live, api: Api, world: World, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    link, token = await world.link(), world.tokens["partner_admin"]
    start = await stream_cursor(api, token)
    async with live.watch(EVENTS, token) as watch:
        with monkeypatch.context() as broken:
            if lost == "the event":
                broken.setattr(live.app.service.events, "_page", _away)
            else:
                broken.setattr(Loaders, "every", _away)
            await steps.confirm(api, link)
            assert await watch.end() == "SERVICE_UNAVAILABLE"
    async with live.watch(EVENTS, token, after=start) as watch:
        told = await watch.next()
    assert (told["kind"], told["subject"]["id"]) == ("LINK_CONFIRMED", str(link.node_id))


async def _away(*_: Any) -> None:
    raise ConnectionError


def _is_forgotten(live: Live) -> bool:
    service, audiences = live.app.service, live.app.websocket._service.operations._audiences
    return not (service.events._tails or service.notifications._tails or audiences._audiences)


def _flows(live: Live) -> bool:
    """Whether the server can still write to its one connection."""
    [connection] = live.server.server_state.connections
    assert isinstance(connection, WebSocketsSansIOProtocol)
    return connection.writable.is_set()


def _serving() -> set[str]:
    """The tasks that serve subscriptions, by the names of what they run."""
    names = {getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks()}
    return names & {"Connection._operate", "Audience._tell_all", "pump", "left", "keep_alive"}
