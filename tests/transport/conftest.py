"""The toy schema, asked in process and over real sockets."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeAlias

import httpx2
import pytest
import uvicorn
from starlette.types import ASGIApp

from tests.execution.toy import Seen, application

Ask: TypeAlias = Callable[..., Any]
Serve: TypeAlias = Callable[[ASGIApp], AbstractAsyncContextManager[str]]


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
async def client(seen: Seen) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the toy, without a network."""
    transport = httpx2.ASGITransport(application(seen, time_limit=0.2))
    async with httpx2.AsyncClient(transport=transport, base_url="http://toy") as client:
        yield client


@pytest.fixture
def serve() -> Serve:
    """Serve an application with uvicorn on a port of its own; gives its host and port."""
    return _serve


@pytest.fixture
async def address(seen: Seen) -> AsyncIterator[str]:
    """Where the toy is served."""
    async with _serve(application(seen)) as address:
        yield address


@asynccontextmanager
async def _serve(app: ASGIApp) -> AsyncIterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        async with asyncio.timeout(10):
            await serving
