"""How a list is sorted, and the cursors that say where in it a row stands."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import orjson

from graphql_api.models.client_error import BadUserInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute

LARGEST_NUMBER = 2**63 - 1
"""What every database takes for a whole number of eight bytes; no list is sorted by a larger one."""
READ: dict[type, Callable[[str], Any]] = {
    UUID: UUID,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    str: str,
}


class Sort(NamedTuple):
    """One thing that a list is sorted by. `type` is what its values are; never null."""

    expression: ColumnElement[Any] | InstrumentedAttribute[Any]
    type: type
    descending: bool = False


class Order(NamedTuple):
    """How a list is sorted. The name is kept in cursors, so that one made for another order is refused."""

    name: str
    sorts: tuple[Sort, ...]

    @classmethod
    def by(cls, name: str, key: Any, *sorts: Sort) -> Order:
        """Sorted so, and by the row's key where that leaves a tie."""
        return cls(f"{key.class_.__tablename__} {name}", (*sorts, Sort(key, UUID, sorts[-1].descending)))

    def cursor_at(self, values: Sequence[Any]) -> str:
        """Where a row with these values stands, for whoever asks for the next page."""
        plain = [str(value) if isinstance(value, UUID) else value for value in values]
        return urlsafe_b64encode(orjson.dumps([self.name, *plain])).decode()

    def values_at(self, cursor: str) -> list[Any]:
        """The values of the row that stands there.

        Raises:
            BadUserInput: the cursor was not made for this order, or by nobody here.

        """
        try:
            name, *plain = orjson.loads(urlsafe_b64decode(cursor.encode()))
            values = [_value(value, sort.type) for value, sort in zip(plain, self.sorts, strict=True)]
        except (ValueError, TypeError, OverflowError):
            name = None
        if name != self.name:
            msg = "The page cursor is not one of this list's"
            raise BadUserInput(msg)
        return values


def _value(value: Any, kind: type) -> Any:
    if kind in READ:
        if not isinstance(value, str):
            raise TypeError
        read = READ[kind](value)
        if isinstance(read, datetime):
            return _in_utc(read)
        if kind is str and "\x00" in read:
            raise ValueError
        return read
    if type(value) is not kind:
        raise TypeError
    if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
        raise ValueError
    return value


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)
