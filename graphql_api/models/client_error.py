"""What a client is told at the top level of an answer: errors with the codes of the README's table.

A rule's "no" to a mutation's input is a Refusal (models/refusal.py), and data; these are for the request
itself.
"""
# ruff: noqa: N818 - each is named for what the client is told, as refusals are

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar


class ErrorCode(StrEnum):
    """Every value that extensions.code of a top-level error can have."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    BAD_CURSOR = "BAD_CURSOR"
    CURSOR_EXPIRED = "CURSOR_EXPIRED"
    RATE_LIMITED = "RATE_LIMITED"
    TOO_COSTLY = "TOO_COSTLY"
    TIMEOUT = "TIMEOUT"
    SERVICE_UNAVAILABLE = "SERVICE_UNAVAILABLE"
    INTERNAL = "INTERNAL"
    PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    OPERATION_UNRESOLVED = "OPERATION_RESOLUTION_FAILURE"


class ClientError(Exception):
    """Something the client is told in so many words, with a code; raise one of the named subclasses.

    `retry_after`, in whole seconds, says when it makes sense to try again.
    """

    code: ClassVar[ErrorCode]
    says: ClassVar[str]

    def __init__(self, message: str | None = None, *, retry_after: int | None = None) -> None:
        self.message = message or self.says
        self.retry_after = retry_after
        super().__init__(self.message)

    @property
    def extensions(self) -> dict[str, Any]:
        """The error's `extensions` in an answer; GraphQL takes them over from here."""
        waiting = {} if self.retry_after is None else {"retryAfter": self.retry_after}
        return {"code": self.code.value, **waiting}


class Unauthenticated(ClientError):
    """Nobody is signed in, or the token is unknown, expired or revoked."""

    code, says = ErrorCode.UNAUTHENTICATED, "Sign in with a valid token"


class Forbidden(ClientError):
    """The token's scopes or the viewer's role do not allow the operation."""

    code, says = ErrorCode.FORBIDDEN, "You are not allowed to do this"


class NotFound(ClientError):
    """Not there, or not to be seen by this viewer: the words are the same."""

    code, says = ErrorCode.NOT_FOUND, "Not found"


class BadUserInput(ClientError):
    """An argument that can never work: a page size, a page's cursor, a scalar, a malformed request."""

    code, says = ErrorCode.BAD_USER_INPUT, "The request is malformed"


class BadCursor(ClientError):
    """A position that is not of this event stream."""

    code, says = ErrorCode.BAD_CURSOR, "The cursor does not belong to this stream"


class CursorExpired(ClientError):
    """A position whose following events are no longer kept."""

    code, says = ErrorCode.CURSOR_EXPIRED, "The cursor is too old; read the current state and start anew"


class RateLimited(ClientError):
    """Too much at once."""

    code, says = ErrorCode.RATE_LIMITED, "Too many requests"


class TooCostly(ClientError):
    """An operation larger than is let through."""

    code, says = ErrorCode.TOO_COSTLY, "The operation is too large"


class TimedOut(ClientError):
    """A query that took longer than is allowed."""

    code, says = ErrorCode.TIMEOUT, "The operation took too long"


class ServiceUnavailable(ClientError):
    """Something we depend on is away for the moment; `retry_after` is always there."""

    code, says = ErrorCode.SERVICE_UNAVAILABLE, "The service is not available at the moment"

    def __init__(self, message: str | None = None, *, retry_after: int = 5) -> None:
        super().__init__(message, retry_after=retry_after)


class ValidationFailed(ClientError):
    """The document does not fit the schema."""

    code, says = ErrorCode.VALIDATION_FAILED, "The document does not fit the schema"


class OperationUnresolved(ClientError):
    """The request does not name one of the document's operations."""

    code, says = ErrorCode.OPERATION_UNRESOLVED, "Which operation to run is not clear"
