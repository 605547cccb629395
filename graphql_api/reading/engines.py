"""SQLAlchemy's engines for each database: how connections are opened, how many, and what they may not exceed.

SQLite has one writer connection, which begins its transactions IMMEDIATE, beside a pool of readers: a deferred BEGIN
loses most concurrent transactions to "database is locked". PostgreSQL has a pool for each, so that whoever writes and
looks something up meanwhile never waits for those who do the same.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import NullPool, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import create_async_engine

from graphql_api.reading.address import connecting, driven
from graphql_api.reading.on_the_spot import OnTheSpot
from graphql_api.reading.wall import SERVICE, VIEWER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import URL, Engine, QueuePool
    from sqlalchemy.ext.asyncio import AsyncEngine

SQLITE_READERS: Final = 8
SQLITE_ANSWERING: Final = 2
ANSWERING_SERVICE: Final = 2
"""How many connections answer the service's own questions on PostgreSQL, of those that do at all."""
BUSY_MS: Final = 15_000
POOL_SECONDS: Final = 10
"""How long to wait for a free connection."""
LAST_SECONDS: Final = 1.0
"""How long who still reads is waited for when everything ends."""
SLACK_SECONDS: Final = 5
"""How long after a statement's time is up its server may take to say so; else the server is taken for gone."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What PostgreSQL's connections keep to: how many a process works with, and a statement's time. None: unlimited."""

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
class AnsweringPool:
    """An engine whose connections answer prepared questions, and how many of them at most."""

    engine: AsyncEngine
    size: int
    on_the_spot: OnTheSpot | None = None
    """Whom to ask first."""


@dataclass(frozen=True, slots=True)
class Engines:
    """One that reads through sessions, and for each role one that answers prepared questions."""

    reader: AsyncEngine
    answering: Mapping[str, AnsweringPool]


def writer_of(text: str, limits: Limits) -> AsyncEngine:
    """The engine that writes. On PostgreSQL it leaves transactions to who uses it."""
    url = driven(text)
    if _is_postgresql(url):
        return _postgresql(text, limits, pool_size=limits.writing, isolation_level="AUTOCOMMIT")
    writer = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=60, hide_parameters=True)
    event.listen(writer.sync_engine, "connect", _open_sqlite)
    event.listen(
        writer.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE")
    )
    return writer


def readers_of(text: str, limits: Limits) -> Engines:
    """The engines that read."""
    url = driven(text)
    if _is_postgresql(url):
        alone: dict[str, Any] = {"isolation_level": "AUTOCOMMIT"}
        unkept = {"poolclass": NullPool, **alone}
        return Engines(
            _postgresql(text, limits, pool_size=limits.reading, **alone),
            {
                SERVICE: AnsweringPool(_postgresql(text, limits, role=SERVICE, **unkept), ANSWERING_SERVICE),
                VIEWER: AnsweringPool(
                    _postgresql(text, limits, **unkept), limits.answering - ANSWERING_SERVICE
                ),
            },
        )
    reader = create_async_engine(
        url, pool_size=SQLITE_READERS, max_overflow=0, pool_timeout=60, hide_parameters=True
    )
    asked = create_async_engine(url, poolclass=NullPool, hide_parameters=True)
    for engine in (reader, asked):
        event.listen(engine.sync_engine, "connect", _open_sqlite_reader)
    answering = AnsweringPool(asked, SQLITE_ANSWERING, OnTheSpot(_never_waiting(url)))
    return Engines(reader, dict.fromkeys((SERVICE, VIEWER), answering))


async def dispose(engine: AsyncEngine) -> None:
    """Close its connections, once they are given back: one that came back later would be nobody's to close."""
    pool, until = cast("QueuePool", engine.pool), time.monotonic() + LAST_SECONDS
    while pool.checkedout() and time.monotonic() < until:  # noqa: ASYNC110 - it has no word for it
        await asyncio.sleep(0.01)
    await engine.dispose()


def aside_of(text: str, limits: Limits) -> AsyncEngine:
    """The engine of one connection that reads, and that none of the service's work ever takes."""
    url = driven(text)
    if _is_postgresql(url):
        return _postgresql(text, limits, role=SERVICE, pool_size=1, isolation_level="AUTOCOMMIT")
    aside = create_async_engine(
        url, pool_size=1, max_overflow=0, pool_timeout=POOL_SECONDS, hide_parameters=True
    )
    event.listen(aside.sync_engine, "connect", _open_sqlite_reader)
    return aside


def _is_postgresql(url: URL) -> bool:
    return url.get_backend_name() == "postgresql"


def _postgresql(text: str, limits: Limits, role: str = VIEWER, **options: Any) -> AsyncEngine:
    """Its connections begin as a viewer who has said nothing, and so sees nothing."""
    if "pool_size" in options:
        options |= {"max_overflow": 0, "pool_timeout": POOL_SECONDS}
    engine = create_async_engine(
        driven(text), connect_args=_connecting(text, limits), hide_parameters=True, **options
    )
    event.listen(engine.sync_engine, "connect", partial(_open_postgresql, role))
    event.listen(engine.sync_engine, "checkout", _refuse_lost)
    return engine


def _connecting(text: str, limits: Limits) -> dict[str, Any]:
    settings = {"timezone": "UTC", "datestyle": "ISO"}
    if limits.statement_seconds is None:
        return connecting(text, settings=settings)
    milliseconds = str(limits.statement_seconds * 1_000)
    settings["statement_timeout"] = milliseconds
    settings["idle_in_transaction_session_timeout"] = milliseconds
    return {
        **connecting(text, settings=settings),
        "command_timeout": limits.statement_seconds + SLACK_SECONDS,
    }


def _open_postgresql(role: str, connection: Any, _record: object) -> None:
    """Before the migration that makes the roles nobody connects: whoever signed in is on neither side of the wall."""
    connection.run_async(_moments_as_texts)
    cursor = connection.cursor()
    cursor.execute(f"SET ROLE {role}")
    cursor.close()
    connection.commit()


async def _moments_as_texts(driver: Any) -> None:
    """Reading a moment from a text takes a sixth of what the driver takes to put it together from numbers."""
    codec = {"encoder": datetime.isoformat, "decoder": datetime.fromisoformat}
    await driver.set_type_codec("timestamptz", schema="pg_catalog", **codec)


def _refuse_lost(connection: Any, _record: object, _proxy: object) -> None:
    """Whether the server has hung up is known without asking it; SQLAlchemy opens another then."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _never_waiting(url: URL) -> Engine:
    """For the thread that the event loop runs in: no driver that has threads, and no waiting for locks."""
    engine = create_engine(url.set(drivername="sqlite"), poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "connect", partial(_open_sqlite_reader, busy_ms=0))
    return engine


def _open_sqlite(connection: Any, _record: object, busy_ms: int = BUSY_MS) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={busy_ms}", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _open_sqlite_reader(connection: Any, record: object, busy_ms: int = BUSY_MS) -> None:
    _open_sqlite(connection, record, busy_ms)
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only=ON")
    cursor.close()
