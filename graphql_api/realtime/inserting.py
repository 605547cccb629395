"""Inserts: new rows, written past the ORM's unit of work; on PostgreSQL those of several tables by one message."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Table, insert

from graphql_api.models import rows
from graphql_api.reading.prepared import run_within
from graphql_api.reading.questions import Spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Dialect
    from sqlalchemy.orm import Session

STREAM_OF = {rows.Notification: "recipient_id", rows.PartnerEvent: "partner_id"}
"""What takes a place in a stream, with what names the stream."""
ORDER = {table: place for place, table in enumerate(rows.Base.metadata.sorted_tables)}
"""Of tables: whatever a row names is of one before."""


class Insert:
    """How rows of one model are written to one kind of database."""

    def __init__(self, model: type[rows.Base], dialect: Dialect) -> None:
        """Write the SQL."""
        table = _table_of(model)
        self._spelled = Spelled(insert(table).values(dict.fromkeys(table.columns.keys())), dialect)
        self._names = table.columns.keys()
        self.sql = self._spelled.sql

    def arguments(self, row: rows.Base) -> list[Any]:
        """What goes with the SQL for this row."""
        return self._spelled.arguments(vars(row))

    def document(self, new: Iterable[rows.Base]) -> str:
        """What goes with _from_json() for these rows."""
        named = [dict(zip(self._names, self.arguments(row), strict=True)) for row in new]
        return orjson.dumps(named, default=str).decode()


def write(session: Session, new: Sequence[rows.Base]) -> None:
    """Write new rows within the session's transaction."""
    ordered = sorted(new, key=lambda row: ORDER[_table_of(type(row))])
    by_model = {model: list(same) for model, same in groupby(ordered, type)}
    dialect = session.get_bind().dialect
    if dialect.name == "postgresql":
        for models in _together(by_model):
            documents = [_insert(model, dialect).document(by_model[model]) for model in models]
            run_within(session, _from_json(models, dialect), [documents])
        return
    for model, same in by_model.items():
        made = _insert(model, dialect)
        run_within(session, made.sql, [made.arguments(row) for row in same])


def _together(models: Iterable[type[rows.Base]]) -> Iterator[tuple[type[rows.Base], ...]]:
    """What may be written by one statement: the second wall looks for what a row hangs on as it was before that."""
    together: list[type[rows.Base]] = []
    for model in models:
        names = {key.column.table for key in _table_of(model).foreign_keys}
        if names & {_table_of(other) for other in together}:
            yield tuple(together)
            together = []
        together.append(model)
    if together:
        yield tuple(together)


_made: dict[tuple[type[rows.Base], str], Insert] = {}


def _insert(model: type[rows.Base], dialect: Dialect) -> Insert:
    place = model, dialect.name
    if place not in _made:
        _made[place] = Insert(model, dialect)
    return _made[place]


_spelled: dict[tuple[type[rows.Base], ...], str] = {}


def _from_json(models: tuple[type[rows.Base], ...], dialect: Dialect) -> str:
    """One statement that writes to all these tables: its arguments are documents, each of a list of rows."""
    if models not in _spelled:
        *first, last = [_one_from_json(model, place, dialect) for place, model in enumerate(models, 1)]
        before = ", ".join(f"written_{place} AS ({one})" for place, one in enumerate(first))
        _spelled[models] = f"WITH {before} {last}" if first else last
    return _spelled[models]


def _one_from_json(model: type[rows.Base], place: int, dialect: Dialect) -> str:
    """Its own JSON comes as text, as Insert.arguments() has it."""
    table = _table_of(model)
    types = {column.name: column.type.compile(dialect) for column in table.columns}
    read = ", ".join(f"{name} {'text' if type_ == 'JSON' else type_}" for name, type_ in types.items())
    given = ", ".join(f"{name}::json" if type_ == "JSON" else name for name, type_ in types.items())
    new = f"SELECT {given} FROM json_to_recordset(${place}::text::json) AS new ({read})"  # noqa: S608 - names of ours
    return f"INSERT INTO {table.name} ({', '.join(types)}) {new}"


def _table_of(model: type[rows.Base]) -> Table:
    return rows.Base.metadata.tables[model.__tablename__]
