"""Payloads: what a change made, or the refusals of the rules that stood against it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from graphql_api.models.refusal import Conflict, NotPending, Refusal, RefusalCode, Refused

Answer = dict[str, Any]
Change = Callable[..., Awaitable[Answer]]


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


def answering(
    current: Change | None = None, **empty: Any
) -> Callable[[Change], Callable[..., Awaitable[Payload]]]:
    """Answer a change with a payload: its outcome, or its refusals as userErrors.

    After a CONFLICT or NOT_PENDING `current`, called like the change, tells how the object stands now; `empty` are
    the fields that are not null without an outcome.
    """

    def decorate(change: Change) -> Callable[..., Awaitable[Payload]]:
        @wraps(change)
        async def answered(*args: Any, **kwargs: Any) -> Payload:
            try:
                return Payload([], **await change(*args, **kwargs))
            except (Refusal, Refused) as refused:
                errors = _all(refused)
            moved_on = any(isinstance(error, Conflict | NotPending) for error in errors)
            shown = await current(*args, **kwargs) if current and moved_on else {}
            return Payload([_told(error) for error in errors], **(empty | shown))

        return answered

    return decorate


def _all(refused: Refusal | Refused) -> list[Refusal]:
    return (
        [refused]
        if isinstance(refused, Refusal)
        else [e for e in refused.exceptions if isinstance(e, Refusal)]
    )


def _told(refusal: Refusal) -> UserError:
    return UserError(refusal.code, refusal.message, list(refusal.field) or None)
