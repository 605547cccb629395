"""SQLite's answers on the spot: nobody is held up by them, and whoever must wait does so elsewhere."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from graphql_api.database import Database
from graphql_api.reading import on_the_spot
from graphql_api.reading.wall import VIEWER

SHORT = "SELECT 1"
LONG = (
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 2000000) SELECT max(x) FROM c"
)
LOST = "SELECT 1 FROM nothing_like_it"


@pytest.fixture
def path(sqlite_url: str) -> Path:
    """The file."""
    return Path(str(make_url(sqlite_url).database))


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    made = Database(sqlite_url)
    yield made
    await made.close()


@pytest.fixture
def other(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection as another process has it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


async def fetch(database: Database, sql: str) -> Any:
    """The first value of the first row."""
    [[value, *_], *_] = await database.reader.connections[VIEWER].fetch(sql, [])
    return value


def threads(database: Database) -> int:
    """How many connections of other threads were needed so far."""
    return len(database.reader.connections[VIEWER]._free)


async def test_what_is_short_needs_no_other_thread_even_while_somebody_writes(
    database: Database, other: sqlite3.Connection
) -> None:
    other.execute("BEGIN IMMEDIATE")
    assert [await fetch(database, SHORT) for _ in range(3)] == [1, 1, 1]
    assert threads(database) == 0


async def test_what_takes_long_is_asked_in_another_thread(database: Database) -> None:
    """Take out `set_progress_handler`: the loop's own thread works as long as the answer takes."""
    begun = time.thread_time()
    assert await fetch(database, LONG) == 2_000_000
    assert time.thread_time() - begun < 10 * on_the_spot.PATIENCE
    assert threads(database) == 1


async def test_short_questions_never_wait_for_long_ones(database: Database) -> None:
    waiting = [asyncio.create_task(fetch(database, LONG)) for _ in range(6)]
    await asyncio.sleep(0.1)
    assert [await fetch(database, SHORT) for _ in range(20)] == [1] * 20
    assert not all(one.done() for one in waiting)
    assert await asyncio.gather(*waiting) == [2_000_000] * 6


async def test_between_two_questions_everything_else_has_its_turn(database: Database) -> None:
    """Take out the lock: all answers come in one turn of the loop."""
    heard: list[str] = []

    async def ask() -> None:
        await fetch(database, SHORT)
        heard.append("answer")

    async def do_something_else() -> None:
        while heard.count("answer") < 5:
            heard.append("else")
            await asyncio.sleep(0)

    await asyncio.gather(*(ask() for _ in range(5)), do_something_else())
    assert "answer answer" not in " ".join(heard)


async def test_who_finds_the_file_locked_waits_in_another_thread(
    database: Database, other: sqlite3.Connection
) -> None:
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("UPDATE streams SET position = position")
    asking = asyncio.create_task(fetch(database, SHORT))
    await asyncio.sleep(0.1)
    assert not asking.done()
    other.close()
    assert (await asking, threads(database)) == (1, 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database.reader.connections[VIEWER], "_fetch", None)
        assert await fetch(database, SHORT) == 1


async def test_no_reading_stays_open(database: Database, other: sqlite3.Connection) -> None:
    """While one does, the log of changes cannot be written back."""
    for sql, found in ((SHORT, 1), ("SELECT 7 FROM sqlite_schema", 7), (LONG, 2_000_000)):
        other.execute("UPDATE streams SET position = position")
        assert await fetch(database, sql) == found
    with pytest.raises(sqlite3.OperationalError, match="nothing_like_it"):
        await fetch(database, LOST)
    [busy, *_] = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert not busy


async def test_what_changed_meanwhile_is_seen_tables_too(
    database: Database, other: sqlite3.Connection
) -> None:
    count = "SELECT count(*) FROM added_later"
    with pytest.raises(sqlite3.OperationalError, match="added_later"):
        await fetch(database, count)
    other.execute("CREATE TABLE added_later (id INTEGER)")
    assert await fetch(database, count) == 0
    other.execute("ALTER TABLE added_later ADD COLUMN more TEXT")
    other.execute("INSERT INTO added_later VALUES (1, 'x')")
    assert await fetch(database, count) == 1


async def test_it_may_be_asked_from_a_loop_in_another_thread(database: Database) -> None:
    assert await fetch(database, SHORT) == 1
    assert await asyncio.to_thread(asyncio.run, fetch(database, SHORT)) == 1
    assert threads(database) == 0


async def test_at_the_end_it_is_closed(database: Database, path: Path, other: sqlite3.Connection) -> None:
    """The last who closes SQLite's file takes the log of changes away."""
    other.execute("UPDATE streams SET position = position")
    assert await fetch(database, SHORT) == 1
    await database.close()
    log = path.with_name(f"{path.name}-wal")
    assert log.exists()
    other.close()
    assert not log.exists()


async def test_it_changes_nothing(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await fetch(database, "DELETE FROM streams RETURNING id")
