"""Subscribers of one event stream, thousands in one cheap process: each a socket and little else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import perf_counter
from typing import cast

from benchmarks import wire
from benchmarks.wire import HOST

PROTOCOL = "graphql-transport-ws"
AT_ONCE = 50
"""So many connect at the same time."""
ACKNOWLEDGED, NEXT, PINGED = b'"connection_ack"', b'"next"', b'"ping"'
PONG_MESSAGE = wire.message(type="pong")


class Broken(Exception):  # noqa: N818 - what became of a connection
    """A subscriber that was refused or dropped."""


@dataclass(frozen=True)
class Wanted:
    """What every subscriber says."""

    port: int
    secret: str
    document: str

    @property
    def init(self) -> bytes:
        """Who it is."""
        return wire.message(type="connection_init", payload={"authorization": f"Bearer {self.secret}"})

    @property
    def subscribe(self) -> bytes:
        """What it follows."""
        return wire.message(id="1", type="subscribe", payload={"query": self.document})


class Crowd:
    """All the subscribers, and who of them has heard of the latest event."""

    def __init__(self, wanted: Wanted, size: int) -> None:
        """Nobody is connected yet."""
        self.wanted = wanted
        self.size = size
        self._init, self._subscribe = wanted.init, wanted.subscribe
        self._news = b""
        self._heard: set[_Follower] = set()
        self._changed = asyncio.get_running_loop().create_future()
        self._transports: list[asyncio.BaseTransport] = []
        self._subscribed = 0
        self._is_over = False
        self.last = 0.0
        """When the last subscriber heard of it."""

    async def gather(self) -> None:
        """Connect and subscribe all of them."""
        loop = asyncio.get_running_loop()
        self._changed = loop.create_future()
        for first in range(0, self.size, AT_ONCE):
            some = range(first, min(first + AT_ONCE, self.size))
            made = [loop.create_connection(lambda: _Follower(self), HOST, self.wanted.port) for _ in some]
            self._transports += [transport for transport, _ in await asyncio.gather(*made)]
        await self._changed

    def expect(self, news: bytes) -> None:
        """The next event is the one with these bytes in it."""
        self._news, self._heard = news, set()
        self._changed = asyncio.get_running_loop().create_future()

    async def all_heard(self, seconds: float) -> bool:
        """Wait until everybody has heard of it, at most so long."""
        done, _ = await asyncio.wait([self._changed], timeout=seconds)
        for future in done:
            future.result()
        return bool(done)

    def leave(self) -> None:
        """Everybody goes."""
        self._is_over = True
        for transport in self._transports:
            transport.close()

    def reply(self, follower: _Follower, text: bytes) -> bytes | None:
        """What a subscriber answers to a message of the server's."""
        if NEXT in text:
            self._hear(follower, text)
            return None
        if ACKNOWLEDGED in text:
            self._subscribed += 1
            if self._subscribed == self.size:
                self._changed.set_result(None)
            return self._subscribe
        if PINGED in text:
            return PONG_MESSAGE
        if b'"pong"' not in text:
            self.lost(Broken(text.decode()))
        return None

    def opened(self) -> bytes:
        """What a subscriber says first."""
        return self._init

    def lost(self, error: Exception) -> None:
        """A subscriber is gone: what it would have heard cannot be measured."""
        if not self._is_over and not self._changed.done():
            self._changed.set_exception(error)

    def _hear(self, follower: _Follower, text: bytes) -> None:
        if self._news not in text or follower in self._heard:
            return
        self._heard.add(follower)
        if len(self._heard) == self.size and not self._changed.done():
            self.last = perf_counter()
            self._changed.set_result(None)


class _Follower(asyncio.Protocol):
    """One connection."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._received = bytearray()
        self._is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(wire.upgrade(HOST, PROTOCOL))

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._is_open and not self._upgraded():
            return
        for kind, held in wire.take_frames(self._received):
            if kind == wire.TEXT:
                self._send(self._crowd.reply(self, held))
            elif kind == wire.PING:
                self._send(wire.frame(held, wire.PONG))
            elif kind == wire.CLOSE:
                self._crowd.lost(Broken(f"closed: {held!r}"))

    def connection_lost(self, exc: Exception | None) -> None:
        self._crowd.lost(Broken(f"connection lost: {exc}"))

    def _upgraded(self) -> bool:
        end = self._received.find(wire.END_OF_HEAD)
        if end < 0:
            return False
        if b" 101 " not in self._received[:end]:
            self._crowd.lost(Broken(self._received.decode(errors="replace")))
        del self._received[: end + len(wire.END_OF_HEAD)]
        self._is_open = True
        self._send(self._crowd.opened())
        return True

    def _send(self, sent: bytes | None) -> None:
        if sent:
            self._transport.write(sent)
