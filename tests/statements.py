"""Counting the SQL statements that something causes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from typing import Any
from unittest.mock import patch

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from graphql_api.database import Database
from graphql_api.reading import prepared
from graphql_api.reading.connections import Connections
from graphql_api.reading.on_the_spot import OnTheSpot


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that the database is sent meanwhile: its writer's, its readers', and prepared questions.

    What only tells a connection which partners it sees is not among them: see tests/wall.
    """
    reader = database.reader
    engines = [reader.engine.sync_engine, database._writer.sync_engine]
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "set_config(" not in statement:
            heard.append(statement)

    fetch = Connections.fetch

    async def asked(connections: Connections, sql: str, *given: Any) -> Sequence[Any]:
        heard.append(sql)
        return await fetch(connections, sql, *given)

    run = prepared.run

    async def ran(driver: Any, sql: str, given: Sequence[Sequence[Any]]) -> Sequence[Any]:
        heard.append(sql)
        return await run(driver, sql, given)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", hear)
    try:
        with patch.object(Connections, "fetch", asked), patch.object(prepared, "run", ran):
            yield heard
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", hear)


@contextmanager
def nothing_on_the_spot() -> Iterator[None]:
    """SQLite's questions all go to other threads, as the long ones do."""

    async def fetch(*_given: object) -> None:
        """Have nothing to say."""

    with patch.object(OnTheSpot, "fetch", fetch):
        yield


@contextmanager
def one_read_at_a_time(database: Database, *, on_the_spot: bool = False) -> Iterator[None]:
    """Each read waits for the one before: loads meet in one statement or do not, whatever the machine's speed.

    Those that SQLite answers `on_the_spot` nobody waits for; that is quicker.
    """
    lock, read, fetch = asyncio.Lock(), database.read, Connections.fetch

    async def asked(connections: Connections, sql: str, *given: Any) -> Sequence[Any]:
        async with lock:
            return await fetch(connections, sql, *given)

    @asynccontextmanager
    async def in_turn(*given: Any) -> AsyncIterator[AsyncSession]:
        async with lock, read(*given) as session:
            yield session

    with (
        patch.object(database, "read", in_turn),
        patch.object(Connections, "fetch", asked),
        nullcontext() if on_the_spot else nothing_on_the_spot(),
    ):
        yield
