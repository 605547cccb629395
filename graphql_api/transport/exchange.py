"""One request over HTTP and its answer, as ASGI has them: read and written without detours."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from starlette.requests import ClientDisconnect

from graphql_api.execution.requests import MAX_BYTES
from graphql_api.models.client_error import BadUserInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send


class Unacceptable(BadUserInput):
    """A request that HTTP's own rules end before GraphQL's begin."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        self.status = status
        self.headers = headers
        super().__init__(message)


class Incoming:
    """A request, as far as it is known before its body."""

    def __init__(self, scope: Scope) -> None:
        """`scope` is ASGI's."""
        self.method: str = scope["method"]
        self._headers = [
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
        ]
        self.headers: Mapping[str, str] = dict(reversed(self._headers))
        """Each by its name in small letters; of several the first."""

    def all(self, name: str) -> str:
        """All headers of that name as one."""
        return ",".join(value for one, value in self._headers if one == name) if name in self.headers else ""


class Response(NamedTuple):
    """An answer to a request. Headers' names are in small letters."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""


async def body_of(receive: Receive) -> bytearray:
    """The body, read no further than its limit.

    Raises:
        Unacceptable: it is larger.
        ClientDisconnect: its client left before the end.

    """
    body, is_whole = bytearray(), False
    while not is_whole:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > MAX_BYTES:
            raise Unacceptable(413, f"The request is larger than {MAX_BYTES} bytes")
        is_whole = not message.get("more_body", False)
    return body


async def answered(send: Send, response: Response) -> None:
    """Send the answer."""
    await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
    await send({"type": "http.response.body", "body": response.body})
