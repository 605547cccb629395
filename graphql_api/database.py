"""The database: read() for questions, write() for one transaction and, after it, what it announced.

`Database` is for the service's own work and sees everything. What is done for somebody who is signed in goes through
their `View`, which sees no more than the partners that are theirs.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from graphql_api.reading.connections import Connections
from graphql_api.reading.engines import Engines, Limits, readers_of, writer_of
from graphql_api.reading.questions import Question
from graphql_api.reading.wall import EVERYTHING, NOTHING, SERVICE, SETTING, Seen
from graphql_api.realtime.revisions import WritingSession

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping
    from uuid import UUID

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from graphql_api.models.by import By

UNLIMITED = Limits()
SEEN = "seen"
"""Where a pooled connection's info has what it was told to see."""


def utc_now() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Writing:
    """One transaction: its session, when and by whom it is made, and what it announces once it is committed."""

    session: AsyncSession
    now: datetime
    by: By
    moved: dict[UUID, int] = field(default_factory=dict)
    """Streams that moved, with where each stands now."""
    mails_queued: bool = False


class Reader:
    """One server's connections for questions."""

    def __init__(self, engines: Engines) -> None:
        """They are opened when they are first needed."""
        self._engine = engines.reader
        self._session = async_sessionmaker(engines.reader, expire_on_commit=False)
        made = {one: Connections(one.engine, one.size) for one in set(engines.answering.values())}
        self._connections = {role: made[answering] for role, answering in engines.answering.items()}
        self.dialect = engines.reader.dialect

    @asynccontextmanager
    async def read(self, seen: Seen) -> AsyncIterator[AsyncSession]:
        """A connection for questions; each statement sees what is committed when it starts."""
        async with self._session() as session:
            if self.dialect.name == "postgresql":
                await _look(session, seen)
            yield session

    async def ask(
        self, question: Question, values: Mapping[str, Any], seen: Seen
    ) -> Iterable[tuple[Any, ...]]:
        """What the database answers now, for these values of the question's parameters."""
        connections = self._connections[seen.role]
        if seen.role == SERVICE:
            found = await connections.fetch(question.sql, question.arguments(values))
        else:
            found = await connections.fetch(question.walled, question.arguments(values, seen.keys))
        return question.rows(found)

    async def close(self) -> None:
        """Give all connections back."""
        for connections in self._connections.values():
            await connections.close()
        await self._engine.dispose()


class Database:
    """Where the rows are. One for a process."""

    def __init__(self, url: str, clock: Callable[[], datetime] = utc_now, limits: Limits = UNLIMITED) -> None:
        """`url` as in operations.md: sqlite:///FILE or postgresql://…; `clock` says what time it is."""
        self.clock = clock
        self._writer = writer_of(url, limits)
        self._reader = Reader(readers_of(url, limits))
        self._write_session = async_sessionmaker(
            self._writer, expire_on_commit=False, sync_session_class=WritingSession
        )
        self._listeners: list[Callable[[Writing], None]] = []

    @property
    def kind(self) -> str:
        """Which of the two: sqlite or postgresql."""
        return self._writer.dialect.name

    @property
    def is_sqlite(self) -> bool:
        """On the embedded database."""
        return self.kind == "sqlite"

    @asynccontextmanager
    async def read(self, seen: Seen = EVERYTHING) -> AsyncIterator[AsyncSession]:
        """A connection for questions; each statement sees what is committed when it starts."""
        async with self._reader.read(seen) as session:
            yield session

    def question(self, statement: Select[Any]) -> Question:
        """The statement, prepared for this database."""
        return Question(statement, self._reader.dialect)

    async def ask(
        self, question: Question, values: Mapping[str, Any], seen: Seen = EVERYTHING
    ) -> Iterable[tuple[Any, ...]]:
        """What the database answers now, for these values of the question's parameters."""
        return await self._reader.ask(question, values, seen)

    @asynccontextmanager
    async def write(self, by: By, seen: Seen = EVERYTHING) -> AsyncIterator[Writing]:
        """One transaction: committed at the end, gone with any exception. Listeners hear after the commit.

        Partners' revisions move with what is changed through the session's rows.
        """
        async with self._write_session.begin() as session:
            if self.is_sqlite:
                await session.connection()
            else:
                await session.execute(_told(seen, until_commit=True))
            writing = Writing(session, self.clock(), by)
            yield writing
        for listener in self._listeners:
            listener(writing)

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """One transaction on a bare connection, in the role of whoever signed in: for filling tables."""
        async with self._writer.begin() as connection:
            if not self.is_sqlite:
                await connection.exec_driver_sql("SET LOCAL ROLE NONE")
                await connection.exec_driver_sql(f"SET LOCAL {SETTING} = '*'")
            yield connection

    def on_commit(self, listener: Callable[[Writing], None]) -> None:
        """Call it after each committed write, with what was announced. It must be quick and not raise."""
        self._listeners.append(listener)

    async def close(self) -> None:
        """Give all connections back."""
        await self._reader.close()
        await self._writer.dispose()


class View:
    """The database as one viewer sees it: behind the second wall, on PostgreSQL."""

    def __init__(self, database: Database, seen: Seen = NOTHING) -> None:
        """Nobody signed in sees nothing."""
        self.whole = database
        self.seen = seen

    @property
    def kind(self) -> str:
        """Which of the two: sqlite or postgresql."""
        return self.whole.kind

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A connection for questions; each statement sees what is committed when it starts."""
        async with self.whole.read(self.seen) as session:
            yield session

    def question(self, statement: Select[Any]) -> Question:
        """The statement, prepared for this database."""
        return self.whole.question(statement)

    async def ask(self, question: Question, values: Mapping[str, Any]) -> Iterable[tuple[Any, ...]]:
        """What the database answers now, for these values of the question's parameters."""
        return await self.whole.ask(question, values, self.seen)

    @asynccontextmanager
    async def write(self, by: By) -> AsyncIterator[Writing]:
        """One transaction of the viewer's."""
        async with self.whole.write(by, self.seen) as writing:
            yield writing


async def _look(session: AsyncSession, seen: Seen) -> None:
    """Tell the session's connection what it sees, unless it was told so when it was last used."""
    info = (await session.connection()).info
    if info.get(SEEN) != seen:
        await session.execute(_told(seen, until_commit=False))
        info[SEEN] = seen


def _told(seen: Seen, *, until_commit: bool) -> Select[Any]:
    keys = func.set_config(SETTING, seen.keys, until_commit)
    return select(func.set_config("role", seen.role, until_commit), keys)
