"""A client of graphql-transport-ws, for tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

PATIENCE = 30.0
"""Seconds for anything on a busy machine."""
PROTOCOL = [Subprotocol("graphql-transport-ws")]


@asynccontextmanager
async def connected(
    address: str, params: Mapping[str, Any] | None = None, **headers: str
) -> AsyncIterator[ClientConnection]:
    """A connection that has been let in."""
    async with connect(
        f"ws://{address}/graphql", subprotocols=PROTOCOL, additional_headers=headers
    ) as socket:
        await send(socket, type="connection_init", payload=params or {})
        assert await receive(socket) == {"type": "connection_ack"}
        yield socket


async def send(socket: ClientConnection, **message: object) -> None:
    await socket.send(orjson.dumps(message).decode())


async def ask(socket: ClientConnection, key: str, query: str, **more: object) -> None:
    await send(socket, type="subscribe", id=key, payload={"query": query, **more})


async def receive(socket: ClientConnection) -> dict[str, Any]:
    frame = await asyncio.wait_for(socket.recv(), PATIENCE)
    assert isinstance(frame, str)
    message: dict[str, Any] = orjson.loads(frame)
    return message


async def closed(socket: ClientConnection) -> tuple[int, str]:
    """How the server closes the connection, as the next thing it does."""
    with pytest.raises(ConnectionClosed) as caught:
        await asyncio.wait_for(socket.recv(), PATIENCE)
    assert caught.value.rcvd is not None
    return caught.value.rcvd.code, caught.value.rcvd.reason
