"""One event after another to a crowd of subscribers, with what each takes: run in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from statistics import median
from time import perf_counter, process_time
from typing import cast

import uvloop

from benchmarks.followers import Broken, Crowd, Wanted
from benchmarks.processes import cpu_seconds, memory
from benchmarks.wire import HOST, is_whole, whole_length

ALONE, TRIES, HEARD = 5, 5, 10
"""How many events are for what: nobody listening, until everybody does, everybody listening."""
EVENTS = ALONE + TRIES + HEARD
TRY_SECONDS = 20.0
EVENT_SECONDS = 60.0
PAUSE_SECONDS = 0.2
NOTHING_AGAINST = b'"userErrors":[]'
KIBIBYTES = 1024
MILLISECONDS, MICROSECONDS = 1_000, 1_000_000


@dataclass(frozen=True)
class Event:
    """What makes an event, and the bytes by which its deliveries are known."""

    request: bytes
    news: bytes


@dataclass(frozen=True)
class Plan:
    """Who listens to what. The first events are made before anybody listens, to know what one costs by itself.

    Those that nobody needed while the subscriptions began are left over.
    """

    wanted: Wanted
    subscribers: int
    process: int
    events: Sequence[Event]


@dataclass(frozen=True)
class Heard:
    """Medians over the events. Milliseconds, microseconds and KiB."""

    from_sending: float
    """From the mutation's sending to the last delivery."""
    from_answer: float
    """From its answer: less than nothing, where everybody knew before."""
    cpu_a_delivery: float
    memory_a_subscriber: float
    client_a_delivery: float
    """What hearing takes of the crowd's own process: it must be less, or it is what was measured."""


def run(plan: Plan) -> Heard:
    """Gather the crowd, tell it the events, and let it go."""
    return uvloop.run(_run(plan))


async def _run(plan: Plan) -> Heard:
    teller = _Teller(plan.wanted.port)
    rest, listening = iter(plan.events), Crowd(plan.wanted, plan.subscribers)
    one_alone = await _cost_alone(teller, plan.process, [*islice(rest, ALONE)])
    before = memory(plan.process)
    await listening.gather()
    await _until_all_hear(teller, listening, rest)
    held, worked, mine = memory(plan.process) - before, cpu_seconds(plan.process), process_time()
    times = [await _told(teller, listening, event) for event in islice(rest, HEARD)]
    cpu = (cpu_seconds(plan.process) - worked) / len(times) - one_alone
    heard = (process_time() - mine) / len(times)
    listening.leave()
    return Heard(
        from_sending=median(sending for sending, _ in times) * MILLISECONDS,
        from_answer=median(answer for _, answer in times) * MILLISECONDS,
        cpu_a_delivery=cpu / plan.subscribers * MICROSECONDS,
        memory_a_subscriber=held / plan.subscribers * KIBIBYTES,
        client_a_delivery=heard / plan.subscribers * MICROSECONDS,
    )


async def _cost_alone(teller: _Teller, process: int, events: Sequence[Event]) -> float:
    """CPU seconds of an event that nobody hears, the first being one that warms up."""
    await teller.tell(events[0])
    worked = cpu_seconds(process)
    for event in events[1:]:
        await teller.tell(event)
        await asyncio.sleep(PAUSE_SECONDS)
    return (cpu_seconds(process) - worked) / (len(events) - 1)


async def _until_all_hear(teller: _Teller, listening: Crowd, events: Iterator[Event]) -> None:
    """The protocol does not say when a subscription has begun; hearing does."""
    for event in (next(events) for _ in range(TRIES)):
        listening.expect(event.news)
        await teller.tell(event)
        if await listening.all_heard(TRY_SECONDS):
            return
    raise Broken("some subscribers never hear anything")


async def _told(teller: _Teller, listening: Crowd, event: Event) -> tuple[float, float]:
    """Seconds until the last subscriber had heard, from the sending and from the answer."""
    await asyncio.sleep(PAUSE_SECONDS)
    listening.expect(event.news)
    async with teller.ready() as telling:
        sent = perf_counter()
        answered = await telling.tell(event)
    if not await listening.all_heard(EVENT_SECONDS):
        raise Broken("an event did not reach everybody")
    return listening.last - sent, listening.last - answered


class _Teller:
    """Makes events, each by a connection of its own, which is made beforehand."""

    def __init__(self, port: int) -> None:
        self._port = port

    @asynccontextmanager
    async def ready(self) -> AsyncIterator[_Telling]:
        """A connection for one event."""
        loop = asyncio.get_running_loop()
        transport, telling = await loop.create_connection(lambda: _Telling(loop), HOST, self._port)
        try:
            yield telling
        finally:
            transport.close()

    async def tell(self, event: Event) -> None:
        """Make an event whose time does not matter."""
        async with self.ready() as telling:
            await telling.tell(event)


class _Telling(asyncio.Protocol):
    """One such connection."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._received = bytearray()
        self._answered: asyncio.Future[float] = loop.create_future()

    async def tell(self, event: Event) -> float:
        """Make the event; when its answer had come.

        Raises:
            Broken: the server did not make it.

        """
        self._transport.write(event.request)
        answered = await self._answered
        if NOTHING_AGAINST not in self._received:
            raise Broken(self._received.decode(errors="replace"))
        return answered

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        length = whole_length(self._received)
        if length is not None and is_whole(self._received, length):
            self._answered.set_result(perf_counter())

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._answered.done():
            self._answered.set_exception(Broken(f"the server hung up: {exc}"))
