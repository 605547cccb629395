"""What anybody may send, without a token: no endless heads, and no requests without an end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from graphql_api.app import App
from graphql_api.execution.requests import MAX_BYTES
from graphql_api.server.arriving import MAX_HEAD
from graphql_api.server.connections import LEAST
from tests.realtime.live import PATIENCE, Live, served, until

SLOW_SECONDS = 0.5
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
HALF = POST + b"Content-Length: 99\r\n\r\n{"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
HANDSHAKE = (
    b"GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)
TOO_LARGE = "431 Request Header Fields Too Large"
TOO_LATE = "408 Request Timeout"
ASKED = b'{"query": "{ __typename }"}'


@dataclass
class Line:
    """A connection, by hand."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, *parts: bytes) -> Line:
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()
        return self

    async def answer(self) -> str:
        """The status of the next answer, which is read whole; nothing where it is closed instead."""
        async with asyncio.timeout(PATIENCE):
            status = await self.reader.readline()
            length = 0
            while (line := (await self.reader.readline()).lower()).strip():
                length = int(line.split(b":")[1]) if line.startswith(b"content-length") else length
            await self.reader.readexactly(length)
            return status.decode().strip().removeprefix("HTTP/1.1 ")

    async def answers(self) -> list[str]:
        """All that come until it is closed."""
        found = [await self.answer()]
        while found[-1]:
            found.append(await self.answer())
        return found[:-1]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind: the database has no part in this."""
    return sqlite_url


@pytest.fixture
async def live(app: App) -> AsyncIterator[Live]:
    async with served(app, SLOW_SECONDS) as live:
        yield live


@asynccontextmanager
async def opened(live: Live, *parts: bytes) -> AsyncIterator[Line]:
    """A connection over which this has been sent."""
    host, port = live.address.split(":")
    line = Line(*await asyncio.open_connection(host, int(port)))
    yield await line.send(*parts)
    line.writer.close()


async def connections(live: Live) -> set[Any]:
    """The server's ends, once there are any."""
    found: set[Any] = live.server.server_state.connections
    await until(lambda: bool(found))
    return found


def filled(head: bytes, size: int) -> bytes:
    """A whole head of so many bytes, with one long value."""
    return head + b"A: " + b"x" * (size - len(head) - 7) + b"\r\n\r\n"


def crowded(head: bytes, size: int) -> bytes:
    """The same, with as many headers as fit."""
    return filled(head + b"a:b\r\n" * ((size - len(head)) // 5 - 2), size)


async def test_a_head_as_long_as_may_be_is_read(live: Live) -> None:
    for head in (filled(GET, MAX_HEAD), crowded(GET, MAX_HEAD)):
        async with opened(live, head, head) as line:
            assert [await line.answer(), await line.answer()] == ["200 OK"] * 2


@pytest.mark.parametrize(
    "head",
    [
        filled(GET, MAX_HEAD + 1),
        crowded(GET, MAX_HEAD + 1),
        b"GET /" + b"x" * (MAX_HEAD - 4),
        filled(HANDSHAKE, MAX_HEAD + 1),
    ],
    ids=["a value", "many headers", "an address", "a handshake"],
)
async def test_a_longer_one_is_refused_and_read_no_further(live: Live, head: bytes) -> None:
    async with opened(live, head) as first, opened(live, GET + b"\r\n") as second:
        assert await first.answers() == [TOO_LARGE]
        assert await second.answer() == "200 OK"
        await second.send(head)
        assert await second.answers() == [TOO_LARGE]


@pytest.mark.parametrize(
    ("handshake", "answer"),
    [
        (HANDSHAKE + b"a: b\r\n" * 200, TOO_LARGE),
        (HANDSHAKE + b"a: " + b"b" * 9_000 + b"\r\n", TOO_LARGE),
        (HANDSHAKE + b"Content-Length: 1\r\n", "400 Bad Request"),
    ],
    ids=["many headers", "a long one", "a body"],
)
async def test_a_handshake_that_is_not_read_is_refused(live: Live, handshake: bytes, answer: str) -> None:
    async with opened(live, handshake + b"\r\n") as line:
        assert await line.answers() == [answer]
        await until(lambda: not live.server.server_state.connections)


@pytest.mark.parametrize("more", [filled(b"0\r\n", MAX_HEAD + 1), b"1;" + b"x" * MAX_HEAD])
async def test_so_is_what_stands_around_the_parts_of_a_body(live: Live, more: bytes) -> None:
    async with opened(live, CHUNKED + b"1\r\n{\r\n") as line:
        (connection,) = await connections(live)
        await until(lambda: connection.body_bytes == 1)
        await line.send(more)
        assert await line.answers() == [TOO_LARGE]


async def test_a_large_body_is_no_head(live: Live) -> None:
    body = ASKED + b" " * (MAX_BYTES - len(ASKED))
    head = b"Content-Length: %d\r\n\r\n" % len(body)
    async with opened(live, POST + head + body, POST + head + body) as line:
        assert [await line.answer(), await line.answer()] == ["200 OK"] * 2


async def test_who_does_not_finish_a_request_is_not_waited_for(live: Live) -> None:
    cases = {
        b"": [],
        b"GET /heal": [TOO_LATE],
        GET: [TOO_LATE],
        HANDSHAKE: [TOO_LATE],
        HALF: [TOO_LATE],
        CHUNKED + b"1\r\n{\r\n": [TOO_LATE],
        GET + b"\r\n" + HALF: ["200 OK", TOO_LATE],
    }
    async with AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(opened(live, sent)) for sent in cases]
        assert [await line.answers() for line in lines] == list(cases.values())
        await until(lambda: not live.server.server_state.connections)


async def test_nor_is_who_sends_it_byte_by_byte(live: Live) -> None:
    async with opened(live, GET) as line:
        answer = asyncio.create_task(line.answer())
        async with asyncio.timeout(PATIENCE):
            while not answer.done():
                await line.send(b"x")
                await asyncio.sleep(0.05)
        assert await answer == TOO_LATE


async def test_nor_is_who_only_stops_the_timer_of_idle_connections(live: Live) -> None:
    """By an empty line, or a body that was not waited for: uvicorn takes both for the next request."""
    async with (
        opened(live, GET + b"\r\n") as first,
        opened(live, GET + b"Content-Length: 9\r\n\r\n") as second,
    ):
        assert [await first.answer(), await second.answer()] == ["200 OK"] * 2
        await first.send(b"\r\n")
        await second.send(b"x")
        both = await connections(live)
        await until(lambda: all(one.timeout_keep_alive_task is None for one in both))
        await first.answers()
        await second.answers()


async def test_a_slow_upload_gets_through_while_it_moves(live: Live) -> None:
    parts = [LEAST * b" "] * 20
    async with opened(live, POST + b"Content-Length: %d\r\n\r\n" % (20 * LEAST + len(ASKED))) as line:
        for part in parts:
            await line.send(part)
            await asyncio.sleep(0.12)
        await line.send(ASKED)
        assert await line.answer() == "200 OK"


async def test_between_two_requests_a_connection_may_rest_longer(live: Live) -> None:
    async with opened(live, GET + b"\r\n") as line:
        assert await line.answer() == "200 OK"
        await asyncio.sleep(SLOW_SECONDS + 2.0)
        await line.send(GET + b"\r\n")
        assert await line.answer() == "200 OK"
