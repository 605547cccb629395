"""Which page of a list is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from graphql_api.models.client_error import BadUserInput

DEFAULT_SIZE = 20
LARGEST_SIZE = 100


@dataclass(frozen=True, slots=True)
class Window:
    """Which page is asked for."""

    size: int
    backward: bool
    after: str | None
    before: str | None


def window_of(first: int | None, after: str | None, last: int | None, before: str | None) -> Window:
    """The page that the arguments ask for.

    Raises:
        BadUserInput: both first and last, or a size that is not 1 to 100.

    """
    if first is not None and last is not None:
        msg = "Give first or last, not both"
        raise BadUserInput(msg)
    name, size = ("last", last) if last is not None else ("first", DEFAULT_SIZE if first is None else first)
    if not 1 <= size <= LARGEST_SIZE:
        msg = f"{name} must be from 1 to {LARGEST_SIZE}"
        raise BadUserInput(msg)
    return Window(size, last is not None, after, before)
