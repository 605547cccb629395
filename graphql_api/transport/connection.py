"""One client's WebSocket connection: its messages, and the operations that run on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any, Final, cast

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from graphql_api.execution.answers import answer, encoded
from graphql_api.execution.errors import as_graphql_error, note_faults
from graphql_api.execution.operations import Operations
from graphql_api.execution.outcomes import (
    Answer,
    AtOnce,
    Failure,
    Outcome,
    Results,
    failure,
    rejected,
    results_of,
)
from graphql_api.execution.requests import Asker, Request
from graphql_api.models.client_error import ClientError, RateLimited, ServiceUnavailable
from graphql_api.reading.faults import is_unavailable
from graphql_api.transport.credentials import GetContext
from graphql_api.transport.messages import Closing, Complete, Init, Message, Ping, Subscribe, read

MAX_OPERATIONS: Final = 100  # at once, on one connection
GOING_AWAY: Final = (1001, "Going away")
GOODBYE_SECONDS: Final = 1.0  # for telling so to a client that reads
WRITE_NOW: Final = "websocket.write_now"
"""The extension of ASGI, of this service's own server, that writes a text without waiting, or says that it cannot."""
LOOK_SECONDS: Final = 0.02  # between looks whether all is answered


@dataclass(frozen=True, slots=True)
class SocketService:
    """What every connection is served with; times in seconds."""

    operations: Operations
    get_context: GetContext
    time_limit: float
    init_wait: float


class Connection:
    """One client's connection, and its operations."""

    def __init__(self, service: SocketService, socket: WebSocket) -> None:
        self._service = service
        self._socket = socket
        self._write_now: Callable[[bytes], bool] | None = socket.scope.get("extensions", {}).get(WRITE_NOW)
        self._params: dict[str, Any] | None = None
        self._acknowledged = False
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._answering: set[asyncio.Task[None]] = set()
        """The operations that have one answer each, or may have."""

    async def serve(self) -> None:
        """Read messages until the connection ends; then stop what runs on it."""
        timer = asyncio.create_task(self._expect_init())
        try:
            while True:
                await self._handle(read(await self._frame()))
        except Closing as closing:
            await self.close(closing.code, closing.reason)
        except WebSocketDisconnect:
            pass
        finally:
            await _stop([timer, *self._operations.values()])

    async def leave(self) -> None:
        """Close it as the server goes away, once the queries and mutations that run on it are answered."""
        awaited = self._answering.copy()
        while awaited & self._answering:  # noqa: ASYNC110 - an operation may turn out to be a stream, without an end
            await asyncio.sleep(LOOK_SECONDS)
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_SECONDS):
                await self.close(*GOING_AWAY)

    async def close(self, code: int, reason: str) -> None:
        """Close it, if it is open still."""
        if self._socket.application_state is WebSocketState.CONNECTED:
            with suppress(WebSocketDisconnect):
                await self._socket.close(code, reason)

    async def _frame(self) -> str | None:
        event = await self._socket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event.get("code", 1005))
        text: str | None = event.get("text")
        return text

    async def _expect_init(self) -> None:
        await asyncio.sleep(self._service.init_wait)
        if self._params is None:
            await self.close(4408, "Connection initialisation timeout")

    async def _handle(self, message: Message) -> None:
        match message:
            case Init(params):
                await self._init(params)
            case Ping(payload):
                await self._send("pong", payload=payload or {})
            case Subscribe(key, request):
                await self._subscribe(key, request)
            case Complete(key) if key in self._operations:
                self._operations.pop(key).cancel()

    async def _init(self, params: dict[str, Any]) -> None:
        if self._params is not None:
            raise Closing(4429, "Too many initialisation requests")
        self._params = params
        try:
            await self._context()
        except Exception as error:  # noqa: BLE001 - told or masked, as every error is
            raise _turned_away(error) from None
        self._acknowledged = True
        await self._send("connection_ack")

    async def _context(self) -> Asker:
        return await self._service.get_context(self._socket, self._params)

    async def _subscribe(self, key: str, request: Request) -> None:
        if not self._acknowledged:
            raise Closing(4401, "Unauthorized")
        if key in self._operations:
            raise Closing(4409, "Subscriber for this id already exists")
        if len(self._operations) >= MAX_OPERATIONS:
            refused = failure(RateLimited(f"At most {MAX_OPERATIONS} operations at once"))
            await self._send("error", key, answer(refused)["errors"])
            return
        task = self._operations[key] = asyncio.create_task(self._operate(key, request))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _operate(self, key: str, request: Request) -> None:
        """Run one operation. Whatever happens to it happens to its id alone."""
        try:
            head = f'{{"id":{orjson.dumps(key).decode()},"type":"next","payload":'.encode()
            async with aclosing(results_of(await self._run(request, head))) as results:
                failed = await self._deliver(head, results)
        except Exception as error:  # noqa: BLE001
            failed = failure(error)
        self._forget(key)
        if failed:
            await self._send("error", key, answer(failed)["errors"])
        else:
            await self._send("complete", key)

    async def _run(self, request: Request, head: bytes) -> Outcome:
        try:
            context = await self._context()
        except Exception as error:  # noqa: BLE001 - told or masked, as every error is
            return rejected(error)
        service = self._service
        outcome = await service.operations.run(
            request, context, time_limit=service.time_limit, at_once=self._at_once(head)
        )
        if not isinstance(outcome, Answer):
            self._answering.discard(cast("asyncio.Task[None]", asyncio.current_task()))
        return outcome

    async def _deliver(self, head: bytes, results: Results) -> Failure | None:
        """Around each payload's own bytes, which many share. Frames are text."""
        async for result in results:
            if isinstance(result, Failure):
                return result
            await self._send_text(b"%b%b}" % (head, encoded(result)))
        return None

    def _at_once(self, head: bytes) -> AtOnce | None:
        """Delivers without waiting, and without anybody to wake for it, while the connection flows."""
        write = self._write_now
        return write and (lambda result: write(b"%b%b}" % (head, result.body)))

    def _forget(self, key: str) -> None:
        """Free the id before its last message goes out: the client may use it again at once."""
        if self._operations.get(key) is asyncio.current_task():
            del self._operations[key]

    async def _send(self, kind: str, key: str | None = None, payload: object = None) -> None:
        message = {"type": kind, "id": key, "payload": payload}
        await self._send_text(orjson.dumps({k: v for k, v in message.items() if v is not None}))

    async def _send_text(self, text: bytes) -> None:
        if self._socket.application_state is WebSocketState.CONNECTED:
            with suppress(WebSocketDisconnect):
                await self._socket.send_text(text.decode())


def _turned_away(error: Exception) -> Closing:
    if is_unavailable(error) or isinstance(error, ServiceUnavailable):
        return Closing(1013, "Try again later")
    if isinstance(error, ClientError):
        return Closing(4403, "Forbidden")
    note_faults([as_graphql_error(error)])
    return Closing(1011, "Internal error")


async def _stop(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
