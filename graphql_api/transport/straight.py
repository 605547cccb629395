"""The way past the router, for the one path that nearly all requests take.

Starlette's router, and what it puts around each route for exceptions that this endpoint does not raise, are most of the
calls between the server and the endpoint, and each of them is resumed with every wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class Straight:
    """Around an ASGI application: HTTP requests of one path go to another one."""

    def __init__(self, app: ASGIApp, path: str, endpoint: ASGIApp) -> None:
        """`endpoint` answers those of exactly this path, below wherever all this is mounted; `app` all others."""
        self._app = app
        self._path = path
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or serve one connection."""
        is_its = scope["type"] == "http" and scope["path"] == scope.get("root_path", "") + self._path
        await (self._endpoint if is_its else self._app)(scope, receive, send)
