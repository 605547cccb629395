"""Migrations only add, so that the old version of the code goes on while the new one is rolled out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, inspect

from graphql_api.migrations.migrate import upgrade
from graphql_api.migrations.revisions import revisions
from tests.migrations.test_live_system import asked

Tables = dict[str, dict[str, "Column"]]


@dataclass(frozen=True)
class Column:
    """What code that does not know of changes relies on."""

    type: str
    takes_null: bool
    has_default: bool


def tables(connection: Connection) -> Tables:
    """Every table with its columns."""
    found = inspect(connection)
    return {name: dict(map(column_of, found.get_columns(name))) for name in found.get_table_names()}


def column_of(found: Any) -> tuple[str, Column]:
    return found["name"], Column(str(found["type"]), found["nullable"], found["default"] is not None)


def test_an_older_version_finds_all_its_tables_and_columns_after_each_step(empty_database_url: str) -> None:
    before: Tables = {}
    for revision in revisions():
        upgrade(empty_database_url, to=revision)
        after: Tables = asked(empty_database_url, tables)
        assert {name: before[name].items() - after.get(name, {}).items() for name in before} == {
            name: set() for name in before
        }, revision
        before = after


def test_an_older_version_can_leave_new_columns_out(empty_database_url: str) -> None:
    before: Tables = {}
    for revision in revisions():
        upgrade(empty_database_url, to=revision)
        after: Tables = asked(empty_database_url, tables)
        new = [after[name][column] for name in before for column in after[name].keys() - before[name]]
        assert all(column.takes_null or column.has_default for column in new), revision
        before = after
