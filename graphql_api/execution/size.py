"""How large an answer is, found out before it is written.

What stands at many places is made once, so an answer of a gigabyte may take a megabyte of memory, until it is JSON.
"""

from __future__ import annotations

from typing import Any, Final

from graphql import ExecutionResult

from graphql_api.execution.errors import as_graphql_error, note_faults
from graphql_api.models.client_error import TooCostly

MAX_SIZE: Final = 32 * 2**20  # characters
_OTHERS: Final = 8  # of a number, true, false or null; about


def bounded(result: ExecutionResult) -> ExecutionResult:
    """The result, or an error in its place where it is larger than anybody is given."""
    size = size_of(result.data, {})
    if size <= MAX_SIZE:
        return result
    note_faults(result.errors or [])  # nobody else sees them
    says = f"The answer has {size:,} characters, and {MAX_SIZE:,} are the limit: lists within lists multiply"
    return ExecutionResult(None, [as_graphql_error(TooCostly(says))])


def size_of(value: Any, known: dict[int, int]) -> int:
    """How many characters its JSON has, more or less; `known` are the sizes of objects and lists by their identity."""
    if isinstance(value, str):
        return len(value) + 3
    if not isinstance(value, dict | list):
        return _OTHERS
    size = known.get(id(value))
    if size is None:
        size = known[id(value)] = _inside(value, known)
    return size


def _inside(value: dict[str, Any] | list[Any], known: dict[int, int]) -> int:
    if isinstance(value, list):
        return 2 + sum(size_of(item, known) for item in value)
    return 2 + sum(len(name) + 4 + size_of(item, known) for name, item in value.items())
