"""The load generator, against a server that answers the same to everything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from benchmarks.load import Load, Plan, run

REQUEST = b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n"
FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n" + b'{"data":{}}'
REFUSED = b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n" + b'{"errors":[]}'


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[int]:
    """The port of a server; with nothing to answer it hangs up."""
    serving: set[asyncio.Task[None] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())
        while answer and await reader.read(len(REQUEST)):
            writer.write(answer)
            await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            await asyncio.gather(*[task for task in serving if task], return_exceptions=True)


async def loaded(answer: bytes) -> Load:
    async with answering(answer) as port:
        return await asyncio.to_thread(run, Plan(port, [REQUEST], connections=4, seconds=0.2))


async def test_every_answer_is_counted_and_timed() -> None:
    load = await loaded(FINE)
    assert load.answered >= 4
    assert load.wrong == 0
    assert 0 < load.p50 <= load.p99 < load.seconds


async def test_answers_with_errors_are_counted_apart() -> None:
    load = await loaded(REFUSED)
    assert load.wrong == load.answered


async def test_a_server_that_hangs_up_is_not_measured() -> None:
    with pytest.raises(ConnectionError, match="closed a connection"):
        await loaded(b"")
