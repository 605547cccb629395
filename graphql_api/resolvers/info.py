"""What every resolver is handed, typed."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import strawberry

from graphql_api.access.guards import reader
from graphql_api.context import Context
from graphql_api.dataloaders.ahead import Lead, leads_from
from graphql_api.models.client_error import Forbidden

Info = strawberry.Info[Context, None]

Resolver = TypeVar("Resolver", bound=Callable[..., Any])


def check_may_list(context: Context) -> None:
    """Whoever only writes does not list everything that stands below what they wrote.

    Raises:
        Forbidden: the viewer's token has no scope READ.

    """
    if not reader(context):
        raise Forbidden


def ahead_of(info: Info) -> tuple[Lead, ...]:
    """The relations below that the resolver has said it brings along; none where the field is not compiled."""
    return getattr(info, "ahead", ())


def brings(model: Any) -> Callable[[Resolver], Resolver]:
    """Let the resolver be told which relations of the model's rows to bring along: see ahead_of()."""

    def mark(resolver: Resolver) -> Resolver:
        resolver.brings = partial(leads_from, model)  # type: ignore[attr-defined]
        return resolver

    return mark


def together(answer: Callable[..., Any]) -> Callable[[Resolver], Resolver]:
    """Let `answer`, called with info, the objects and the arguments, answer for all the objects of a level at once."""

    def mark(resolver: Resolver) -> Resolver:
        resolver.together = answer  # type: ignore[attr-defined]
        return resolver

    return mark
