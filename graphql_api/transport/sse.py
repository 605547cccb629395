"""GraphQL over server-sent events, in distinct connections mode: one request, one stream."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.types import Send

from graphql_api.execution.answers import encoded
from graphql_api.execution.outcomes import Results

KEEP_ALIVE: Final = 12.0  # seconds between comments, so that no proxy takes a quiet stream for a dead one
_COMMENT: Final = b":\n\n"
_COMPLETE: Final = b"event: complete\ndata:\n\n"
_HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would hold events back
]


async def start(send: Send) -> None:
    """Open the stream, at once and visibly."""
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await _write(send, _COMMENT)


async def finish(send: Send) -> None:
    """End the response. A client that was not told `complete` comes back."""
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def keep_alive(send: Send, every: float = KEEP_ALIVE) -> None:
    """Say nothing, again and again, until cancelled."""
    while True:
        await asyncio.sleep(every)
        await _write(send, _COMMENT)


async def pump(send: Send, results: Results) -> None:
    """Send everything that comes of the operation, and that it is complete."""
    async for result in results:
        await _write(send, b"event: next\ndata: " + encoded(result) + b"\n\n")
    await _write(send, _COMPLETE)


async def _write(send: Send, chunk: bytes) -> None:
    await send({"type": "http.response.body", "body": chunk, "more_body": True})
