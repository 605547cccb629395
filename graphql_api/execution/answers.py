"""Answers as they go out: the object that GraphQL's specification describes, in JSON."""

from __future__ import annotations

from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError

from graphql_api.execution.errors import present
from graphql_api.execution.outcomes import Answer, Encoded, Failure


def answer(outcome: ExecutionResult | Failure) -> dict[str, Any]:
    """The answer as an object; one of a request that was never run has no `data`."""
    errors = present(outcome.errors or [])
    told = {"errors": errors} if errors else {}
    return told if isinstance(outcome, Failure) else {"data": outcome.data, **told}


def encode(message: dict[str, Any]) -> bytes:
    """JSON. A value that has none, from a scalar gone wrong, is our fault, and told as such."""
    try:
        return orjson.dumps(message)
    except TypeError as error:
        return orjson.dumps({"errors": present([_fault(error)])})


def without_errors(result: ExecutionResult) -> ExecutionResult | Encoded:
    """The answer in JSON, if it has no errors: so it may be kept, and given to others. Else the result, with them."""
    if result.errors:
        return result
    try:
        return Encoded(orjson.dumps(answer(result)))
    except TypeError as error:
        return ExecutionResult(None, [_fault(error)])


def _fault(error: TypeError) -> GraphQLError:
    return GraphQLError("unserializable", original_error=error)


def encoded(outcome: Answer) -> bytes:
    """The answer in JSON."""
    return outcome.body if isinstance(outcome, Encoded) else encode(answer(outcome))


def codes(message: dict[str, Any]) -> list[str]:
    """The codes of an answer's errors."""
    return [error["extensions"]["code"] for error in message.get("errors", [])]
