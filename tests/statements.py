"""Counting the SQL statements that something causes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from graphql_api.database import Database


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that the database is sent meanwhile, by its readers and its writer.

    Where both have one pool, the writer's engine hears them all.
    """
    reader, writer = database._reader.sync_engine, database._writer.sync_engine
    engines = [writer] if reader.pool is writer.pool else [reader, writer]
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        heard.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", hear)
