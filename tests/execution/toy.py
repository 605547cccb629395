"""A small schema with everything that a transport can meet: answers, mistakes, faults, waits and streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import strawberry
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute

from graphql_api.execution.operations import Operations
from graphql_api.models.client_error import CursorExpired, NotFound, Unauthenticated
from graphql_api.settings import Settings
from graphql_api.transport.credentials import HasHeaders, token_of
from graphql_api.transport.http import GraphQLHTTP
from graphql_api.transport.websocket import GraphQLWebSocket


@dataclass
class Seen:
    """What happened behind the transport, for tests to look at."""

    marks: list[str] = field(default_factory=list)
    revoked: set[str] = field(default_factory=set)
    away: bool = False

    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def mark(self, what: str) -> None:
        self.marks.append(what)
        self._news.set()

    async def until(self, mark: str) -> None:
        async with asyncio.timeout(5):
            while mark not in self.marks:
                self._news.clear()
                await self._news.wait()


@dataclass
class Context:
    seen: Seen
    token: str | None

    @property
    def is_signed_in(self) -> bool:
        return self.token is not None

    def done(self) -> None:
        pass

    @property
    def asker(self) -> None:
        return None

    @property
    def seen_by(self) -> None:
        return None


def _seen(info: strawberry.Info) -> Seen:
    context: Context = info.context
    return context.seen


async def _wait(seen: Seen, what: str, seconds: float) -> None:
    seen.mark(f"{what} started")
    try:
        await asyncio.sleep(seconds)
        seen.mark(f"{what} done")
    finally:
        seen.mark(f"{what} over")


@strawberry.type
class Tree:
    leaf: int = 1

    @strawberry.field
    def child(self) -> Tree:
        return Tree()

    @strawberry.field
    def page(self, first: int | None = None) -> Page:
        return Page(nodes=[Tree()] * (first or 20))


@strawberry.type
class Page:
    nodes: list[Tree]


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "you") -> str:
        return f"Hello, {name}"

    @strawberry.field
    def tree(self) -> Tree:
        return Tree()

    @strawberry.field
    def twice(self, number: int) -> int:
        return 2 * number

    @strawberry.field
    def next_day(self, day: date) -> date:
        return date.fromordinal(day.toordinal() + 1)

    @strawberry.field
    def token(self, info: strawberry.Info) -> str | None:
        context: Context = info.context
        return context.token

    @strawberry.field
    def missing(self) -> str | None:
        raise NotFound

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError("the password is hunter2")

    @strawberry.field
    def wrong_type(self) -> int | None:
        return "hunter2"  # type: ignore[return-value]

    @strawberry.field
    def away(self) -> str:
        raise OperationalError("select 1", {}, ConnectionRefusedError())

    @strawberry.field
    async def slow(self, info: strawberry.Info, seconds: float) -> bool:
        await _wait(_seen(info), "query", seconds)
        return True


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def save(self, info: strawberry.Info, seconds: float = 0) -> bool:
        await _wait(_seen(info), "mutation", seconds)
        return True


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, info: strawberry.Info, to: int) -> AsyncGenerator[int, None]:
        seen = _seen(info)
        seen.mark("stream started")
        try:
            for number in range(to):
                yield number
            await asyncio.sleep(0 if to else 60)
        finally:
            seen.mark("stream over")

    @strawberry.subscription
    async def expired(self) -> AsyncGenerator[int, None]:
        yield 1
        raise CursorExpired


SCHEMA = strawberry.Schema(Query, Mutation, Subscription)


def application(seen: Seen, origins: tuple[str, ...] = (), **times: float) -> Starlette:
    """The toy behind both endpoints."""

    async def context(connection: HasHeaders, params: dict[str, Any] | None) -> Context:
        token = token_of(connection, params)
        if seen.away:
            raise ConnectionRefusedError
        if token == "bad" or token in seen.revoked:
            raise Unauthenticated
        return Context(seen, token)

    limit = {key: value for key, value in times.items() if key == "time_limit"}
    operations = Operations(SCHEMA, compiled=Settings().compiled)
    http = GraphQLHTTP(operations, context, **limit)
    socket = GraphQLWebSocket(operations, context, origins, **times)
    app = Starlette(routes=[Route("/graphql", http), WebSocketRoute("/graphql", socket)])
    app.state.http, app.state.socket = http, socket
    return app
