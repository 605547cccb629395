"""What a client asks for: one GraphQL request, read from JSON and checked for its shape alone."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final, NamedTuple, Protocol

import orjson

from graphql_api.models.client_error import BadUserInput

MAX_BYTES: Final = 1024 * 1024  # of a request's body, and of a WebSocket frame


class Request(NamedTuple):
    """A document, which of its operations to run, and with what."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    extensions: dict[str, Any] | None = None


class Asker(Protocol):
    """What is asked of the context that resolvers receive."""

    @property
    def is_signed_in(self) -> bool:
        """Whether it is known who asks."""

    def done(self) -> None:
        """Its operation is over: nothing more will be asked through it."""

    @property
    def asker(self) -> Hashable:
        """Who asks."""

    @property
    def seen_by(self) -> Hashable | None:
        """The same for askers to whom everything but themselves looks the same, until it changes; None if unknown."""


def from_json(text: bytes | bytearray | str) -> object:
    """The JSON value.

    Raises:
        BadUserInput: for anything else, and for JSON nested beyond reason.

    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadUserInput("The request must be valid JSON, in UTF-8") from None


def request_from(value: object) -> Request:
    """The request that a JSON value holds; null is as left out.

    Raises:
        BadUserInput: where the value has another shape.

    """
    if not isinstance(value, dict):
        raise BadUserInput("The request must be a JSON object; batches are not supported")
    query = value.get("query")
    if not isinstance(query, str):
        raise BadUserInput("The request must have a 'query', which is text")
    name = value.get("operationName")
    if name is not None and not isinstance(name, str):
        raise BadUserInput("'operationName' must be text")
    return Request(query, _object(value, "variables"), name or None, _object(value, "extensions"))


def _object(value: dict[str, Any], key: str) -> dict[str, Any] | None:
    part = value.get(key)
    if part is not None and not isinstance(part, dict):
        raise BadUserInput(f"'{key}' must be an object")
    return part
