"""Inserts: new rows, written past the ORM's unit of work, and the streams that move with them.

On PostgreSQL one message writes to several tables.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import Table, TypeDecorator, insert
from sqlalchemy.dialects.postgresql.asyncpg import dialect as postgresql
from sqlalchemy.dialects.sqlite.aiosqlite import dialect as sqlite

from graphql_api.models import rows
from graphql_api.reading import prepared
from graphql_api.reading.questions import Spelled
from graphql_api.writing import streams
from graphql_api.writing.streams import STREAM_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from uuid import UUID

    from sqlalchemy import Dialect
    from sqlalchemy.orm import Session

    Model = type[rows.Base]

NO_STEPS: Final[dict[UUID, int]] = {}
POSTGRESQL: Final[Dialect] = postgresql()  # type: ignore[no-untyped-call]
SQLITE: Final[Dialect] = sqlite()
ORDER: Final = {table: place for place, table in enumerate(rows.Base.metadata.sorted_tables)}
"""Of tables: whatever a row names is of one before."""


async def write(
    session: Session, new: Iterable[rows.Base], steps: Mapping[UUID, int] = NO_STEPS
) -> dict[UUID, int]:
    """Write new rows within the session's transaction, and move streams; where each of those stands then.

    Where a row's `position` is, is told from where its stream stands then.
    """
    by_model: defaultdict[Model, list[rows.Base]] = defaultdict(list)
    for row in new:
        by_model[type(row)].append(row)
    writing = _to_postgresql if session.get_bind().dialect.name == "postgresql" else _to_sqlite
    return await writing(session.info[prepared.DRIVER], by_model, steps)


async def _to_sqlite(
    driver: Any, by_model: Mapping[Model, Sequence[rows.Base]], steps: Mapping[UUID, int]
) -> dict[UUID, int]:
    moving = [[streams.document(steps)]]
    moved = streams.stands(await prepared.run(driver, streams.SQLITE, moving)) if steps else {}
    _settle(by_model, moved)
    for model in _in_order(by_model):
        one = _one(model)
        await prepared.run(driver, one.sql, [one.arguments(vars(row)) for row in by_model[model]])
    return moved


async def _to_postgresql(
    driver: Any, by_model: Mapping[Model, Sequence[rows.Base]], steps: Mapping[UUID, int]
) -> dict[UUID, int]:
    found: Sequence[Any] = ()
    for models, sql, moves in _messages(frozenset(by_model), moves=bool(steps)):
        moving = [streams.document(steps)] if moves else []
        found = await prepared.run(
            driver, sql, [[*moving, *(_document(model, by_model[model]) for model in models)]]
        )
    moved = streams.stands(found) if steps else {}
    _settle(by_model, moved)
    return moved


def _settle(by_model: Mapping[Model, Sequence[rows.Base]], moved: Mapping[UUID, int]) -> None:
    """Give rows the positions that were taken for them."""
    for model, stream in STREAM_OF.items():
        for row in by_model.get(model, ()):
            vars(row)["position"] += moved[getattr(row, stream)]


def _in_order(models: Collection[Model]) -> list[Model]:
    return sorted(models, key=lambda model: ORDER[_table_of(model)])


@cache
def _one(model: Model) -> Spelled:
    """How a row is written to SQLite."""
    table = _table_of(model)
    return Spelled(insert(table).values(dict.fromkeys(table.columns.keys())), SQLITE)


@cache
def _messages(models: frozenset[Model], *, moves: bool) -> list[tuple[list[Model], str, bool]]:
    """How rows of these models are written to PostgreSQL: by each message those of which, a document each.

    The second wall looks for what a row hangs on as it was before the statement: another must have written that.
    The last message moves the streams, if any, and writes what has a place there.
    """
    alone, together = _in_order(models - STREAM_OF.keys()), [list[Any]()]
    for some in [*([model] for model in alone), _in_order(models & STREAM_OF.keys())]:
        names = {key.column.table for model in some for key in _table_of(model).foreign_keys}
        if names & set(map(_table_of, together[-1])):
            together.append([])
        together[-1] += some
    *before, last = together
    sent = [(one, _statement(one, moves=False), False) for one in before]
    return [*sent, (last, _statement(last, moves=moves), moves)]


def _statement(models: Iterable[Model], *, moves: bool) -> str:
    """One statement that moves the streams and writes to all these tables, from a document for each of that."""
    written = [f"moved AS ({streams.POSTGRESQL})"] if moves else []
    for model in models:
        written.append(f"written_{len(written)} AS ({_from_document(model, len(written) + 1)})")
    return f"WITH {', '.join(written)} SELECT {'id, position FROM moved' if moves else 'NULL'}"  # noqa: S608


def _from_document(model: Model, place: int) -> str:
    table, stream = _table_of(model), STREAM_OF.get(model)
    types = ", ".join(f"{column.name} {column.type.compile(POSTGRESQL)}" for column in table.columns)
    new = f"json_to_recordset(${place}::text::json) AS new ({types})"
    values = {column.name: f"new.{column.name}" for column in table.columns}
    if stream:
        new += f" JOIN moved ON moved.id = new.{stream}"
        values["position"] = "moved.position + new.position"
    return f"INSERT INTO {table.name} ({', '.join(values)}) SELECT {', '.join(values.values())} FROM {new}"  # noqa: S608


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
