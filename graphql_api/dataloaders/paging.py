"""Pages by key, both ways, of one list or of many parents' lists at once.

A page is found by the values of the row at its edge, never by offset, and read by an index as far as it goes. The pages
of many parents' lists (the links of fifty clients) are one statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, asc, bindparam, desc, func, or_, select, true

from graphql_api.bounded import Bounded
from graphql_api.dataloaders.ahead import remember, with_leads
from graphql_api.dataloaders.asking import records
from graphql_api.dataloaders.page import Edge, Page, PageInfo
from graphql_api.reading.questions import KEYS, Question, each_key
from graphql_api.reading.records import columns_of, names_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncSession

    from graphql_api.dataloaders.ahead import Lead
    from graphql_api.dataloaders.loaders import Loaders
    from graphql_api.dataloaders.order import Order, Sort
    from graphql_api.dataloaders.window import Window


@dataclass(frozen=True, slots=True)
class PageRequest:
    """One page of a list, or one of each parent's list."""

    model: Any
    listing: Callable[[], Select[Any]]
    """The rows; asked for only where the question is not known yet."""
    order: Order
    window: Window
    known_by: tuple[Hashable, ...] | None
    """What tells this list from others; None for one that is not asked again."""
    ahead: tuple[Lead, ...] = ()
    """Where the rows lead that is brought along."""
    parent: Any = None
    """The column that names whose list it is, where the rows are many parents' lists."""


PARENT: Final = "parent"
"""The parameter that takes whose list is asked for, where that is one parent's."""


QUESTIONS: Bounded[Hashable, Question] = Bounded(1_000, 4_000_000)
"""Those asked lately; their size is the length of their SQL."""


async def read_page(
    loaders: Loaders, asked: PageRequest, count: Callable[[], Awaitable[int]], key: UUID | None = None
) -> Page:
    """One page of the rows that the viewer sees: of those of the parent with this key, where the list has parents."""
    question = _question(loaders, asked, _page_of)
    values = loaders.sight.values | _edges(asked) | {PARENT: key}
    found = await loaders.database.ask(question, values)
    return _page(await _read(loaders, asked, found.columns), asked, count)


async def read_pages(
    loaders: Loaders, asked: PageRequest, keys: Sequence[UUID], count: Callable[[UUID], Awaitable[int]]
) -> list[Page]:
    """For each of the parents' keys one page of its rows, all in one statement."""
    if len(keys) == 1:
        return [await read_page(loaders, asked, partial(count, keys[0]), keys[0])]
    question = _question(loaders, asked, _pages_of)
    values = loaders.sight.values | _edges(asked) | {KEYS: keys}
    columns = (await loaders.database.ask(question, values)).columns
    found: dict[UUID, list[Edge]] = {key: [] for key in keys}
    parents = columns[names_of(asked.model).index(asked.parent.key)]
    for key, edge in zip(parents, await _read(loaders, asked, columns), strict=True):
        found[key].append(edge)
    return [_page(found[key], asked, partial(count, key)) for key in keys]


async def _read(loaders: Loaders, asked: PageRequest, columns: Sequence[Sequence[Any]]) -> list[Edge]:
    """The rows found, in these columns, and where each stands."""
    width = len(names_of(asked.model))
    beside = width + len(asked.order.sorts)
    made = await records(loaders.database, loaders.sight, asked.model, columns[:width])
    remember(loaders, asked.ahead, made, columns[beside:])
    return list(map(Edge, made, repeat(asked.order), zip(*columns[width:beside], strict=True)))


def _question(
    loaders: Loaders, asked: PageRequest, build: Callable[[Loaders, PageRequest], Select[Any]]
) -> Question:
    database, sight = loaders.database, loaders.sight
    if asked.known_by is None:
        return database.question(build(loaders, asked))
    window, bounded = asked.window, (asked.window.after is None, asked.window.before is None)
    place = (
        build,
        database.kind,
        sight.kind,
        *asked.known_by,
        asked.order.name,
        window.size,
        window.backward,
        bounded,
        getattr(asked.parent, "key", None),
        asked.ahead,
    )
    question = QUESTIONS.find(place)
    if question is None:
        question = database.question(build(loaders, asked))
        QUESTIONS.keep(place, question, len(question.sql))
    return question


