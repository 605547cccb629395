"""Subscribers among faults: whatever happens, each gets every event once and in order."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.factories import World
from tests.faults.followers import SECONDS, Crowd
from tests.faults.stage import Stage
from tests.realtime.documents import EVENTS
from tests.realtime.test_listening import terminate_listeners
from tests.transport.socket_client import PROTOCOL, ask, receive, send

WRITERS, SUBSCRIBERS, MANY = 50, 20, 40
LARGE = EVENTS.replace("kind ", "kind " + "".join(f"a{number}: subjectId " for number in range(1_000)))
"""An event of some 40 kilobytes."""


@pytest.mark.rule("D1")
async def test_fifty_write_while_twenty_drop_and_resume(stage: Stage, world: World) -> None:
    one, other = await stage.serve("--workers", "2"), await stage.serve()
    crowd = Crowd(stage, world, [one.address, other.address])
    async with asyncio.TaskGroup() as group:
        for number in range(SUBSCRIBERS):
            group.create_task(crowd.come_and_go(number))
        until = time.monotonic() + SECONDS
        await asyncio.gather(*(crowd.write(number, until) for number in range(WRITERS)))
        await crowd.writing_ended()
    await crowd.compare()
    assert (len(crowd.lists), crowd.connections > SUBSCRIBERS) == (SUBSCRIBERS, True)


@pytest.mark.rule("D1")
async def test_listeners_are_terminated_again_and_again(stage: Stage, world: World) -> None:
    one, other = await stage.serve(), await stage.serve()
    crowd = Crowd(stage, world, [one.address, other.address])
    async with asyncio.TaskGroup() as group:
        for _ in range(SUBSCRIBERS):
            group.create_task(crowd.follow())
        until, terminated = time.monotonic() + SECONDS, 0
        writing = [group.create_task(crowd.write(number, until)) for number in range(5)]
        while time.monotonic() < until:
            terminated += await terminate_listeners(stage.database_url)
            await asyncio.sleep(0.5)
        await asyncio.gather(*writing)
        await crowd.writing_ended()
    told = await crowd.compare()
    print(f"{terminated} listeners terminated; {told}")  # noqa: T201 - what was counted
    assert terminated >= len(crowd.addresses)
    assert all(len(process.events("listening")) > 1 for process in (one, other))


@pytest.mark.rule("D1")
async def test_a_subscriber_stops_reading(stage: Stage, world: World) -> None:
    serving = await stage.serve()
    crowd = Crowd(stage, world, [serving.address])
    await crowd.write(-1, time.monotonic() + 2)
    url = f"ws://{serving.address}/graphql"
    async with connect(url, subprotocols=PROTOCOL, compression=None, ping_interval=None) as socket:
        await send(socket, type="connection_init", payload={"Authorization": crowd.token})
        await receive(socket)
        socket.transport.pause_reading()
        for number in range(MANY):  # more megabytes than any buffer on the way holds
            await ask(socket, str(number), LARGE, variables={"after": crowd.start()})
        async with asyncio.TaskGroup() as group:
            for _ in range(SUBSCRIBERS):
                group.create_task(crowd.follow())
            until = time.monotonic() + SECONDS
            await asyncio.gather(*(crowd.write(number, until) for number in range(2)))
            await crowd.writing_ended()
        [dropped] = await serving.until_it_says("dropped a client that reads too slowly")
        socket.transport.resume_reading()
        seen = await rest_of(socket)
    await crowd.follow(*seen)
    told = await crowd.compare()
    print(f"dropped with {dropped['waiting_bytes']} bytes unread, resumed after {len(seen)}; {told}")  # noqa: T201


async def rest_of(socket: ClientConnection) -> list[str]:
    """The cursors that its first subscription still gets."""
    seen = []
    with suppress(ConnectionClosed):
        while True:
            message = await receive(socket)
            if message["id"] == "0":
                seen.append(message["payload"]["data"]["partnerEvents"]["cursor"])
    return seen
