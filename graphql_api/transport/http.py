"""POST /graphql: GraphQL over HTTP as the specification's draft has it, and over server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from typing import Any, Final

from graphql import ExecutionResult
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from graphql_api.execution.answers import answer, codes, encode, without_errors
from graphql_api.execution.operations import TIME_LIMIT, Operations
from graphql_api.execution.outcomes import (
    Answer,
    Encoded,
    Failure,
    NeedsStream,
    Outcome,
    Rejected,
    failure,
    rejected,
    results_of,
)
from graphql_api.execution.requests import Request, from_json, request_from
from graphql_api.execution.unchanged import is_named
from graphql_api.models.client_error import BadUserInput, ErrorCode
from graphql_api.transport import sse
from graphql_api.transport.credentials import GetContext
from graphql_api.transport.exchange import Incoming, Response, Unacceptable, answered, body_of
from graphql_api.transport.negotiation import EVENTS, GRAPHQL, JSON, Accepted, is_json, negotiate
from graphql_api.transport.presence import left, unless, while_present

# Statuses of answers without data that hold under every media type: HTTP itself has something to say here.
_STATUSES: Final[Mapping[str, int]] = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.INTERNAL: 500,
    ErrorCode.SERVICE_UNAVAILABLE: 503,
    ErrorCode.TIMEOUT: 504,
}
_KEPT: Final = b"cache-control", b"private, no-cache"
_NOT_KEPT: Final = b"cache-control", b"no-store"
_TYPES: Final = {one: (b"content-type", f"{one}; charset=utf-8".encode()) for one in (GRAPHQL, JSON)}


class GraphQLHTTP:
    """The endpoint, as an ASGI application.

    `get_context` makes what resolvers receive out of a request, and may raise a ClientError.
    """

    def __init__(
        self, operations: Operations, get_context: GetContext, *, time_limit: float = TIME_LIMIT
    ) -> None:
        self._operations = operations
        self._get_context = get_context
        self._time_limit = time_limit
        self._closing = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Queries and subscriptions end with their client; mutations are finished."""
        incoming = Incoming(scope)
        try:
            accepted, request = await _read(incoming, receive)
        except BadUserInput as error:
            await answered(send, _refusal(error))
            return
        except ClientDisconnect:
            return
        streams = accepted.events
        outcome = await while_present(self._run(incoming, request, streams=streams), receive)
        if outcome is None:
            return
        if _is_stream(outcome, accepted):
            await self._stream(receive, send, outcome)
        elif isinstance(outcome, Answer):
            await answered(send, _respond(outcome, accepted, incoming))

    def close_all(self) -> None:
        """End every stream of events, for good: the server is going away. Clients come back by themselves."""
        self._closing.set()

    async def _run(self, incoming: Incoming, request: Request, *, streams: bool) -> Outcome:
        try:
            context = await self._get_context(incoming, None)
        except Exception as error:  # noqa: BLE001 - told or masked, as every error is
            return rejected(error)
        unchanged = self._operations.unchanged
        version = unchanged.version(request, context)
        if version and (kept := unchanged.find(version)):
            return kept
        outcome = await self._operations.run(request, context, streams=streams, time_limit=self._time_limit)
        if version is None or not isinstance(outcome, ExecutionResult):
            return outcome
        outcome = without_errors(outcome)
        return unchanged.keep(version, outcome.body) if isinstance(outcome, Encoded) else outcome

    async def _stream(self, receive: Receive, send: Send, outcome: Outcome) -> None:
        async with aclosing(results_of(outcome)) as results:
            await sse.start(send)
            work = sse.pump(send, results)
            await unless(work, left(receive), sse.keep_alive(send), self._closing.wait())
        await sse.finish(send)


def _is_stream(outcome: Outcome, accepted: Accepted) -> bool:
    if isinstance(outcome, Answer):
        return accepted.best == EVENTS and not isinstance(outcome, Rejected)
    return True


async def _read(incoming: Incoming, receive: Receive) -> tuple[Accepted, Request]:
    if incoming.method != "POST":
        raise Unacceptable(405, "GraphQL is asked by POST", allow="POST")
    accepted = negotiate(incoming.headers.get("accept"))
    if accepted is None:
        raise Unacceptable(406, f"Answers are {GRAPHQL}, {JSON} or {EVENTS}")
    if not is_json(incoming.headers.get("content-type")) or "content-encoding" in incoming.headers:
        raise Unacceptable(415, f"The request must be {JSON}, in UTF-8 and not compressed")
    return accepted, request_from(from_json(await body_of(receive)))


def _refusal(error: BadUserInput) -> Response:
    status, headers = (error.status, error.headers) if isinstance(error, Unacceptable) else (400, {})
    return _response(answer(failure(error)), status, JSON, headers)


def _respond(outcome: Answer, accepted: Accepted, incoming: Incoming) -> Response:
    if isinstance(outcome, Encoded):
        return _tagged(outcome, accepted, incoming.all("if-none-match"))
    message = answer(outcome)
    status = _status(outcome, codes(message), accepted.media_type)
    return _response(message, status, accepted.media_type, _hints(status, message))


def _tagged(outcome: Encoded, accepted: Accepted, if_none_match: str) -> Response:
    """The answer, which a client may keep if it asks each time whether it is the one still; 304 where it is."""
    headers = [_KEPT, (b"etag", (outcome.tag or "").encode())]
    if outcome.tag and if_none_match and is_named(outcome.tag, if_none_match):
        return Response(304, headers)
    return Response(200, headers + _described(outcome.body, accepted.media_type), outcome.body)


def _status(outcome: ExecutionResult | Failure, told: list[str], media_type: str) -> int:
    """The draft's: a request that was not run is 4xx or 5xx, but 200 to those who asked for plain JSON."""
    if isinstance(outcome, ExecutionResult):
        unavailable = outcome.data is None and ErrorCode.SERVICE_UNAVAILABLE in told
        return 503 if unavailable else 200
    first = told[0] if told else ErrorCode.INTERNAL
    if first in _STATUSES:
        return _STATUSES[first]
    return 400 if media_type == GRAPHQL or isinstance(outcome, NeedsStream) else 200


def _hints(status: int, message: dict[str, Any]) -> dict[str, str]:
    waits = [
        error["extensions"]["retryAfter"]
        for error in message.get("errors", ())
        if "retryAfter" in error["extensions"]
    ]
    headers = {"retry-after": str(max(waits))} if waits and status in {429, 503} else {}
    return headers | ({"www-authenticate": "Bearer"} if status == 401 else {})  # noqa: PLR2004 - HTTP's own


def _response(message: dict[str, Any], status: int, media_type: str, headers: Mapping[str, str]) -> Response:
    body = encode(message)
    told = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Response(status, [_NOT_KEPT, *told, *_described(body, media_type)], body)


def _described(body: bytes, media_type: str) -> list[tuple[bytes, bytes]]:
    return [(b"content-length", str(len(body)).encode()), _TYPES[media_type]]
