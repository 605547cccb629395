"""Filling tables as they were at some revision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, MetaData, insert

from tests.mail.examples import NOW

Add = Callable[..., str]


def tables_of(connection: Connection, *names: str) -> Any:
    """As they are there."""
    metadata = MetaData()
    metadata.reflect(connection, only=names)
    return metadata.tables


def filling(connection: Connection, *names: str) -> Add:
    """Adds a row to a table, with something in every column that needs it; answers with its key."""
    tables = tables_of(connection, *names)

    def add(name: str, **given: Any) -> str:
        needed = [one for one in tables[name].columns if not one.nullable and one.server_default is None]
        row = {one.name: _nothing(one) for one in needed} | {"id": uuid4().hex} | given
        connection.execute(insert(tables[name]), [row])
        return str(row["id"])

    return add


def _nothing(column: Any) -> Any:
    """A value that says nothing, of the column's type."""
    kind = str(column.type).partition("(")[0]
    times = {"DATE": NOW.date(), "DATETIME": NOW, "TIMESTAMP": NOW, "JSON": [], "BOOLEAN": False}
    return times.get(kind, 0 if "INT" in kind else "")
