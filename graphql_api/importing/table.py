"""A file of an import: its columns, and the records that its rows stand for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

from graphql_api.actions.sync.given import camel
from graphql_api.actions.sync.upsert import SyncCounts
from graphql_api.database import Writing
from graphql_api.importing.cells import text

Record = dict[str, Any]

ABSENT = object()


class Column(NamedTuple):
    """One column of a file."""

    name: str
    read: Callable[[str], Any] = text
    needed: bool = False
    """The file cannot do without it."""
    empty: Any = ""
    """What an empty cell stands for."""
    key: str = ""
    """Its name in the record, where that is another."""
    names: str = ""
    """The file whose rows it names."""

    @property
    def record_key(self) -> str:
        """Its name in the record."""
        return self.key or self.name


def needed(name: str, read: Callable[[str], Any] = text, **more: Any) -> Column:
    """A column that the file cannot do without."""
    return Column(name, read, needed=True, **more)


def clearable(name: str, read: Callable[[str], Any] = text, **more: Any) -> Column:
    """A column whose empty cell clears what was there."""
    return Column(name, read, empty=None, **more)


def optional(name: str, read: Callable[[str], Any] = text, **more: Any) -> Column:
    """A column whose empty cell leaves what was there, or the default of a new row."""
    return Column(name, read, empty=ABSENT, **more)


class Table(NamedTuple):
    """One file of an import."""

    name: str
    verb: Callable[[Writing, Sequence[Mapping[str, Any]]], Awaitable[SyncCounts]]
    key: tuple[str, ...]
    """The columns that no two rows have alike."""
    columns: tuple[Column, ...]
    amounts: tuple[str, ...] = ()
    """The columns of money, beside the column `currency`."""
    list_of: str = ""
    """The column by which rows are lists of one record each, as the contacts of a client are."""

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"{self.name}.csv"

    @property
    def names(self) -> frozenset[str]:
        """The columns that rows are found by: its own, and those of other files that it names."""
        return frozenset(self.key) | {column.name for column in self.columns if column.names}

    def record(self, cells: Mapping[str, str]) -> Record:
        """What a row stands for."""
        record = {}
        for column in self.columns:
            value = _value(column, cells.get(column.name))
            if value is not ABSENT:
                record[column.record_key] = value
        return self._with_money(record) if self.amounts else record

    def list_record(self, rows: Sequence[Mapping[str, str]]) -> Record:
        """What the rows of one list stand for: all the contacts of a client."""
        return {self.list_of: rows[0][self.list_of], self.name: [self.record(cells) for cells in rows]}

    def column_of(self, field: Sequence[str]) -> Column:
        """The column behind the field of a refusal."""
        known = {camel(column.record_key): column for column in self.columns}
        return known.get("currency" if field[-1] == "currency" else field[0], self.columns[0])

    def _with_money(self, record: Record) -> Record:
        currency = record.pop("currency", None)
        given = [key for key in self.amounts if record.get(key)]
        for key in [key for key in self.amounts if key in record]:
            record[key] = {"amount": record[key], "currency": currency} if key in given else None
        if currency and not given:
            record[self.amounts[0]] = {"amount": "", "currency": currency}
        return record


def _value(column: Column, cell: str | None) -> Any:
    if cell is None:
        return ABSENT
    return column.read(cell) if cell else column.empty
