"""One database server's connections for questions, by whoever asks."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import async_sessionmaker

from graphql_api.reading.connections import Connections
from graphql_api.reading.engines import dispose
from graphql_api.reading.questions import Question
from graphql_api.reading.wall import SERVICE, SETTING, Seen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

    from graphql_api.reading.engines import Engines
    from graphql_api.reading.questions import Found

TELL = f"SELECT set_config('role', $1, false), set_config('{SETTING}', $2, false)"
SEEN = "seen"
"""Where a pooled connection's info has what it was told to see."""


class Reader:
    """Asks through sessions, or by prepared questions. Connections are opened when they are first needed."""

    def __init__(self, engines: Engines) -> None:
        """`engines` are the server's."""
        self.engine = engines.reader
        self._session = async_sessionmaker(engines.reader, expire_on_commit=False)
        made = {
            one: Connections(one.engine, one.size, one.on_the_spot) for one in set(engines.answering.values())
        }
        self.connections = {role: made[answering] for role, answering in engines.answering.items()}

    @asynccontextmanager
    async def read(self, seen: Seen) -> AsyncIterator[AsyncSession]:
        """A connection for questions; each statement sees what is committed when it starts."""
        async with self._session() as session:
            if self.engine.dialect.name == "postgresql":
                await _look(session, seen)
            yield session

    def question(self, statement: Select[Any]) -> Question:
        """The statement, prepared for this database."""
        return Question(statement, self.engine.dialect)

    async def ask(self, question: Question, values: Mapping[str, Any], seen: Seen) -> Found:
        """What the database answers now, for these values of the question's parameters."""
        connections = self.connections[seen.role]
        if seen.role == SERVICE:
            rows = await connections.fetch(question.sql, question.arguments(values))
        else:
            rows = await connections.fetch(question.walled, question.arguments(values, seen.keys))
        return question.found(rows)

    async def close(self) -> None:
        """Give all connections back."""
        closing = [connections.close() for connections in set(self.connections.values())]
        await asyncio.gather(dispose(self.engine), *closing)


async def tell(connection: AsyncConnection, seen: Seen) -> None:
    """Tell a connection what it sees behind the wall, until it is told otherwise."""
    await connection.exec_driver_sql(TELL, (seen.role, seen.keys))


async def _look(session: AsyncSession, seen: Seen) -> None:
    """Tell its connection what it sees behind the wall, unless that was told so when it was last used."""
    connection = await session.connection()
    info = connection.info
    if info.get(SEEN) != seen:
        info.pop(SEEN, None)  # should the answer get lost, nobody knows what it was told
        await tell(connection, seen)
        info[SEEN] = seen
