"""A lean HTTP/1.1 client that keeps a server busy: a process of its own, whose time is not the server's."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from time import perf_counter
from typing import TYPE_CHECKING, cast

import uvloop

from benchmarks.moving import mover
from benchmarks.wire import HOST, NOT_MODIFIED, is_whole, whole_length

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

FINE = (b"HTTP/1.1 200", NOT_MODIFIED)
ERRORS = b'"errors":['


@dataclass(frozen=True)
class Plan:
    """What to send, and for how long. The requests are whole, and are taken in turn by all the connections."""

    port: int
    requests: Sequence[bytes]
    connections: int
    seconds: float
    moved: str | None = None
    """The database in which every partner's stream moves once for every `moved_every` requests."""
    moved_every: int = 1


@dataclass(frozen=True)
class Load:
    """What came of it. Seconds; `wrong` counts answers that were refusals."""

    answered: int
    wrong: int
    seconds: float
    p50: float
    p99: float


def run(plan: Plan) -> Load:
    """Keep the server busy, and wait for the last answers."""
    return uvloop.run(_run(plan))


async def _run(plan: Plan) -> Load:
    loop = asyncio.get_running_loop()
    busy = _Busy(plan, loop.create_future())
    connections = [_Connection(busy) for _ in range(plan.connections)]
    async with _moving(plan, busy):
        started = perf_counter()
        busy.until = started + plan.seconds
        for connection in connections:
            await loop.create_connection(partial(_itself, connection), HOST, plan.port)
        try:
            await busy.done
        finally:
            for connection in connections:
                connection.end()
        seconds = perf_counter() - started
    await asyncio.sleep(0)  # the connections close
    ordered = sorted(busy.took)
    p50, p99 = (ordered[int(len(ordered) * share)] for share in (0.5, 0.99))
    return Load(len(ordered), busy.wrong, seconds, p50, p99)


@asynccontextmanager
async def _moving(plan: Plan, busy: _Busy) -> AsyncIterator[None]:
    """The streams move while the requests go out."""
    if plan.moved is None:
        yield
        return
    streams = await mover(plan.moved)

    async def keep_moving() -> None:
        while True:
            await busy.move.wait()
            busy.move.clear()
            await streams.move()

    task = asyncio.create_task(keep_moving())
    yield
    task.cancel()


def _itself(connection: _Connection) -> _Connection:
    return connection


class _Busy:
    """One run: what is counted, and the next request."""

    def __init__(self, plan: Plan, done: asyncio.Future[None]) -> None:
        self.until = 0.0
        self.wrong = 0
        self.took = array("d")
        self.done = done
        self.move = asyncio.Event()
        self._requests = cycle(plan.requests)
        self._open = plan.connections
        self._moved_every = plan.moved_every
        self._sent = 0

    def next(self) -> bytes | None:
        """The next request; None when it is time to stop."""
        if perf_counter() >= self.until:
            self._open -= 1
            if not self._open and not self.done.done():
                self.done.set_result(None)
            return None
        self._sent += 1
        if self._sent % self._moved_every == 0:
            self.move.set()
        return next(self._requests)

    def answered(self, answer: bytes | bytearray, seconds: float) -> None:
        """Count an answer."""
        self.took.append(seconds)
        self.wrong += not answer.startswith(FINE) or ERRORS in answer

    def lost(self, error: Exception | None) -> None:
        """The server closed a connection: there is nothing to measure."""
        if not self.done.done():
            self.done.set_exception(ConnectionError(f"the server closed a connection: {error}"))


class _Connection(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self, busy: _Busy) -> None:
        self._busy = busy
        self._answer = bytearray()
        self._whole: int | None = None
        self._sent = 0.0
        self._finished = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if self._whole is None:
            self._whole = whole_length(self._answer)
        if self._whole is not None and is_whole(self._answer, self._whole):
            self._busy.answered(self._answer, perf_counter() - self._sent)
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._finished:
            self._busy.lost(exc)

    def end(self) -> None:
        """Hang up."""
        self._finished = True
        self._transport.close()

    def _send(self) -> None:
        request = self._busy.next()
        if request is None:
            self.end()
            return
        self._answer.clear()
        self._whole = None
        self._sent = perf_counter()
        self._transport.write(request)
