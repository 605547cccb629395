"""What a database's error means to who asked: that it is away, that somebody else was first, or neither."""

from __future__ import annotations

import re
from sqlite3 import SQLITE_ERROR, SQLITE_READONLY
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
_GIVEN: Final = re.compile(r"(invalid input for query argument \$\d+)[^\n]*")
_AFTER: Final = r"HINT:|\[SQL|The above exception was|During handling of the above"
_VALUES: Final = re.compile(rf"\n[ |]*DETAIL:.*?(?=(?:\n[ |]*)+(?:{_AFTER})|\Z)", re.DOTALL)
# asyncpg repeats a value that it could not send; PostgreSQL, below DETAIL, the row that it refused, empty lines and all


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


def is_read_only(error: BaseException) -> bool:
    """Whether SQLite may only read its file."""
    return _sqlite_code(error) == SQLITE_READONLY


def is_unavailable(error: BaseException) -> bool:
    """Whether the database, or the way to it, is away for the moment, so that trying again may help."""
    if isinstance(error, OperationalError):
        return _sqlite_code(error) != SQLITE_ERROR  # a missing table or wrong SQL, which no retry mends
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


def in_a_line(error: BaseException) -> str:
    """What kind of error it is and what it says, without the values that a statement was given."""
    said = _origin(error) or error
    return without_values(f"{type(said).__name__}: {said}").partition("\n")[0]


def without_values(said: str) -> str:
    """What errors say, without rows and parameters: they are whose they are, and no matter of the log."""
    return _VALUES.sub("", _GIVEN.sub(r"\1…", said))


def _origin(error: BaseException) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error


def _sqlite_code(error: BaseException) -> int:
    return cast("int", getattr(_origin(error), "sqlite_errorcode", 0)) & 0xFF
