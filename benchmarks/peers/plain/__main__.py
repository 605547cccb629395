"""A plain Strawberry service, as its documentation shows one: ORM instances, async resolvers, loaders, its own view."""

from __future__ import annotations

import os
from typing import Any

import uvicorn
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from strawberry.asgi import GraphQL

from benchmarks.peers.plain.access import Context, viewer_of
from benchmarks.peers.plain.schema import schema
from benchmarks.peers.plain.wakes import Wakes

CONNECTIONS = 20


class View(GraphQL[Context, None]):
    """Strawberry's view, told who is asking."""

    def __init__(self, url: str) -> None:
        """`url` is the database's."""
        super().__init__(schema)
        engine = create_async_engine(
            make_url(url).set(drivername="postgresql+asyncpg"),
            pool_size=CONNECTIONS,
            max_overflow=CONNECTIONS,
        )
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._wakes = Wakes()

    async def get_context(self, request: Any, response: Any = None) -> Any:  # noqa: ARG002 - Strawberry's
        """What the resolvers receive."""
        viewer = None
        if isinstance(request, Request):
            viewer = await viewer_of(self._sessions, request.headers.get("authorization", ""))
        return Context(self._sessions, self._wakes, viewer)

    async def on_ws_connect(self, context: Any) -> Any:
        """Sign in by what the client said first."""
        said = context.connection_params or {}
        context.viewer = await viewer_of(self._sessions, said.get("authorization", ""))
        return {}


async def alive(_request: Request) -> Response:
    """The process answers."""
    return JSONResponse({})


def app(url: str) -> Starlette:
    """The application."""
    view: Any = View(url)
    return Starlette(
        routes=[Route("/healthz", alive), Route("/graphql", view), WebSocketRoute("/graphql", view)]
    )


if __name__ == "__main__":
    uvicorn.run(
        app(os.environ["DATABASE_URL"]),
        host=os.environ["HOST"],
        port=int(os.environ["PORT"]),
        log_level="warning",
        access_log=False,
    )
