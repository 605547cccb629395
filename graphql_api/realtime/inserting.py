"""Inserts: new rows, written past the ORM's unit of work; on PostgreSQL those of several tables by one message."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import Table, TypeDecorator, insert
from sqlalchemy.dialects.postgresql.asyncpg import dialect as postgresql
from sqlalchemy.dialects.sqlite.aiosqlite import dialect as sqlite

from graphql_api.models import rows
from graphql_api.reading.prepared import run_within
from graphql_api.reading.questions import Spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from sqlalchemy import Dialect
    from sqlalchemy.orm import Session

    Model = type[rows.Base]

STREAM_OF: Final[dict[Model, str]] = {rows.Notification: "recipient_id", rows.PartnerEvent: "partner_id"}
"""What takes a place in a stream, with what names the stream."""
POSTGRESQL: Final[Dialect] = postgresql()  # type: ignore[no-untyped-call]
SQLITE: Final[Dialect] = sqlite()
ORDER: Final = {table: place for place, table in enumerate(rows.Base.metadata.sorted_tables)}
"""Of tables: whatever a row names is of one before."""


def write(session: Session, new: Iterable[rows.Base]) -> None:
    """Write new rows within the session's transaction."""
    by_model: defaultdict[Model, list[rows.Base]] = defaultdict(list)
    for row in new:
        by_model[type(row)].append(row)
    if session.get_bind().dialect.name == "postgresql":
        for models, sql in _messages(frozenset(by_model)):
            run_within(session, sql, [[_document(model, by_model[model]) for model in models]])
        return
    for model in _in_order(by_model):
        one = _one(model)
        run_within(session, one.sql, [one.arguments(vars(row)) for row in by_model[model]])


def _in_order(models: Collection[Model]) -> list[Model]:
    return sorted(models, key=lambda model: ORDER[_table_of(model)])


@cache
def _one(model: Model) -> Spelled:
    """How a row is written to SQLite."""
    table = _table_of(model)
    return Spelled(insert(table).values(dict.fromkeys(table.columns.keys())), SQLITE)


@cache
def _messages(models: frozenset[Model]) -> list[tuple[list[Model], str]]:
    """How rows of these models are written to PostgreSQL: by each message those of which, a document each.

    The second wall looks for what a row hangs on as it was before the statement: another must have written that.
    """
    together: list[list[Model]] = []
    for model in _in_order(models):
        names = {key.column.table for key in _table_of(model).foreign_keys}
        if not together or names & set(map(_table_of, together[-1])):
            together.append([])
        together[-1].append(model)
    return [(some, _from_documents(some)) for some in together]


def _from_documents(models: Iterable[Model]) -> str:
    """One statement that writes to all these tables."""
    *first, last = [_from_document(model, place) for place, model in enumerate(models, 1)]
    before = ", ".join(f"written_{place} AS ({one})" for place, one in enumerate(first))
    return f"WITH {before} {last}" if first else last


def _from_document(model: Model, place: int) -> str:
    table = _table_of(model)
    names = ", ".join(table.columns.keys())
    types = ", ".join(f"{column.name} {column.type.compile(POSTGRESQL)}" for column in table.columns)
    new = f"SELECT {names} FROM json_to_recordset(${place}::text::json) AS new ({types})"  # noqa: S608 - names of ours
    return f"INSERT INTO {table.name} ({names}) {new}"


def _document(model: Model, new: Iterable[rows.Base]) -> str:
    """These rows as JSON."""
    columns = _columns(model)
    named = [
        {name: spell(values[name], POSTGRESQL) if spell else values[name] for name, spell in columns}
        for values in map(vars, new)
    ]
    return orjson.dumps(named, default=str).decode()


@cache
def _columns(model: Model) -> list[tuple[str, Callable[[Any, Dialect], Any] | None]]:
    """The model's columns, and how values of our own types are spelled. JSON spells the others as they are."""
    types = {column.name: column.type for column in _table_of(model).columns}
    return [
        (name, type_.process_bind_param if isinstance(type_, TypeDecorator) else None)
        for name, type_ in types.items()
    ]


def _table_of(model: Model) -> Table:
    return rows.Base.metadata.tables[model.__tablename__]
