"""Relations that are known to be asked for next, brought along with the rows that lead to them.

A row's relation to one other (a link's client, its deal) costs a statement of its own; joined to the statement that
reads the rows, it costs next to nothing. What was brought is what the relation would have answered, under the same
conditions, and is remembered as if it had been asked.
"""

from __future__ import annotations

from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import outerjoin

from graphql_api.dataloaders.asking import SightedQuestion, records
from graphql_api.dataloaders.batches import Row
from graphql_api.dataloaders.relations import RELATIONS
from graphql_api.reading.records import CHILDREN, columns_of, maker_of, names_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from sqlalchemy import FromClause, Select

    from graphql_api.access.sight import Sight
    from graphql_api.database import View
    from graphql_api.dataloaders.batches import Batch
    from graphql_api.dataloaders.loaders import Loaders


class Lead(NamedTuple):
    """Where rows lead: the relation of that name, asked with each row's `key`."""

    name: str
    key: str


def leads_from(model: Any, asked: Iterable[Lead]) -> tuple[Lead, ...]:
    """Those of the leads that can be brought along with rows of the model: to one row each, of tables that differ."""
    brought: dict[Any, Lead] = {}
    for lead in asked:
        row = RELATIONS[lead.name]
        if isinstance(row, Row) and row.model not in CHILDREN and lead.key in names_of(model):
            brought.setdefault(row.model.__table__, lead)
    return tuple(brought.values())


def with_leads(
    rows: Select[Any], leads: Sequence[Lead], sight: Sight, order: Iterable[tuple[str, bool]] = ()
) -> Select[Any]:
    """The same rows, each with what it leads to beside it, or with nulls.

    `order` names the columns by which they were sorted, with whether that was descending.
    """
    if not leads:
        return rows
    held = rows.subquery()
    columns: list[Any] = [*held.c]
    source: FromClause = held
    for lead in leads:
        row = _row(lead)
        columns += columns_of(row.model)
        source = outerjoin(source, row.model, and_(row.key == held.c[lead.key], row.seen(sight)))
    ordered = (held.c[by].desc() if down else held.c[by] for by, down in order)
    return select(*columns).select_from(source).order_by(*ordered)


def bringing(loaders: Loaders, row: Row, leads: Sequence[Lead]) -> Batch:
    """The row of each key, as the batch `row` answers it, with what it leads to."""
    if not leads:
        return row
    asked, width = _asked(row, tuple(leads)), len(names_of(row.model))

    async def batch(database: View, sight: Sight, keys: Sequence[UUID]) -> list[Any]:
        found = (await asked(database, sight, keys=keys)).columns
        made = await records(database, sight, row.model, found[:width])
        remember(loaders, leads, made, found[width:])
        by_key = {getattr(one, row.key.key): one for one in made}
        return [by_key.get(key) for key in keys]

    return batch


@lru_cache(maxsize=1_000)
def _asked(row: Row, leads: tuple[Lead, ...]) -> SightedQuestion:
    return SightedQuestion(lambda sight: with_leads(row.select(sight), leads, sight))


def remember(
    loaders: Loaders, leads: Sequence[Lead], records: Sequence[Any], columns: Sequence[Sequence[Any]]
) -> None:
    """Let the loaders know what stood beside the records, in the columns that with_leads() has added."""
    start = 0
    for lead in leads:
        row, known = _row(lead), loaders.known(lead.name)
        names, make = names_of(row.model), maker_of(row.model)
        theirs, start = columns[start : start + len(names)], start + len(names)
        keys, own = map(attrgetter(lead.key), records), theirs[names.index(row.key.key)]
        found = zip(keys, own, zip(*theirs, strict=True), strict=True)
        known.update({key: None if of is None else make(values) for key, of, values in found} | known)


def _row(lead: Lead) -> Row:
    row = RELATIONS[lead.name]
    assert isinstance(row, Row)  # noqa: S101 - leads_from() has chosen it
    return row
