"""What every resolver is handed, typed."""

from collections.abc import Callable
from typing import Any, TypeVar

import strawberry

from graphql_api.context import Context

Info = strawberry.Info[Context, None]

Resolver = TypeVar("Resolver", bound=Callable[..., Any])


def together(answer: Callable[..., Any]) -> Callable[[Resolver], Resolver]:
    """Let `answer`, called with info, the objects and the arguments, answer for all the objects of a level at once."""

    def mark(resolver: Resolver) -> Resolver:
        resolver.together = answer  # type: ignore[attr-defined]
        return resolver

    return mark
