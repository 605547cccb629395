"""Pages by key, both ways, of one list or of many parents' lists at once.

A page is found by the values of the row at its edge, never by offset. The lists of many parents (the links of fifty
clients) are read by one statement that numbers each parent's rows on their own.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import and_, func, or_, select

from graphql_api.models.client_error import BadUserInput

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.ext.asyncio import AsyncSession
    from sqlalchemy.orm import InstrumentedAttribute

DEFAULT_SIZE = 20
LARGEST_SIZE = 100
LARGEST_NUMBER = 2**63 - 1
"""What every database takes for a whole number of eight bytes; no list is sorted by a larger one."""


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


@dataclass(frozen=True, slots=True)
class Edge:
    """A row on a page, and where it stands in the list."""

    cursor: str
    node: Any


@dataclass(frozen=True, slots=True)
class PageInfo:
    """Whether there is more on either side."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. The whole list is counted only when asked for."""

    edges: list[Edge]
    page_info: PageInfo
    count: Callable[[], Awaitable[int]]

    @property
    def nodes(self) -> list[Any]:
        """The rows alone."""
        return [edge.node for edge in self.edges]


async def read_page(
    session: AsyncSession,
    listing: Select[Any],
    order: Order,
    window: Window,
    count: Callable[[], Awaitable[int]],
) -> Page:
    """One page of the rows that `listing` selects."""
    sorts = _direction(order, window)
    statement = listing.add_columns(*(sort.expression for sort in order.sorts))
    statement = statement.where(*_bounds(order, window)).order_by(*_ordering(sorts)).limit(window.size + 1)
    return _page((await session.execute(statement)).all(), order, window, count)


async def read_pages(
    session: AsyncSession,
    listing: Select[Any],
    order: Order,
    window: Window,
    parent: Any,
    keys: Sequence[UUID],
    count: Callable[[UUID], Awaitable[int]],
) -> list[Page]:
    """For each of the keys one page of the rows whose `parent` it is, all in one statement."""
    sorts = _direction(order, window)
    number = func.row_number().over(partition_by=parent, order_by=_ordering(sorts)).label("number")
    model = listing.column_descriptions[0]["entity"]
    numbered = (
        listing.with_only_columns(model.id, parent.label("parent"), number)
        .where(parent.in_(keys), *_bounds(order, window))
        .subquery()
    )
    statement = (
        select(model, numbered.c.parent, *(sort.expression for sort in order.sorts))
        .join(numbered, numbered.c.id == model.id)
        .where(numbered.c.number <= window.size + 1)
        .order_by(numbered.c.number)
    )
    found: dict[UUID, list[Any]] = {key: [] for key in keys}
    for row in (await session.execute(statement)).all():
        found[row.parent].append((row[0], *row[2:]))
    return [_page(found[key], order, window, partial(count, key)) for key in keys]


async def count_of(session: AsyncSession, listing: Select[Any]) -> int:
    """How many rows the listing selects in all."""
    return await session.scalar(select(func.count()).select_from(listing.order_by(None).subquery())) or 0


async def counts_of(
    session: AsyncSession, listing: Select[Any], parent: Any, keys: Sequence[UUID]
) -> list[int]:
    """How many rows the listing selects for each parent."""
    statement = listing.with_only_columns(parent, func.count()).where(parent.in_(keys)).group_by(parent)
    found: dict[UUID, int] = dict((await session.execute(statement)).all())
    return [found.get(key, 0) for key in keys]


def _direction(order: Order, window: Window) -> list[Sort]:
    return [sort._replace(descending=sort.descending != window.backward) for sort in order.sorts]


def _ordering(sorts: Iterable[Sort]) -> list[ColumnElement[Any]]:
    return [sort.expression.desc() if sort.descending else sort.expression.asc() for sort in sorts]


def _bounds(order: Order, window: Window) -> list[ColumnElement[bool]]:
    bounds = []
    if window.after is not None:
        bounds.append(_beyond(order.sorts, _values(window.after, order)))
    if window.before is not None:
        flipped = [sort._replace(descending=not sort.descending) for sort in order.sorts]
        bounds.append(_beyond(flipped, _values(window.before, order)))
    return bounds


def _beyond(sorts: Sequence[Sort], values: Sequence[Any]) -> ColumnElement[bool]:
    """The rows that come later than these values; the first condition alone is what an index can use."""
    ways = []
    for place, (sort, value) in enumerate(zip(sorts, values, strict=True)):
        same = (s.expression == v for s, v in zip(sorts[:place], values, strict=False))
        ways.append(and_(*same, sort.expression < value if sort.descending else sort.expression > value))
    first = sorts[0]
    reach = first.expression <= values[0] if first.descending else first.expression >= values[0]
    return and_(reach, or_(*ways))


def _page(
    found: Sequence[Row[Any] | Any], order: Order, window: Window, count: Callable[[], Awaitable[int]]
) -> Page:
    more = len(found) > window.size
    kept = list(found[: window.size])
    if window.backward:
        kept.reverse()
    edges = [Edge(_cursor(order, row[1:]), row[0]) for row in kept]
    has_next = window.before is not None or (more and not window.backward)
    has_previous = window.after is not None or (more and window.backward)
    ends = (edges[0].cursor, edges[-1].cursor) if edges else (None, None)
    return Page(edges, PageInfo(has_next, has_previous, *ends), count)


def _cursor(order: Order, values: Iterable[Any]) -> str:
    plain = [str(value) if isinstance(value, UUID) else value for value in values]
    return urlsafe_b64encode(orjson.dumps([order.name, *plain])).decode()


READ: dict[type, Callable[[str], Any]] = {
    UUID: UUID,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    str: str,
}


def _values(cursor: str, order: Order) -> list[Any]:
    try:
        name, *plain = orjson.loads(urlsafe_b64decode(cursor.encode()))
        values = [_value(value, sort.type) for value, sort in zip(plain, order.sorts, strict=True)]
    except (ValueError, TypeError, OverflowError):
        name = None
    if name != order.name:
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
