"""Connections that are dropped when their client does not read: it comes back, and takes up where it was.

So are those whose client does not send what it owes us: anybody may open thousands, and say nothing.

A follower of a stream holds nothing but a position, so one who reads nothing holds nobody back; but its connection, its
task and what waits to be written would stay for ever. TCP itself never gives up one that is there and reads nothing.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast

import structlog
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import OPEN

from graphql_api.server.arriving import Arriving
from graphql_api.server.frames import text_frame
from graphql_api.transport.connection import WRITE_NOW

if TYPE_CHECKING:
    from collections.abc import Iterable

SLOW_SECONDS: Final = 20.0
LEAST: Final = 48 * 1_024
"""Bytes that a client takes in that time at least: those between the marks where writing pauses and goes on.

As many of its body a client sends at least.
"""
LINGER_SECONDS: Final = 5.0
"""For reading what is left, once the server has closed."""
TOO_SLOW: Final = "Too slow; subscribe again with your last cursor"

log = structlog.get_logger(__name__)


class _Watched:
    """What a connection keeps for the watchdog, written only when its client lags: a delivery costs nothing more."""

    transport: asyncio.Transport
    waiting_since: float | None = None
    waiting_bytes = 0
    closing_since: float | None = None

    def pause_writing(self) -> None:
        """The client is slower than we are."""
        super().pause_writing()  # type: ignore[misc]  # uvicorn's protocol stands behind
        self.waiting_since = asyncio.get_running_loop().time()
        self.waiting_bytes = self.transport.get_write_buffer_size()

    def resume_writing(self) -> None:
        """It has read most of what waited."""
        super().resume_writing()  # type: ignore[misc]
        self.waiting_since = None


class Http(_Watched, Arriving):
    """HTTP, with answers and streams of events."""

    def drop(self) -> None:
        """End it: a stream that ends without `complete` is resumed."""
        self.transport.abort()


class Socket(_Watched, WebSocketsSansIOProtocol):
    """A WebSocket."""

    async def run_asgi(self) -> None:
        """Serve it, with a quick way to write to it."""
        cast("dict[str, Any]", self.scope["extensions"])[WRITE_NOW] = self.write_now
        await super().run_asgi()

    async def send(self, message: Any) -> None:
        """A text goes out at once, where it can: uvicorn's own way is a long one."""
        text = message.get("text")
        if text is None or not self.write_now(text.encode()):
            await super().send(message)

    def write_now(self, text: bytes) -> bool:
        """Write a text, in UTF-8, if the connection is open and flows; else say that it was not."""
        is_open = self.conn.state is OPEN and not self.disconnected and not self.transport.is_closing()
        flows = is_open and self.writable.is_set()
        if flows:
            self.transport.write(text_frame(text))
        return flows

    def drop(self) -> None:
        """End what runs on it; and say why, behind all that waits, to one who reads again before it is cut off."""
        self.queue.put_nowait({"type": "websocket.disconnect", "code": 1013, "reason": TOO_SLOW})
        if not self.close_sent:
            self.conn.send_close(1013, TOO_SLOW)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
        self.transport.close()


class Watchdog:
    """One for all connections of a process: a look each second costs a fraction of a microsecond a connection."""

    def __init__(self, slow_seconds: float) -> None:
        """Who takes less than LEAST in `slow_seconds`, while more waits, is too slow; so is who sends less of a body.

        The rest of a request must be there in that time.
        """
        self._slow_seconds = slow_seconds

    def look(self, connections: Iterable[Any]) -> None:
        """Drop those who are too slow, and cut off those who are dropped and read no more."""
        now = asyncio.get_running_loop().time()
        for connection in tuple(connections):
            if connection.transport.is_closing():
                self._see_it_end(connection, now)
            elif connection.waiting_since is not None:
                self._judge_reading(connection, now)
            elif isinstance(connection, Http):
                self._judge_sending(connection, now)

    def _see_it_end(self, connection: Any, now: float) -> None:
        connection.closing_since = connection.closing_since or now
        if now - connection.closing_since > LINGER_SECONDS:
            connection.transport.abort()

    def _judge_reading(self, connection: Any, now: float) -> None:
        if now - connection.waiting_since <= self._slow_seconds:
            return
        left = connection.transport.get_write_buffer_size()
        if connection.waiting_bytes - left >= LEAST:
            connection.waiting_since, connection.waiting_bytes = now, left
            return
        log.info("dropped a client that reads too slowly", client=connection.client, waiting_bytes=left)
        connection.drop()

    def _judge_sending(self, connection: Http, now: float) -> None:
        if not connection.owes():
            connection.owing_since = None
        elif connection.owing_since is None or connection.has_sent(LEAST):
            connection.owing_since, connection.owing_bytes = now, connection.body_bytes
        elif now - connection.owing_since > self._slow_seconds:
            connection.refuse(HTTPStatus.REQUEST_TIMEOUT)
