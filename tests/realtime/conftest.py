"""The whole service on a port of its own, once on each database."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from graphql_api.app import App
from graphql_api.server import server_of
from tests.realtime.live import Live


@pytest.fixture
async def live(app: App) -> AsyncIterator[Live]:
    """The service, served until the test ends; the test's own commits wake it."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(
        socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536
    )  # who does not read soon holds up the server
    server = server_of(app, "127.0.0.1", 0)
    serving = asyncio.create_task(server.serve([listening]))
    yield Live(app, server, f"127.0.0.1:{listening.getsockname()[1]}")
    server.should_exit = True
    async with asyncio.timeout(10):
        await serving


@pytest.fixture(params=["websocket", "events"])
def over(request: pytest.FixtureRequest) -> str:
    """The transport; the test runs once over each."""
    return str(request.param)
