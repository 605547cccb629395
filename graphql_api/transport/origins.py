"""Which web pages may open a WebSocket: browsers ask nobody before they do."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import HTTPConnection
from strawberry.http.websocket_origin import is_same_origin, normalize_allowed_origins, normalize_origin


class Origins:
    """The origins that are let in; with none given, pages of this very host alone."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        """Take origins like `https://app.example.com`.

        Raises:
            ValueError: for what is not an origin.

        """
        self._allowed = normalize_allowed_origins(list(allowed))

    def admit(self, connection: HTTPConnection) -> bool:
        """Whether it may connect. Programs send no Origin and may; they carry no one's cookies."""
        origin = connection.headers.get("origin")
        if origin is None or is_same_origin(origin, connection.headers.get("host")):
            return True
        return "*" in self._allowed or normalize_origin(origin) in self._allowed
