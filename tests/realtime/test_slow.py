"""Who does not read is dropped, leaves nothing behind, and holds nobody back."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from socket import SO_RCVBUF, SOL_SOCKET
from typing import Any

import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from graphql_api.app import App
from graphql_api.server.connections import LEAST, TOO_SLOW, Socket, Watchdog
from tests.api import Api
from tests.factories import World
from tests.realtime.documents import EVENTS, events_of, stream_cursor
from tests.realtime.live import Live, served, until
from tests.transport.socket_client import PROTOCOL, ask, receive, send

SLOW_SECONDS = 1.0
MANY = 40
LARGE = EVENTS.replace("kind ", "kind " + "".join(f"a{number}: subjectId " for number in range(500)))
"""An event of some 20 kilobytes."""


@pytest.fixture
async def live(app: App) -> AsyncIterator[Live]:
    async with served(app, SLOW_SECONDS) as live:
        yield live


@asynccontextmanager
async def lagging(live: Live, token: str, after: str) -> AsyncIterator[ClientConnection]:
    """A WebSocket that subscribes to more than fits on the way, and reads nothing."""
    url = f"ws://{live.address}/graphql"
    async with connect(url, subprotocols=PROTOCOL, compression=None) as socket:
        await send(socket, type="connection_init", payload={"Authorization": token})
        await receive(socket)
        socket.transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_RCVBUF, 4_096)
        socket.transport.pause_reading()
        await ask(socket, "1", LARGE, variables={"after": after})
        yield socket
        socket.transport.abort()


async def lagging_events(live: Live, token: str, after: str) -> asyncio.StreamWriter:
    """The same over server-sent events, by hand."""
    host, port = live.address.split(":")
    _, writer = await asyncio.open_connection(host, int(port), limit=1_024)
    writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_RCVBUF, 4_096)
    body = orjson.dumps({"query": LARGE, "variables": {"after": after}})
    lines = [
        "POST /graphql HTTP/1.1",
        "Host: x",
        "Accept: text/event-stream",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    await writer.drain()
    return writer


async def links(world: World) -> None:
    for number in range(MANY):
        await world.link(name=f"Link {number}")


def connections(live: Live) -> set[Any]:
    return set(live.server.server_state.connections)


@pytest.mark.rule("D1")
async def test_who_reads_nothing_is_dropped_and_holds_nobody_back(
    live: Live, api: Api, world: World, over: str
) -> None:
    token = world.tokens["partner_admin"]
    start = await stream_cursor(api, token)
    await links(world)
    async with live.watch(EVENTS, token, over="websocket", after=start) as quick:
        others = connections(live)
        async with lagging(live, token, start) if over == "websocket" else _events(live, token, start):
            await until(lambda: live.followers == 2)
            lost = weakref.ref((connections(live) - others).pop())
            await world.link(name="Meanwhile")
            seen = [event["cursor"] for event in await quick.several(MANY + 1)]
            await until(lambda: live.followers == 1)
            await until(lambda: connections(live) == others)
            await asyncio.sleep(0.1)
            gc.collect()
            assert lost() is None
    assert seen == await events_of(api, token)


@asynccontextmanager
async def _events(live: Live, token: str, after: str) -> AsyncIterator[None]:
    writer = await lagging_events(live, token, after)
    yield
    writer.transport.abort()


@pytest.mark.rule("D1")
async def test_who_reads_again_hears_why_and_resumes(live: Live, api: Api, world: World) -> None:
    token = world.tokens["partner_admin"]
    start = await stream_cursor(api, token)
    await links(world)
    async with lagging(live, token, start) as socket:
        await until(lambda: live.followers == 1)
        [connection] = connections(live)
        assert isinstance(connection, Socket)
        await until(lambda: connection.close_sent)
        socket.transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_RCVBUF, 2**20)
        socket.transport.resume_reading()
        cursors, why = await rest_of(socket)
    assert why == (1013, TOO_SLOW)
    assert 0 < len(cursors) < MANY
    async with live.watch(EVENTS, token, after=cursors[-1]) as watch:
        cursors += [event["cursor"] for event in await watch.several(MANY - len(cursors))]
    assert cursors == await events_of(api, token)


async def rest_of(socket: ClientConnection) -> tuple[list[str], tuple[int | None, str | None]]:
    """The cursors that it delivers, and how the server closes it."""
    cursors = []
    with suppress(ConnectionClosed):
        while True:
            cursors.append((await receive(socket))["payload"]["data"]["partnerEvents"]["cursor"])
    return cursors, (socket.close_code, socket.close_reason)


class Lagging:
    """A connection that still waits for its client to read."""

    def __init__(self, waiting_bytes: int) -> None:
        self.transport, self.client = self, None
        self.waiting_since, self.waiting_bytes, self.left = 0.0, waiting_bytes, waiting_bytes
        self.was_dropped = False

    def is_closing(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return self.left

    def drop(self) -> None:
        self.was_dropped = True


async def test_a_large_answer_may_take_its_time_as_long_as_it_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now)
    watchdog, moving, stuck = Watchdog(20), Lagging(1_000_000), Lagging(1_000_000)
    for turn in range(1, 10):
        now = turn * 21.0
        moving.left -= LEAST
        watchdog.look([moving, stuck])
        assert stuck.was_dropped
    assert not moving.was_dropped
    now += 21
    watchdog.look([moving])
    assert moving.was_dropped
