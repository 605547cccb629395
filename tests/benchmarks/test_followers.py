"""The crowd of subscribers, against a server that speaks as much of the protocol as it needs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import Server, ServerConnection, broadcast, serve

from benchmarks.followers import PROTOCOL, Broken, Crowd, Wanted

SIZE = 60


async def admit(connection: ServerConnection) -> None:
    """Let anybody in who holds the right token, and keep it."""
    async for text in connection:
        match json.loads(text):
            case {"type": "connection_init", "payload": {"authorization": "Bearer right"}}:
                await connection.send('{"type":"connection_ack"}')
                await connection.ping()
            case {"type": "connection_init"}:
                await connection.close(4403, "Forbidden")


@asynccontextmanager
async def crowd(secret: str) -> AsyncIterator[tuple[Server, Crowd]]:
    async with serve(admit, "127.0.0.1", 0, subprotocols=[PROTOCOL]) as server:  # type: ignore[list-item]
        port = next(iter(server.sockets)).getsockname()[1]
        made = Crowd(Wanted(port, secret, "subscription { status }"), SIZE)
        yield server, made
        made.leave()


def tell(server: Server, news: str) -> None:
    text = json.dumps({"id": "1", "type": "next", "payload": {"data": {"status": news}}})
    broadcast(server.connections, text)


async def test_an_event_is_over_when_the_last_has_heard_of_it() -> None:
    async with crowd("right") as (server, listening):
        await listening.gather()
        listening.expect(b"second")
        tell(server, "first")
        assert not await listening.all_heard(0.1)
        tell(server, "second")
        assert await listening.all_heard(5)
        assert listening.last > 0


async def test_a_refused_subscriber_ends_it() -> None:
    async with crowd("wrong") as (_, listening):
        with pytest.raises(Broken, match="closed"):
            await listening.gather()
