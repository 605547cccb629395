"""A write that every partner can see, and that a cache of answers must notice: its revision goes on by one."""

from __future__ import annotations

import sqlite3
from typing import Protocol

import asyncpg
from sqlalchemy import make_url

MOVE = "UPDATE streams SET revision = revision + 1 WHERE id IN (SELECT id FROM partners)"
BUSY_SECONDS = 15


class Mover(Protocol):
    """A connection that moves the revisions."""

    async def move(self) -> None:
        """Move every partner's."""


class _PostgreSQL:
    def __init__(self, connection: asyncpg.Connection[asyncpg.Record]) -> None:
        self._connection = connection

    async def move(self) -> None:
        await self._connection.execute(MOVE)


class _SQLite:
    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        self._connection.execute("PRAGMA synchronous=NORMAL")

    async def move(self) -> None:
        self._connection.execute(MOVE)


async def mover(url: str) -> Mover:
    """A mover of the database at the URL, as PARTNER_API_DATABASE_URL takes it."""
    path = make_url(url).database
    if url.startswith("sqlite"):
        return _SQLite(str(path))
    return _PostgreSQL(await asyncpg.connect(url))
