"""What can come of a request."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import TypeAlias

from graphql import ExecutionResult, GraphQLError

from graphql_api.execution.errors import as_graphql_error


@dataclass(frozen=True, slots=True)
class Failure:
    """Errors of the request as a whole: the answer has no `data`."""

    errors: list[GraphQLError]


class NeedsStream(Failure):
    """A subscription was sent where only one answer can be given; nothing was run."""


class Rejected(Failure):
    """The request got no context, and so never reached GraphQL."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """An answer without errors as it goes out, in JSON. `tag` is its ETag, where it may be kept."""

    body: bytes
    tag: str | None = None


Answer: TypeAlias = ExecutionResult | Encoded | Failure
"""What is told once."""

AtOnce: TypeAlias = Callable[[Encoded], bool]
"""Delivers a result without waiting, or says that it cannot."""

Results: TypeAlias = AsyncGenerator[Answer, None]
"""What comes of a stream; a Failure is always the last."""

Outcome: TypeAlias = Answer | Results


def failure(error: Exception) -> Failure:
    """The outcome of a request that any exception ended."""
    return Failure([as_graphql_error(error)])


def rejected(error: Exception) -> Rejected:
    """The outcome of a request for which no context could be made."""
    return Rejected([as_graphql_error(error)])


def results_of(outcome: Outcome) -> Results:
    """Any outcome as a stream of results."""
    return _alone(outcome) if isinstance(outcome, Answer) else outcome


async def _alone(outcome: Answer) -> Results:
    yield outcome
