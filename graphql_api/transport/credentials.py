"""Where a client puts its token: a header, or the first message on a WebSocket."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeAlias

from graphql_api.execution.requests import Asker
from graphql_api.models.client_error import Unauthenticated


class HasHeaders(Protocol):
    """A request, or what a WebSocket began with."""

    @property
    def headers(self) -> Mapping[str, str]:
        """By their names in small letters."""


GetContext: TypeAlias = Callable[[HasHeaders, dict[str, Any] | None], Awaitable[Asker]]
"""Makes what resolvers receive, of a request and a WebSocket's connection_init; it may raise a ClientError."""


def token_of(connection: HasHeaders, params: dict[str, Any] | None) -> str | None:
    """The bearer token, or None where there is none.

    `params` is the payload of a WebSocket's connection_init; its key is `authorization` in any case, and the
    word "Bearer" may be left out there. The header counts too, for clients that can send one.

    Raises:
        Unauthenticated: where something else than a token stands in its place.

    """
    given = _from_params(params or {})
    if given is not None:
        return _bare(given) if _has_scheme(given) else given or None
    header = connection.headers.get("authorization", "").strip()
    return _bare(header) if header else None


def _from_params(params: dict[str, Any]) -> str | None:
    for key, value in params.items():
        if key.lower() == "authorization" and value is not None:
            if not isinstance(value, str):
                raise Unauthenticated("The token must be text")
            return value.strip()
    return None


def _has_scheme(given: str) -> bool:
    return " " in given or given.lower() == "bearer"


def _bare(given: str) -> str:
    scheme, _, token = given.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send the token as 'Authorization: Bearer …'")
    return token.strip()
