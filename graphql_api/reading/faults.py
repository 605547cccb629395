"""What a database's error means to who asked: that it is away, that somebody else was first, or neither."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar, cast

from asyncpg import InternalClientError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

Result = TypeVar("Result")

_AWAY: Final = (PoolTimeout, InterfaceError, InternalClientError)
# asyncpg's own, the last: it was asked while the server's last words came in
_AWAY_STATES: Final = ("08", "53", "57P", "25006")
# PostgreSQL: connection lost, out of resources, shutting down, not or no longer the primary
_TOO_LONG: Final = "57014"  # PostgreSQL: longer than statement_timeout
_LOST_RACES: Final = ("40001", "40P01")  # PostgreSQL: serialization failure, deadlock
_SQLITE_MISUSE: Final = 1  # SQLITE_ERROR: a missing table or wrong SQL, which no retry mends


async def once_more(work: Callable[[], Awaitable[Result]]) -> Result:
    """What the work answers; tried again, once, where the database ended its transaction in favour of another.

    Everything that the work did was in that transaction, so it may be done from the start.
    """
    try:
        return await work()
    except DBAPIError as error:
        if not is_lost_race(error):
            raise
    return await work()


def is_lost_race(error: BaseException) -> bool:
    """Whether the database ended a transaction, whole, because of another one."""
    return state_of(error) in _LOST_RACES


def took_too_long(error: BaseException) -> bool:
    """Whether the database gave a statement up because its time was over."""
    return state_of(error) == _TOO_LONG


def is_unavailable(error: BaseException) -> bool:
    """Whether the database, or the way to it, is away for the moment, so that trying again may help."""
    if isinstance(error, OperationalError):
        return not _is_sqlite_misuse(error)
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, OSError):
        return error.filename is None  # the network: a file is named
    if isinstance(error, _AWAY) or isinstance(_origin(error), _AWAY):
        return True
    return (state_of(error) or "").startswith(_AWAY_STATES) or is_lost_race(error)


def state_of(error: BaseException) -> str | None:
    """PostgreSQL's SQLSTATE, of asyncpg's own exceptions and of those that SQLAlchemy wraps."""
    return getattr(_origin(error), "sqlstate", None)


def _origin(error: BaseException) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error


def _is_sqlite_misuse(error: OperationalError) -> bool:
    return cast("int", getattr(error.orig, "sqlite_errorcode", 0)) & 0xFF == _SQLITE_MISUSE
