"""Payloads: what was made, or the refusals of the rules that stood against it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from graphql_api.models.refusal import Refusal, RefusalCode, Refused

Answer = dict[str, Any]
"""A payload's fields, but for its userErrors."""


@dataclass(frozen=True, slots=True)
class UserError:
    """One rule's no, as a client reads it."""

    code: RefusalCode
    message: str
    field: list[str] | None


class Payload:
    """What a mutation answers. A field that nothing was said of is null."""

    def __init__(self, user_errors: list[UserError], **said: Any) -> None:
        """`said` are the payload's other fields."""
        self.user_errors = user_errors
        self.__dict__.update(said)

    def __getattr__(self, _name: str) -> None:
        """Null, for what nothing was said of."""
        return


def answering(ask: Callable[..., Awaitable[Answer]]) -> Callable[..., Awaitable[Payload]]:
    """Answer a question whose input rules can refuse with a payload: its answer, or the refusals."""

    @wraps(ask)
    async def answered(*args: Any, **kwargs: Any) -> Payload:
        try:
            return Payload([], **await ask(*args, **kwargs))
        except (Refusal, Refused) as refused:
            return Payload(told(all_of(refused)))

    return answered


def all_of(refused: Refusal | Refused) -> list[Refusal]:
    """The refusals that were raised, one or many."""
    if isinstance(refused, Refusal):
        return [refused]
    return [error for error in refused.exceptions if isinstance(error, Refusal)]


def told(refusals: list[Refusal]) -> list[UserError]:
    """Refusals, as a client reads them."""
    return [UserError(one.code, one.message, list(one.field) or None) for one in refusals]
