"""Errors as clients see them: what is theirs is told with a code, what is ours is masked and logged."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any, Final

import structlog
from graphql import GraphQLError

from graphql_api.models.client_error import BadUserInput, ClientError, ErrorCode, ServiceUnavailable, TimedOut
from graphql_api.reading.faults import in_a_line, is_unavailable, state_of, took_too_long

MASKED: Final = "Something went wrong on our side"
_KNOWN: Final = frozenset(ErrorCode)
_UNTRANSLATABLE: Final = "22021"  # PostgreSQL: U+0000 in a text

log: structlog.stdlib.BoundLogger = structlog.get_logger("graphql_api.execution")


def present(errors: Iterable[GraphQLError]) -> list[dict[str, Any]]:
    """The `errors` of an answer. Call it once an answer: our faults are logged on the way, and an outage once."""
    told = list(errors)
    if away := away_among(told):
        log.warning("service unavailable", error=in_a_line(away))
    return [_presented(error) for error in told]


def note_faults(errors: Iterable[GraphQLError]) -> None:
    """Log what is our fault among errors that no answer tells."""
    present(errors)


def as_graphql_error(error: Exception) -> GraphQLError:
    """Any exception as an error of the request as a whole."""
    return error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)


def coded(error: GraphQLError, code: ErrorCode) -> GraphQLError:
    """The same error of graphql-core's own, known from now on as the client's, with this code."""
    error.extensions = {"code": code.value}
    return error


def away_among(errors: Iterable[GraphQLError]) -> Exception | None:
    """The first that only says that the database could not be reached: later, the same may well be answered."""
    return next((cause for cause in map(_cause, errors) if is_unavailable(cause)), None)


def _presented(error: GraphQLError) -> dict[str, Any]:
    message, extensions = _verdict(error)
    where = error.formatted
    return {
        "message": message,
        **{key: value for key, value in where.items() if key in {"locations", "path"}},
        "extensions": extensions,
    }


def _verdict(error: GraphQLError) -> tuple[str, dict[str, Any]]:
    cause = _cause(error)
    if isinstance(cause, ClientError):
        return cause.message, cause.extensions
    if error.extensions and error.extensions.get("code") in _KNOWN:
        return error.message, error.extensions
    if _is_argument(error):
        return error.message, BadUserInput().extensions
    return _ours(error, cause)


def _ours(error: GraphQLError, cause: Exception) -> tuple[str, dict[str, Any]]:
    if state_of(cause) == _UNTRANSLATABLE:
        return "Text cannot contain the character U+0000", BadUserInput().extensions
    if took_too_long(cause):
        late = TimedOut()
        return late.message, late.extensions
    if is_unavailable(cause):
        away = ServiceUnavailable()
        return away.message, away.extensions
    error_id = secrets.token_hex(5)
    log.error("internal error", error_id=error_id, path=error.path, exc_info=cause)
    return MASKED, {"code": ErrorCode.INTERNAL.value, "errorId": error_id}


def _cause(error: Exception) -> Exception:
    """What was raised first, below GraphQL's own wrapping."""
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error


def _is_argument(error: GraphQLError) -> bool:
    """Whether an argument's value did not fit, which graphql-core only says by its words."""
    own = error.original_error is None or isinstance(error.original_error, GraphQLError)
    return own and error.message.startswith("Argument '")
