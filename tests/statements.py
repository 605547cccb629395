"""Counting the SQL statements that something causes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from graphql_api.database import Database


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that the database is sent meanwhile: its writer's, its readers', and prepared questions.

    Where both have one pool, the writer's engine hears them all.
    """
    reader, writer = database._reader.sync_engine, database._writer.sync_engine
    engines = [writer] if reader.pool is writer.pool else [reader, writer]
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        heard.append(statement)

    fetch = database._connections.fetch

    async def asked(sql: str, arguments: Sequence[Any]) -> Sequence[Any]:
        heard.append(sql)
        return await fetch(sql, arguments)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", hear)
    try:
        with patch.object(database._connections, "fetch", asked):
            yield heard
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", hear)


@contextmanager
def one_read_at_a_time(database: Database) -> Iterator[None]:
    """Each read waits for the one before: loads meet in one statement or do not, whatever the machine's speed."""
    lock, read, fetch = asyncio.Lock(), database.read, database._connections.fetch

    async def asked(sql: str, arguments: Sequence[Any]) -> Sequence[Any]:
        async with lock:
            return await fetch(sql, arguments)

    @asynccontextmanager
    async def in_turn() -> AsyncIterator[AsyncSession]:
        async with lock, read() as session:
            yield session

    with patch.object(database, "read", in_turn), patch.object(database._connections, "fetch", asked):
        yield
