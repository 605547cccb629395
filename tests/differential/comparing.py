"""One operation run both ways, and whether the two answers say the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import strawberry
from graphql import ExecutionResult
from structlog.testing import capture_logs

from graphql_api.execution.answers import answer
from graphql_api.execution.documents import Document
from graphql_api.execution.operations import Operations
from graphql_api.execution.outcomes import Failure
from graphql_api.execution.plans import Plans
from graphql_api.execution.requests import Asker, Request

Answer: TypeAlias = dict[str, Any]
MakeContext: TypeAlias = Callable[[], Awaitable[Asker]]


@dataclass(frozen=True)
class Judged:
    """What the specification fixes of an answer's errors.

    Which of several errors below one nulled position are told is left open; that there was one is not.
    """

    exact: list[str]
    """Those that stand where they explain the null, and those of the whole request."""
    nulled: set[str]
    """The positions that became null because of something below them."""


class BothWays:
    """One schema's operations, compiled and not."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self.schema = schema
        self.plain = Operations(schema, compiled=False)
        self.compiled = Operations(schema)

    async def same(self, request: Request, context: MakeContext) -> Answer:
        """The answer, which is the same without compiling, at the first sending, and compiled at the second."""
        wanted = await told(self.plain, request, context)
        self.compiled = Operations(self.schema)  # which has seen nothing yet
        for sending in ("first", "second"):
            compare(await told(self.compiled, request, context), wanted, f"{sending} sending of {request}")
        return wanted

    def plans(self, query: str) -> list[Plans]:
        """What was compiled of a document that has been sent twice."""
        return plans_of(self.compiled, query)


def plans_of(operations: Operations, query: str) -> list[Plans]:
    """What was compiled of a document that has been sent twice."""
    document = operations._documents.read(query, known=True)
    assert isinstance(document, Document), document
    return list(document._plans.values())


async def told(operations: Operations, request: Request, context: MakeContext) -> Answer:
    """The whole answer to a query or a mutation, as a client would get it."""
    outcome = await operations.run(request, await context(), streams=False)
    assert isinstance(outcome, ExecutionResult | Failure)
    with capture_logs():  # what is masked is logged at length
        return answer(outcome)


def compare(got: Answer, wanted: Answer, what: str) -> None:
    """Fail unless both answers say the same: in data everything, its order included."""
    different = difference(got.get("data", "no data"), wanted.get("data", "no data"))
    assert different is None, f"{what}: {different}"
    if _plainly(got) != _plainly(wanted):
        assert judged(got) == judged(wanted), f"{what}: {got.get('errors')} is not {wanted.get('errors')}"


def difference(got: Any, wanted: Any, at: str = "data") -> str | None:
    """The first place where two values differ, types and the order of keys included."""
    if isinstance(got, dict) and isinstance(wanted, dict) and list(got) == list(wanted):
        parts = ((got[key], wanted[key], f"{at}.{key}") for key in got)
    elif isinstance(got, list) and isinstance(wanted, list) and len(got) == len(wanted):
        parts = ((got[n], wanted[n], f"{at}.{n}") for n in range(len(got)))
    else:
        return None if repr(got) == repr(wanted) else f"at {at} {got!r} is not {wanted!r}"
    return next((found for part in parts if (found := difference(*part))), None)


def judged(told: Answer) -> Judged:
    """What must be the same."""
    exact, nulled = [], set()
    for error in told.get("errors", []):
        path = error.get("path", [])
        reached = _reached(told.get("data"), path)
        if reached == path:
            exact.append(repr(_without_id(error)))
        else:
            nulled.add(repr(reached))
    return Judged(sorted(exact), nulled)


def _reached(data: Any, path: list[str | int]) -> list[str | int]:
    """How far along the path there is data: up to the null that stands there."""
    reached: list[str | int] = []
    for step in path:
        if data is None:
            break
        data = data[step]
        reached.append(step)
    return reached


def _plainly(told: Answer) -> list[str]:
    """The errors in an order of ours: whose wait ends first is nobody's promise."""
    return sorted(repr(_without_id(error)) for error in told.get("errors", []))


def _without_id(error: dict[str, Any]) -> dict[str, Any]:
    """The error without the random id under which a fault of ours is logged."""
    extensions = {key: value for key, value in error["extensions"].items() if key != "errorId"}
    return {**error, "extensions": extensions}
