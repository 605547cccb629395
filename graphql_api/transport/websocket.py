"""WebSocket /graphql: the graphql-transport-ws protocol, any operation, many at once on one connection."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from graphql_api.execution.operations import TIME_LIMIT, Operations
from graphql_api.transport.connection import GOING_AWAY, Connection, SocketService
from graphql_api.transport.credentials import GetContext
from graphql_api.transport.origins import Origins

PROTOCOL: Final = "graphql-transport-ws"
INIT_WAIT: Final = 10.0  # seconds until connection_init must have come


class GraphQLWebSocket:
    """The endpoint, as an ASGI application.

    `get_context` makes what resolvers receive out of the connection and connection_init's payload. It is
    asked once to let the connection in, and again for every operation, so that a token's end is noticed.
    """

    def __init__(
        self,
        operations: Operations,
        get_context: GetContext,
        allowed_origins: Iterable[str] = (),
        *,
        time_limit: float = TIME_LIMIT,
        init_wait: float = INIT_WAIT,
    ) -> None:
        self._service = SocketService(operations, get_context, time_limit, init_wait)
        self._origins = Origins(allowed_origins)
        self._connections: set[Connection] = set()
        self._is_leaving = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection until either side ends it."""
        socket = WebSocket(scope, receive, send)
        if not self._origins.admit(socket):
            await socket.close(1008)  # before accepting, this is HTTP's 403
            return
        spoken = PROTOCOL in scope.get("subprotocols", ())
        await socket.accept(subprotocol=PROTOCOL if spoken else None)
        if not spoken:
            await socket.close(4406, "Subprotocol not acceptable")
            return
        if self._is_leaving:
            await socket.close(*GOING_AWAY)
            return
        await self._serve(Connection(self._service, socket))

    async def close_all(self) -> None:
        """Close every connection as soon as it is answered, for good: the server is going away. Clients come back.

        One that reads nothing cannot be told; the server then drops it.
        """
        self._is_leaving = True
        await asyncio.gather(*(connection.leave() for connection in self._connections))

    async def _serve(self, connection: Connection) -> None:
        self._connections.add(connection)
        try:
            await connection.serve()
        finally:
            self._connections.discard(connection)