def _page_of(loaders: Loaders, asked: PageRequest) -> Select[Any]:
    listing, sorts = asked.listing(), _direction(asked.order, asked.window)
    if asked.parent is not None:
        listing = listing.where(asked.parent == bindparam(PARENT, None, type_=asked.parent.type))
    page = listing.with_only_columns(*_columns(asked)).where(*_bounds(asked)).order_by(*_ordering(sorts))
    return with_leads(page.limit(asked.window.size + 1), asked.ahead, loaders.sight, _named(sorts))


def _pages_of(loaders: Loaders, asked: PageRequest) -> Select[Any]:
    """For each key a page of its own. SQLite has no LATERAL, but may ask for the keys of a page row by row instead."""
    kind, sorts = loaders.database.kind, _direction(asked.order, asked.window)
    keys = each_key(asked.parent.type, kind)
    of_one = asked.listing().where(asked.parent == keys.c.value, *_bounds(asked))
    page = of_one.order_by(*_ordering(sorts)).limit(asked.window.size + 1)
    if kind == "postgresql":
        own = page.with_only_columns(*_columns(asked)).lateral()
        pages = select(*own.c).select_from(keys).join(own, true())
    else:
        ids = page.with_only_columns(asked.model.id).correlate(keys)
        pages = select(*_columns(asked)).select_from(keys).join(asked.model, asked.model.id.in_(ids))
    order: list[Any] = [desc(name) if down else asc(name) for name, down in _named(sorts)]
    return with_leads(pages.order_by(*order), asked.ahead, loaders.sight, _named(sorts))


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


def _columns(asked: PageRequest) -> list[Any]:
    sorted_by = (sort.expression.label(f"sorted_by_{place}") for place, sort in enumerate(asked.order.sorts))
    return [*columns_of(asked.model), *sorted_by]


def _named(sorts: Iterable[Sort]) -> list[tuple[str, bool]]:
    return [(f"sorted_by_{place}", sort.descending) for place, sort in enumerate(sorts)]


def _bounds(asked: PageRequest) -> list[ColumnElement[bool]]:
    bounds = []
    if asked.window.after is not None:
        bounds.append(_beyond(asked.order.sorts, "after"))
    if asked.window.before is not None:
        flipped = [sort._replace(descending=not sort.descending) for sort in asked.order.sorts]
        bounds.append(_beyond(flipped, "before"))
    return bounds


def _edges(asked: PageRequest) -> dict[str, Any]:
    """The values at the page's edges, as the question's parameters."""
    given = {"after": asked.window.after, "before": asked.window.before}
    return {
        f"{edge}_{place}": value
        for edge, cursor in given.items()
        if cursor is not None
        for place, value in enumerate(asked.order.values_at(cursor))
    }


def _beyond(sorts: Sequence[Sort], edge: str) -> ColumnElement[bool]:
    """The rows that come later than this edge; the first condition alone is what an index can use."""
    values = [
        bindparam(f"{edge}_{place}", None, type_=sort.expression.type) for place, sort in enumerate(sorts)
    ]
    ways = []
    for place, (sort, value) in enumerate(zip(sorts, values, strict=True)):
        same = (s.expression == v for s, v in zip(sorts[:place], values, strict=False))
        ways.append(and_(*same, sort.expression < value if sort.descending else sort.expression > value))
    first = sorts[0]
    reach = first.expression <= values[0] if first.descending else first.expression >= values[0]
    return and_(reach, or_(*ways))


def _page(found: Sequence[Edge], asked: PageRequest, count: Callable[[], Awaitable[int]]) -> Page:
    window = asked.window
    more = len(found) > window.size
    edges = list(found[: window.size])
    if window.backward:
        edges.reverse()
    has_next = window.before is not None or (more and not window.backward)
    has_previous = window.after is not None or (more and window.backward)
    return Page(edges, PageInfo(has_next, has_previous, edges), count)
