"""The database: read() for questions, write() for one transaction and, after it, what it announced.

SQLite has one writer connection, which begins its transactions IMMEDIATE, beside a pool of readers: a deferred BEGIN
loses most concurrent transactions to "database is locked". PostgreSQL has one pool for both.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import NullPool, event, make_url
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from graphql_api.reading.connections import Connections
from graphql_api.reading.questions import Question
from graphql_api.realtime.revisions import WritingSession

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping
    from uuid import UUID

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from graphql_api.models.by import By

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
READERS = 8
ANSWERING = {"sqlite": 2, "postgresql": 10}
"""How many connections answer prepared questions."""
BUSY_MS = 15_000


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


class Database:
    """Where the rows are. One for a process."""

    def __init__(self, url: str, clock: Callable[[], datetime] = utc_now) -> None:
        """`url` as in operations.md: sqlite:///FILE or postgresql://…; `clock` says what time it is."""
        self.clock = clock
        self._writer, self._reader, asked = _engines(url)
        self._connections = Connections(asked, ANSWERING[self.kind])
        self._write_session = async_sessionmaker(
            self._writer, expire_on_commit=False, sync_session_class=WritingSession
        )
        self._read_session = async_sessionmaker(self._reader, expire_on_commit=False)
        self._listeners: list[Callable[[Writing], None]] = []

    @property
    def is_sqlite(self) -> bool:
        """On the embedded database."""
        return self.kind == "sqlite"

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A connection for questions; each statement sees what is committed when it starts."""
        async with self._read_session() as session:
            yield session

    @property
    def kind(self) -> str:
        """Which of the two: sqlite or postgresql."""
        return self._writer.dialect.name

    def question(self, statement: Select[Any]) -> Question:
        """The statement, prepared for this database."""
        return Question(statement, self._reader.dialect)

    async def ask(self, question: Question, values: Mapping[str, Any]) -> Iterable[tuple[Any, ...]]:
        """What the database answers now, for these values of the question's parameters."""
        return question.rows(await self._connections.fetch(question.sql, question.arguments(values)))

    @asynccontextmanager
    async def write(self, by: By) -> AsyncIterator[Writing]:
        """One transaction: committed at the end, gone with any exception. Listeners hear after the commit.

        Partners' revisions move with what is changed through the session's rows.
        """
        async with self._write_session.begin() as session:
            await session.connection()
            writing = Writing(session, self.clock(), by)
            yield writing
        for listener in self._listeners:
            listener(writing)

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """One transaction on a bare connection, for migrations."""
        async with self._writer.begin() as connection:
            yield connection

    def on_commit(self, listener: Callable[[Writing], None]) -> None:
        """Call it after each committed write, with what was announced. It must be quick and not raise."""
        self._listeners.append(listener)

    async def close(self) -> None:
        """Give all connections back."""
        await self._connections.close()
        await self._writer.dispose()
        await self._reader.dispose()


def _engines(text: str) -> tuple[AsyncEngine, AsyncEngine, AsyncEngine]:
    """One that writes, one that reads, and one whose connections answer prepared questions."""
    url = make_url(text)
    url = url.set(drivername=DRIVERS[url.get_backend_name()])
    if url.get_backend_name() == "postgresql":
        writer = create_async_engine(url, pool_size=20, max_overflow=20, pool_pre_ping=True)
        asked = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        return writer, writer.execution_options(isolation_level="AUTOCOMMIT"), asked
    writer = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=60)
    reader = create_async_engine(url, pool_size=READERS, max_overflow=0, pool_timeout=60)
    asked = create_async_engine(url, poolclass=NullPool)
    event.listen(writer.sync_engine, "connect", _open_sqlite)
    for engine in (reader, asked):
        event.listen(engine.sync_engine, "connect", _open_sqlite_reader)
    event.listen(
        writer.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE")
    )
    return writer, reader, asked


def _open_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _open_sqlite_reader(connection: Any, record: object) -> None:
    _open_sqlite(connection, record)
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only=ON")
    cursor.close()
