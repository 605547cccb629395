"""Messages of the graphql-transport-ws protocol: what a client may send, read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql_api.execution.requests import MAX_BYTES, Request, from_json, request_from
from graphql_api.models.client_error import BadUserInput


class Closing(Exception):  # noqa: N818 - the protocol's word for what happens
    """The connection is to be closed, with the protocol's code and a short reason."""

    def __init__(self, code: int, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Init:
    """connection_init."""

    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ping:
    """ping; its payload goes back with the pong."""

    payload: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Pong:
    """pong, which needs no answer."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """subscribe: start an operation of any kind."""

    id: str
    request: Request


@dataclass(frozen=True, slots=True)
class Complete:
    """complete: the client wants no more of an operation."""

    id: str


Message: TypeAlias = Init | Ping | Pong | Subscribe | Complete


def read(frame: str | None) -> Message:
    """The message in a frame; None stands for a binary one.

    Raises:
        Closing: for anything that the protocol does not know, as it demands.

    """
    if frame is None:
        raise Closing(4400, "Frames must be text")
    if len(frame) > MAX_BYTES:
        raise Closing(1009, "Message too big")
    try:
        return _message(from_json(frame))
    except BadUserInput as error:
        raise Closing(4400, f"Invalid message: {error.message}") from None


def _message(value: object) -> Message:
    match value:
        case {"type": "subscribe", "id": str(key), "payload": payload} if key:
            return Subscribe(key, request_from(payload))
        case {"type": "complete", "id": str(key)}:
            return Complete(key)
        case {"type": "connection_init", **rest}:
            return Init(_payload(rest.get("payload")) or {})
        case {"type": "ping", **rest}:
            return Ping(_payload(rest.get("payload")))
        case {"type": "pong"}:
            return Pong()
    raise BadUserInput("not one of the protocol's")


def _payload(payload: object) -> dict[str, Any] | None:
    if not isinstance(payload, dict | None):
        raise BadUserInput("'payload' must be an object")
    return payload
