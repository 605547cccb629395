"""The service as one ASGI application: the one file that wires everything."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import WebSocketRoute

from graphql_api import collector
from graphql_api.access.door import Door
from graphql_api.access.link_token import LinkTokens
from graphql_api.context import Context, Service, context_for
from graphql_api.database import Database, Writing
from graphql_api.execution.operations import Operations, finish_mutations
from graphql_api.jobs.token_use import TokenUse
from graphql_api.jobs.worker import run_embedded_worker
from graphql_api.models.notification import Notification
from graphql_api.models.stream import PartnerEvent
from graphql_api.pages.engagement import engagement_routes
from graphql_api.pages.graphiql.page import graphiql_routes
from graphql_api.pages.health import Readiness, health_routes
from graphql_api.realtime.cursor import Cursors
from graphql_api.realtime.feed import Feed
from graphql_api.realtime.listening import STREAMS, listener_of
from graphql_api.schema.root import SCHEMA
from graphql_api.transport.credentials import HasHeaders, token_of
from graphql_api.transport.http import GraphQLHTTP
from graphql_api.transport.request_id import RequestId
from graphql_api.transport.straight import Straight
from graphql_api.transport.websocket import GraphQLWebSocket

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

    from graphql_api.settings import Settings


class App:
    """The service and its endpoints: `asgi` is what a server runs."""

    def __init__(self, settings: Settings, database: Database | None = None) -> None:
        """Wire everything to the settings; `database` only where it is there already."""
        self.settings = settings
        self.service = service_of(settings, database or database_of(settings))
        self.token_use = TokenUse(self.service.database)
        self.listener = listener_of(settings.database_url)
        self.readiness = Readiness(self.service.database, self.listener)
        if self.listener:
            for feed in self._feeds:
                self.listener.on(STREAMS, feed.hear)
        self._stop = asyncio.Event()
        operations = Operations(SCHEMA, compiled=settings.compiled)
        self.http = GraphQLHTTP(operations, self._context)
        self.websocket = GraphQLWebSocket(operations, self._context, settings.cors_origins)
        self.asgi = Starlette(
            routes=self._routes(),
            middleware=[*_middleware(settings), Middleware(Straight, "/graphql", self.http)],
            lifespan=self._lifespan,
        )

    async def going_away(self) -> None:
        """Be ready for nothing more, end every stream, and the worker. Clients come back with their cursors."""
        self.readiness.is_leaving = True
        self._stop.set()
        self.http.close_all()
        await self.websocket.close_all()

    def _routes(self) -> list[Any]:
        service = self.service
        return [
            WebSocketRoute("/graphql", self.websocket),
            *engagement_routes(service.database, service.link_tokens),
            *graphiql_routes(),
            *health_routes(self.readiness),
        ]

    async def _context(self, connection: HasHeaders, params: dict[str, Any] | None) -> Context:
        key = connection.headers.get("idempotency-key")
        context = await context_for(self.service, token_of(connection, params), key)
        if context.is_signed_in:
            self.token_use.note(context.viewer)
        return context

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        beside = [asyncio.create_task(one) for one in (self.readiness.checks(), *self._waking())]
        worker = asyncio.create_task(self._work())
        collector.tune()
        yield
        await finish_mutations(self.settings.shutdown_seconds)
        self._stop.set()
        await worker
        await self.token_use.finish()
        for one in beside:
            one.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await self.readiness.finish()
        await self.service.database.close()

    @property
    def _feeds(self) -> tuple[Feed[PartnerEvent], Feed[Notification]]:
        return self.service.events, self.service.notifications

    def _waking(self) -> list[Coroutine[Any, Any, None]]:
        """What wakes followers for commits of other processes."""
        polls = [feed.poll(self.listener) for feed in self._feeds]
        return [*polls, self.listener.listen()] if self.listener else polls

    async def _work(self) -> None:
        if self.settings.runs_worker:
            await run_embedded_worker(self.service.database, self.settings, self._stop, self.listener)


def database_of(settings: Settings) -> Database:
    """The database by the settings, with its replica if it has one."""
    return Database(settings.database_url, limits=settings.limits, replica_url=settings.database_read_url)


def service_of(settings: Settings, database: Database) -> Service:
    """The parts that all requests share, with the streams woken by every commit of this process."""
    events = Feed(database, PartnerEvent)
    notifications = Feed(database, Notification)

    def wake(writing: Writing) -> None:
        events.moved(writing.moved)
        notifications.moved(writing.moved)

    database.on_commit(wake)
    tokens = LinkTokens(settings.secret, settings.public_url)
    door, cursors = Door(database, database.clock), Cursors(settings.secret)
    kept = timedelta(days=settings.keep_keys_days)
    return Service(database, door, tokens, cursors, events, notifications, settings.milestones, kept)


def _middleware(settings: Settings) -> list[Middleware]:
    if not settings.cors_origins:
        return [Middleware(RequestId)]
    return [
        Middleware(RequestId),
        Middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-None-Match"],
            expose_headers=["ETag", "Retry-After"],
        ),
    ]
