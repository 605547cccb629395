"""Subscriptions as clients hold them, over WebSockets and server-sent events."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

import httpx2
import orjson

from graphql_api.app import App
from graphql_api.server.connections import SLOW_SECONDS
from graphql_api.server.serving import Server, server_of
from tests.transport.socket_client import ask, connected

PATIENCE = 30.0  # seconds, on a busy machine

Payload: TypeAlias = dict[str, Any]
Payloads: TypeAlias = AsyncGenerator[Payload, None]


class Watch:
    """One subscription, as its client reads it."""

    def __init__(self, received: asyncio.Queue[Payload | None]) -> None:
        self.received = received

    async def next(self) -> dict[str, Any]:
        """The next of what it delivers."""
        payload = await self._next()
        assert payload is not None, "it is complete"
        assert "errors" not in payload, payload["errors"]
        [delivered] = payload["data"].values()
        assert isinstance(delivered, dict)
        return delivered

    async def several(self, count: int) -> list[dict[str, Any]]:
        return [await self.next() for _ in range(count)]

    async def end(self) -> str | None:
        """The code of the error that ends it, as the next thing that comes; None where it is just complete."""
        payload = await self._next()
        if payload is None:
            return None
        assert payload.get("data") is None, payload
        assert await self._next() is None
        code: str = payload["errors"][0]["extensions"]["code"]
        return code

    async def _next(self) -> Payload | None:
        async with asyncio.timeout(PATIENCE):
            return await self.received.get()


@dataclass
class Client:
    """Whoever subscribes to a service."""

    address: str

    @asynccontextmanager
    async def ask(
        self, document: str, token: str, /, *, over: str = "websocket", **variables: Any
    ) -> AsyncIterator[Watch]:
        """A subscription that has been sent."""
        received: asyncio.Queue[Payload | None] = asyncio.Queue()
        request = {"query": document, "variables": variables}
        payloads = TRANSPORTS[over](self.address, token, request)
        reading = asyncio.create_task(_read(payloads, received))
        try:
            yield Watch(received)
        finally:
            reading.cancel()
            with suppress(asyncio.CancelledError):
                await reading

    async def end(
        self, document: str, token: str, /, *, over: str = "websocket", **variables: Any
    ) -> str | None:
        """How a subscription ends that delivers nothing."""
        async with self.ask(document, token, over=over, **variables) as watch:
            return await watch.end()


@dataclass
class Live(Client):
    """The service, served by uvicorn in the test's own event loop."""

    app: App
    server: Server

    @property
    def followers(self) -> int:
        """How many subscriptions are in place."""
        return self.app.service.events.followers + self.app.service.notifications.followers

    @asynccontextmanager
    async def watch(
        self, document: str, token: str, /, *, over: str = "websocket", **variables: Any
    ) -> AsyncIterator[Watch]:
        """A subscription that is in place: what happens from now on is delivered."""
        before = self.followers
        async with self.ask(document, token, over=over, **variables) as watch:
            await until(lambda: self.followers > before)
            yield watch


@asynccontextmanager
async def served(app: App, slow_seconds: float = SLOW_SECONDS) -> AsyncIterator[Live]:
    """The service on a port of its own. Who does not read soon holds up the server."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
    server = server_of(app, "127.0.0.1", 0, slow_seconds)
    serving = asyncio.create_task(server.serve([listening]))
    yield Live(f"127.0.0.1:{listening.getsockname()[1]}", app, server)
    server.should_exit = True
    async with asyncio.timeout(PATIENCE):
        await serving


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - what is awaited tells nobody
            await asyncio.sleep(0.005)


async def _read(payloads: Payloads, received: asyncio.Queue[Payload | None]) -> None:
    async with aclosing(payloads):
        async for payload in payloads:
            received.put_nowait(payload)
    received.put_nowait(None)


async def _over_websocket(address: str, token: str, request: Payload) -> Payloads:
    async with connected(address, {"Authorization": token}) as socket:
        await ask(socket, "1", **request)
        async for frame in socket:
            message = orjson.loads(frame)
            assert message.pop("id") == "1"
            match message:
                case {"type": "next"}:
                    yield message["payload"]
                case {"type": "error"}:
                    yield {"errors": message["payload"]}
                    return
                case _:
                    assert message == {"type": "complete"}
                    return


async def _over_events(address: str, token: str, request: Payload) -> Payloads:
    headers = {"Accept": "text/event-stream"} | ({"Authorization": f"Bearer {token}"} if token else {})
    async with (
        httpx2.AsyncClient(timeout=PATIENCE, verify=False) as client,
        client.stream("POST", f"http://{address}/graphql", json=request, headers=headers) as response,
    ):
        assert response.headers.get("content-type", "").startswith("text/event-stream"), response.status_code
        kind = ""
        async for line in response.aiter_lines():
            name, _, value = line.partition(": ")
            kind = value if name == "event" else kind
            if name == "data" and kind == "next":
                yield orjson.loads(value)


TRANSPORTS = {"websocket": _over_websocket, "events": _over_events}
