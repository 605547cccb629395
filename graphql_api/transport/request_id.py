"""The id that a proxy gives a request and its answer: every line that is logged meanwhile has it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from structlog.contextvars import bind_contextvars, clear_contextvars

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

HEADER: Final = b"x-request-id"
TAKEN: Final = re.compile(rb"[0-9A-Za-z._=+/-]{1,100}")
"""Anybody may send the header where there is no proxy: nothing else gets into the log."""


class RequestId:
    """Around an ASGI application. A server's last word on a request that failed comes after it, and has the id too."""

    def __init__(self, app: ASGIApp) -> None:
        """`app` answers."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or serve one connection."""
        clear_contextvars()
        for name, value in scope.get("headers", ()):
            if name == HEADER and TAKEN.fullmatch(value):
                bind_contextvars(request_id=value.decode())
                break
        await self._app(scope, receive, send)
