"""Questions: statements whose SQL is made once, and asked again and again with other values.

A value that differs from one asking to the next is a named parameter: the viewer, the keys of a level, the edge of a
page. Everything else is part of the question.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property, partial
from itertools import repeat
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

import orjson
from asyncpg.pgproto import pgproto
from sqlalchemy import ARRAY, Boolean, Enum, String, Uuid, any_, bindparam, cast, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ColumnElement

from graphql_api.models.base import UtcDateTime
from graphql_api.reading.wall import TOLD, behind_wall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Dialect, Insert, Select, TableValuedAlias
    from sqlalchemy.sql.compiler import SQLCompiler

    Reading = Callable[[Iterable[Any]], Iterable[Any]]

KEYS = "keys"
"""The parameter that takes the keys of a level."""


class Among(ColumnElement[bool]):
    """`column` is one of the keys: one parameter, however many they are, so one SQL for all levels."""

    inherit_cache = False
    type = Boolean()
    _is_implicitly_boolean = True  # else SQLAlchemy compares it with 1 for SQLite, which no index answers

    def __init__(self, column: Any) -> None:
        """The keys themselves come when the question is asked."""
        self.column = column


@compiles(Among, "postgresql")
def _among_array(among: Among, compiler: SQLCompiler, **kw: Any) -> str:
    return str(compiler.process(among.column == any_(_array(among.column.type)), **kw))


@compiles(Among, "sqlite")
def _among_json(among: Among, compiler: SQLCompiler, **kw: Any) -> str:
    keys = each_key(among.column.type, "sqlite")
    return str(compiler.process(among.column.in_(select(keys.c.value)), **kw))


def each_key(type_: Any, kind: str) -> TableValuedAlias:
    """The keys of a level as a table, of one column `value`."""
    if kind == "postgresql":
        return func.unnest(_array(type_)).table_valued("value").render_derived()
    return func.json_each(bindparam(KEYS, None, type_=String)).table_valued("value")


def _array(type_: Any) -> ColumnElement[Any]:
    return cast(bindparam(KEYS, None, type_=String), ARRAY(type_))


class Found:
    """The rows that were found, column by column: so they are read, and so records are made of them."""

    __slots__ = ("columns",)

    def __init__(self, columns: Sequence[Sequence[Any]]) -> None:
        """Each with the values of all the rows."""
        self.columns = columns

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """The rows."""
        return zip(*self.columns, strict=True)


class Spelled:
    """One statement as a dialect has it: its SQL, how values go with it, and how rows are read from it."""

    def __init__(self, statement: Select[Any] | Insert, dialect: Dialect) -> None:
        """Write its SQL."""
        compiled = _compiled(statement, dialect)
        self.sql: str = compiled.string
        constants = compiled.construct_params()
        self._parameters = [
            (name, constants.get(name), _writer(compiled.binds.get(name), dialect))
            for name in compiled.positiontup
        ]
        self._readers = [_reader(column.type, dialect) for column in statement.exported_columns]

    def arguments(self, values: Mapping[str, Any], *seen: str) -> list[Any]:
        """What goes with the SQL for these values of the named parameters; then what is `seen`."""
        given = [
            write(values.get(name, constant)) if write else values.get(name, constant)
            for name, constant, write in self._parameters
        ]
        return [*given, *seen]

    def found(self, rows: Sequence[Any]) -> Found:
        """The driver's rows, each value as its column's type has it."""
        columns = zip(*rows, strict=True) if rows else repeat((), len(self._readers))
        read = zip(self._readers, columns, strict=True)
        return Found([list(reader(column)) if reader else column for reader, column in read])


class Question(Spelled):
    """One select, prepared for one dialect."""

    def __init__(self, statement: Select[Any], dialect: Dialect) -> None:
        """Write its SQL."""
        super().__init__(statement, dialect)
        self.is_walled = dialect.name == "postgresql"
        self._told = partial(_compiled, statement.where(TOLD), dialect)

    @cached_property
    def walled(self) -> str:
        """The SQL for viewers: on PostgreSQL with what they see behind the wall as the last argument."""
        return behind_wall(self._told().string, len(self._parameters) + 1) if self.is_walled else self.sql

    def arguments(self, values: Mapping[str, Any], *seen: str) -> list[Any]:
        """What goes with the SQL for these values of the named parameters, and with the wall's for what is seen."""
        return super().arguments(values, *(seen if self.is_walled else ()))


class Answering(Protocol):
    """Who answers questions: the database."""

    @property
    def kind(self) -> str:
        """Which of the two: sqlite or postgresql."""

    def question(self, statement: Select[Any]) -> Question:
        """The statement, prepared."""

    async def ask(self, question: Question, values: Mapping[str, Any]) -> Found:
        """What the answer is now."""


def _compiled(statement: Select[Any] | Insert, dialect: Dialect) -> Any:
    return statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})


def _writer(parameter: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    if parameter is None:
        return None
    if parameter.key == KEYS:
        return _array_keys if dialect.name == "postgresql" else _json_keys
    found: Callable[[Any], Any] | None = parameter.type.dialect_impl(dialect).bind_processor(dialect)
    return found


def _array_keys(keys: Iterable[UUID | str]) -> str:
    """As one text: the driver looks at each item of a list several times over. No key needs quoting."""
    return f"{{{','.join(map(str, keys))}}}"


def _json_keys(keys: Iterable[UUID | str]) -> str:
    return orjson.dumps([key if isinstance(key, str) else key.hex for key in keys]).decode()


def _reader(type_: Any, dialect: Dialect) -> Reading | None:
    """How a column's values are read, by the quickest way there is: the drivers know most types themselves."""
    if isinstance(type_, Enum) and type_.enum_class:
        members = {None: None, **{member.value: member for member in type_.enum_class}}
        return partial(map, members.__getitem__)
    if isinstance(type_, UtcDateTime):
        return None if dialect.name == "postgresql" else _moments
    if isinstance(type_, Uuid) and dialect.name == "sqlite":
        return _uuids
    found: Callable[[Any], Any] | None = type_.dialect_impl(dialect).result_processor(dialect, None)
    return partial(map, found) if found else None


def _moments(texts: Iterable[str | None]) -> list[datetime | None]:
    """SQLite's texts name no offset. Reading one with them is seven times as quick as putting it into the moment."""
    return [None if text is None else datetime.fromisoformat(f"{text}+00:00") for text in texts]


def _uuids(texts: Iterable[str | None]) -> list[UUID | None]:
    """Of the driver's kind for PostgreSQL, which is made eight times as quickly as the standard library's."""
    return [None if text is None else pgproto.UUID(text) for text in texts]
