"""The database: read() for questions, write() for one transaction and, after it, what it announced.

`Database` is for the service's own work and sees everything. What is done for somebody who is signed in goes through
their `View`, which sees no more than the partners that are theirs.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import text

from graphql_api.models.node_id import NOWHERE
from graphql_api.reading.engines import Limits, aside_of, dispose, readers_of, writer_of
from graphql_api.reading.reader import Reader
from graphql_api.reading.replica import Replica
from graphql_api.reading.wall import EVERYTHING, NOTHING, Seen
from graphql_api.writing.revisions import WritingSession
from graphql_api.writing.transactions import OWNER, transaction

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from uuid import UUID

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

    from graphql_api.models.by import By
    from graphql_api.reading.questions import Found, Question

UNLIMITED = Limits()


def utc_now() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Writing:
    """One transaction: its session, when and by whom it is made, and what it announces once it is committed."""

    session: AsyncSession
    now: datetime
    by: By
    mails_queued: bool = False

    @property
    def moved(self) -> Mapping[UUID, int]:
        """Streams that moved, with where each stands now."""
        return self._session.moved

    @property
    def touches_all(self) -> bool:
        """Whether something changed that all partners see."""
        return NOWHERE in self._session.touched.streams

    async def finish(self) -> None:
        """Move the streams and write what waits for that, as is done before the commit: see WritingSession.finish()."""
        await self._session.finish(self.session)

    @property
    def _session(self) -> WritingSession:
        return cast("WritingSession", self.session.sync_session)


class Database:
    """Where the rows are. One for a process."""

    def __init__(
        self,
        url: str,
        clock: Callable[[], datetime] = utc_now,
        limits: Limits = UNLIMITED,
        replica_url: str | None = None,
    ) -> None:
        """`url` as in README, Running it for real: sqlite:///FILE or postgresql://…; `clock` says what time it is."""
        self.clock = clock
        self.replica = Replica(Reader(readers_of(replica_url, limits))) if replica_url else None
        self._writer = writer_of(url, limits)
        self.reader = Reader(readers_of(url, limits))
        self._aside, self._turn = aside_of(url, limits), asyncio.Lock()
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
        async with self.reader.read(seen) as session:
            yield session

    def question(self, statement: Select[Any]) -> Question:
        """The statement, prepared for this database."""
        return self.reader.question(statement)

    async def ask(self, question: Question, values: Mapping[str, Any], seen: Seen = EVERYTHING) -> Found:
        """What the database answers now, for these values of the question's parameters."""
        return await self.reader.ask(question, values, seen)

    @asynccontextmanager
    async def write(self, by: By, seen: Seen = EVERYTHING) -> AsyncIterator[Writing]:
        """One transaction: committed at the end, gone with any exception. Listeners hear after the commit.

        Partners' revisions move with what is changed through the session's rows.
        """
        async with transaction(self._writer, seen) as connection, WritingSession.on(connection) as session:
            writing = Writing(session, self.clock(), by)
            yield writing
            await writing.finish()
        for listener in self._listeners:
            listener(writing)

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """One transaction on a bare connection, in the role of whoever signed in: for filling tables."""
        async with transaction(self._writer, OWNER) as connection:
            yield connection

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[AsyncConnection]:
        """A connection that none of the service's work takes: how the database is can be asked however busy we are.

        In turn: the pool tells nobody who waits that opening it failed.
        """
        async with self._turn, self._aside.connect() as connection:
            yield connection

    async def takes_changes(self) -> bool:
        """Whether it can be written to: a standby cannot, nor a file that may only be read."""
        if self.is_sqlite:
            return os.access(str(self._writer.url.database), os.W_OK)
        async with self.aside() as connection:
            return bool(await connection.scalar(text("SHOW transaction_read_only")) == "off")

    def on_commit(self, listener: Callable[[Writing], None]) -> None:
        """Call it after each committed write, with what was announced. It must be quick and not raise."""
        self._listeners.append(listener)

    async def close(self) -> None:
        """Give all connections back; all at once, since each may still be waited for."""
        readers = [self.reader, self.replica.reader] if self.replica else [self.reader]
        closing = [one.close() for one in readers]
        await asyncio.gather(dispose(self._writer), dispose(self._aside), *closing)


class View:
    """The database as one viewer sees it: behind the second wall, and from a replica that has all they were told of."""

    def __init__(
        self, database: Database, seen: Seen = NOTHING, revisions: Mapping[UUID, int] | None = None
    ) -> None:
        """Nobody signed in sees nothing. Without `revisions`, by stream, no replica can be known to have all."""
        self.whole = database
        self.seen = seen
        self._revisions = revisions
        self._reader = None if database.replica and revisions else database.reader

    @property
    def kind(self) -> str:
        """Which of the two: sqlite or postgresql."""
        return self.whole.kind

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A connection for questions; each statement sees what is committed when it starts."""
        async with AsyncExitStack() as stack:
            reader = self._reader or await self._choose()
            try:
                session = await stack.enter_async_context(reader.read(self.seen))
            except Exception as error:  # noqa: BLE001 - raised again unless it is the replica's
                session = await stack.enter_async_context(self._instead(reader, error).read(self.seen))
            yield session

    def question(self, statement: Select[Any]) -> Question:
        """The statement, prepared for this database."""
        return self.whole.question(statement)

    async def ask(self, question: Question, values: Mapping[str, Any]) -> Found:
        """What the database answers now, for these values of the question's parameters."""
        reader = self._reader or await self._choose()
        try:
            return await reader.ask(question, values, self.seen)
        except Exception as error:  # noqa: BLE001 - raised again unless it is the replica's
            return await self._instead(reader, error).ask(question, values, self.seen)

    @asynccontextmanager
    async def write(self, by: By) -> AsyncIterator[Writing]:
        """One transaction of the viewer's."""
        async with self.whole.write(by, self.seen) as writing:
            yield writing

    def changed(self) -> None:
        """Something was written: from here on no replica is known to have it."""
        self._reader = self.whole.reader

    def _instead(self, reader: Reader, error: Exception) -> Reader:
        """The database itself, from here on, where a replica could not answer.

        Raises:
            Exception: what went wrong, where that was not the reason.

        """
        if reader is self.whole.reader or self.whole.replica is None:
            raise error
        self.whole.replica.failed(error)
        self._reader = self.whole.reader
        return self._reader

    async def _choose(self) -> Reader:
        """Once for all that is asked: what a request reads is to fit together."""
        replica, revisions = self.whole.replica, self._revisions
        has_all = replica is not None and revisions is not None and await replica.has(revisions)
        if self._reader is None:
            self._reader = replica.reader if replica and has_all else self.whole.reader
        return self._reader
