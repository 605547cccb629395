"""Requests as they arrive, from anybody: none is long before it says anything, and none is waited for without end."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_HEAD: Final = 64 * 1_024
"""Bytes of a request before its body, and of what stands between or behind the parts of its body."""
RELIED_ON: Final[tuple[Callable[..., Any], ...]] = (
    HttpToolsProtocol.connection_lost,
    HttpToolsProtocol.data_received,
    HttpToolsProtocol.handle_websocket_upgrade,
    HttpToolsProtocol.on_body,
    HttpToolsProtocol.on_headers_complete,
    HttpToolsProtocol.on_message_complete,
    HttpToolsProtocol.on_response_complete,
    HttpToolsProtocol.send_400_response,
    RequestResponseCycle.receive,
    WebSocketsSansIOProtocol.data_received,
    WebSocketsSansIOProtocol.handle_connect,
)
"""Of uvicorn: whose behaviour, not only whose name, must stay as it is."""


class Arriving(HttpToolsProtocol):
    """A connection that is not read beyond what a request may be, and knows whether its client owes us more."""

    received = 0
    """Bytes, in all."""
    understood = 0
    """Of them, those up to where the last head was whole or the last part of a body came."""
    body_bytes = 0
    """Of bodies, in all."""
    owing_since: float | None = None
    owing_bytes = 0
    """Both written by the watchdog alone: a request needs no clock."""

    def data_received(self, data: bytes) -> None:
        """Read on, in a head no further than it may go."""
        room = self.understood + MAX_HEAD - self.received
        self.received += min(len(data), room)
        super().data_received(data[:room])
        if len(data) > room and self._is_read():
            self._read_on(data[room:])

    def _is_read(self) -> bool:
        """Not once it has been refused, or is a WebSocket."""
        return not self.transport.is_closing() and self.transport.get_protocol() is self

    def _read_on(self, data: bytes) -> None:
        if self.received - self.understood < MAX_HEAD:
            self.data_received(data)
        else:
            self.refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        """A head is whole."""
        self.understood = self.received
        self.owing_since = None
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of a body has come."""
        self.understood = self.received
        self.body_bytes += len(body)
        super().on_body(body)

    def handle_websocket_upgrade(self) -> None:
        """A handshake has come. One that the WebSocket library does not read, uvicorn would leave open unanswered."""
        super().handle_websocket_upgrade()
        socket = cast("WebSocketsSansIOProtocol", self.transport.get_protocol())
        if not socket.handshake_initiated:
            told = b"".join(socket.conn.data_to_send())
            self.transport.write(told or self._answer(HTTPStatus.BAD_REQUEST))
            self.transport.close()

    def owes(self) -> bool:
        """Whether its client has sent nothing yet, or not all of a request. Between two, uvicorn has a timer."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            return self.timeout_keep_alive_task is None
        return cycle.more_body and not self.flow.read_paused

    def has_sent(self, least: int) -> bool:
        """Whether so many bytes of a body have come since the watchdog's note, and somebody wants them."""
        return self.body_bytes - self.owing_bytes >= least and not self.cycle.response_complete

    def refuse(self, status: HTTPStatus) -> None:
        """End it, with an answer where none has begun."""
        if self._is_unanswered():
            self.transport.write(self._answer(status))
        self.transport.close()

    def _is_unanswered(self) -> bool:
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            return self.received > self.understood
        return cycle.more_body and not cycle.response_started and not self.pipeline

    def _answer(self, status: HTTPStatus) -> bytes:
        text = status.phrase.encode()
        headers = [
            *self.server_state.default_headers,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", b"%d" % len(text)),
            (b"connection", b"close"),
        ]
        lines = [b"%b: %b\r\n" % header for header in headers]
        return b"".join([STATUS_LINE[status], *lines, b"\r\n", text])
