"""SQLAlchemy's engines for each database: how connections are opened, how many, and what they may not exceed.

SQLite has one writer connection, which begins its transactions IMMEDIATE, beside a pool of readers: a deferred BEGIN
loses most concurrent transactions to "database is locked". PostgreSQL has a pool for each, so that whoever writes and
looks something up meanwhile never waits for those who do the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import NullPool, event, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import create_async_engine

from graphql_api.reading.wall import ROLE

if TYPE_CHECKING:
    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import AsyncEngine

DRIVERS: Final = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
SQLITE_READERS: Final = 8
SQLITE_ANSWERING: Final = 2
BUSY_MS: Final = 15_000
CONNECT_SECONDS: Final = 5
POOL_SECONDS: Final = 10
"""How long to wait for a free connection."""
SLACK_SECONDS: Final = 5
"""How long after a statement's time is up its server may take to say so; else the server is taken for gone."""
TAKE_ROLE: Final = f"SELECT set_config('role', rolname, false) FROM pg_roles WHERE rolname = '{ROLE}'"  # noqa: S608 - a constant
"""Before the first migration there is none."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What PostgreSQL's connections keep to: how many a process opens, and a statement's time. None: unlimited."""

    connections: int = 20
    statement_seconds: int | None = None

    @property
    def answering(self) -> int:
        """How many answer prepared questions: half."""
        return self.connections // 2

    @property
    def reading(self) -> int:
        """How many read through a session: a quarter."""
        return self.connections // 4

    @property
    def writing(self) -> int:
        """How many write: the rest."""
        return self.connections - self.answering - self.reading


@dataclass(frozen=True, slots=True)
class Engines:
    """One that reads through sessions, and one whose connections answer prepared questions, `answering` of them."""

    reader: AsyncEngine
    asked: AsyncEngine
    answering: int

    async def dispose(self) -> None:
        """Give all connections back."""
        await self.reader.dispose()
        await self.asked.dispose()


def writer_of(text: str, limits: Limits) -> AsyncEngine:
    """The engine that writes."""
    url = _driven(text)
    if _is_postgresql(url):
        return _postgresql(url, limits, pool_size=limits.writing)
    writer = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=60)
    event.listen(writer.sync_engine, "connect", _open_sqlite)
    event.listen(
        writer.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE")
    )
    return writer


def readers_of(text: str, limits: Limits) -> Engines:
    """The engines that read."""
    url = _driven(text)
    if _is_postgresql(url):
        alone: dict[str, Any] = {"isolation_level": "AUTOCOMMIT"}
        reader = _postgresql(url, limits, pool_size=limits.reading, **alone)
        return Engines(reader, _postgresql(url, limits, poolclass=NullPool, **alone), limits.answering)
    reader = create_async_engine(url, pool_size=SQLITE_READERS, max_overflow=0, pool_timeout=60)
    asked = create_async_engine(url, poolclass=NullPool)
    for engine in (reader, asked):
        event.listen(engine.sync_engine, "connect", _open_sqlite_reader)
    return Engines(reader, asked, SQLITE_ANSWERING)


def _driven(text: str) -> URL:
    url = make_url(text)
    return url.set(drivername=DRIVERS[url.get_backend_name()])


def _is_postgresql(url: URL) -> bool:
    return url.get_backend_name() == "postgresql"


def _postgresql(url: URL, limits: Limits, **options: Any) -> AsyncEngine:
    if "pool_size" in options:
        options |= {"max_overflow": 0, "pool_timeout": POOL_SECONDS}
    engine = create_async_engine(url, connect_args=_connecting(limits), **options)
    event.listen(engine.sync_engine, "connect", _open_postgresql)
    event.listen(engine.sync_engine, "checkout", _refuse_lost)
    return engine


def _connecting(limits: Limits) -> dict[str, Any]:
    given: dict[str, Any] = {"timeout": CONNECT_SECONDS}
    server_settings = {"application_name": "partner-api"}
    if limits.statement_seconds is not None:
        milliseconds = str(limits.statement_seconds * 1_000)
        given["command_timeout"] = limits.statement_seconds + SLACK_SECONDS
        server_settings["statement_timeout"] = milliseconds
        server_settings["idle_in_transaction_session_timeout"] = milliseconds
    return given | {"server_settings": server_settings}


def _open_postgresql(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute(TAKE_ROLE)
    cursor.close()
    connection.commit()


def _refuse_lost(connection: Any, _record: object, _proxy: object) -> None:
    """Whether the server has hung up is known without asking it; SQLAlchemy opens another then."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


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
