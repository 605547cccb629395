"""Connections that answer questions: few, each whole, and none lost for good."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import asyncpg
import pytest
from sqlalchemy import literal, select

from graphql_api.database import Database
from graphql_api.models.base import UtcDateTime
from graphql_api.reading import connections
from graphql_api.reading.engines import ANSWERING_SERVICE, SQLITE_ANSWERING, Limits
from graphql_api.reading.wall import VIEWER
from tests.realtime.live import until
from tests.statements import nothing_on_the_spot

SLOW = {
    "postgresql": "SELECT count(pg_sleep(20))",
    "sqlite": "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 2000000) SELECT max(x) FROM c",
}
PID = "SELECT pg_backend_pid()"


async def fetch(database: Database, sql: str) -> Any:
    """The first value of the first row."""
    [[value, *_], *_] = await database.reader.connections[VIEWER].fetch(sql, [])
    return value


def turns(database: Database) -> int:
    """How many connections may be taken now."""
    return database.reader.connections[VIEWER]._turns._value


def many(database: Database) -> int:
    """How many connections there are."""
    return SQLITE_ANSWERING if database.is_sqlite else Limits().answering - ANSWERING_SERVICE


def idle(database: Database) -> int:
    return len(database.reader.connections[VIEWER]._free)


@pytest.fixture(autouse=True)
def elsewhere() -> Iterator[None]:
    """What SQLite answers on the spot has tests of its own."""
    with nothing_on_the_spot():
        yield


@pytest.fixture
async def postgresql(postgresql_url: str) -> AsyncIterator[Database]:
    database = Database(postgresql_url)
    yield database
    await database.close()


@pytest.fixture
async def operator(postgresql_url: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    """A connection beside the service's, which may do what the service's role may not."""
    connection = await asyncpg.connect(postgresql_url)
    yield connection
    await connection.close()


async def _terminate(operator: asyncpg.Connection[Any], *pids: int) -> None:
    for pid in pids:
        await operator.execute(f"SELECT pg_terminate_backend({pid}, 5000)")


async def test_moments_are_exact_and_in_utc_wherever_the_server_is(
    postgresql: Database, operator: asyncpg.Connection[Any]
) -> None:
    name = await operator.fetchval("SELECT current_database()")
    for setting in ("timezone = 'Asia/Kolkata'", "datestyle = 'German'"):
        await operator.execute(f"ALTER DATABASE {name} SET {setting}")
    moments = (
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, 10, 0, 1, 120_000, tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
    )
    literals: list[Any] = [literal(one, UtcDateTime()) for one in moments]
    question = postgresql.question(select(*literals))
    [found] = await postgresql.ask(question, {})
    assert found == moments
    assert {one.tzinfo for one in found} == {UTC}


async def test_a_connection_lost_while_idle_is_replaced(
    postgresql: Database, operator: asyncpg.Connection[Any]
) -> None:
    for wait in (0, 0.1):  # before and after the loss is heard of
        lost = await fetch(postgresql, PID)
        await _terminate(operator, lost)
        await asyncio.sleep(wait)
        assert await fetch(postgresql, PID) != lost
        assert (idle(postgresql), turns(postgresql)) == (1, many(postgresql))


async def test_many_lost_while_idle_are_replaced_for_all_who_ask(
    postgresql: Database, operator: asyncpg.Connection[Any]
) -> None:
    waiting = [fetch(postgresql, "SELECT pg_backend_pid(), pg_sleep(0.1)") for _ in range(5)]
    lost = set(await asyncio.gather(*waiting))
    assert len(lost) == 5
    await _terminate(operator, *lost)
    found = await asyncio.gather(*[fetch(postgresql, PID) for _ in range(8)])
    assert not lost & set(found)
    assert turns(postgresql) == many(postgresql)


async def test_a_connection_lost_in_the_middle_is_told_and_not_kept(
    postgresql: Database, operator: asyncpg.Connection[Any]
) -> None:
    asking = asyncio.create_task(fetch(postgresql, SLOW["postgresql"]))
    running = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT count(pg_sleep%'"
    async with asyncio.timeout(10):
        while not (pid := await operator.fetchval(running)):
            await operator.execute("SELECT pg_sleep(0.02)")
    await _terminate(operator, pid)
    with pytest.raises(Exception, match=r"terminating connection|connection was closed"):
        await asking
    assert await fetch(postgresql, "SELECT 1") == 1


async def test_a_question_that_fails_is_raised_and_its_connection_not_used_again(database: Database) -> None:
    assert await fetch(database, "SELECT 1") == 1
    with patch.object(database.reader.connections[VIEWER], "_open") as opened:
        with pytest.raises(Exception, match="nothing_like_it"):
            await fetch(database, "SELECT 1 FROM nothing_like_it")
        opened.assert_not_called()
    assert (idle(database), turns(database)) == (0, many(database))
    assert await fetch(database, "SELECT 1") == 1


async def test_a_database_that_cannot_be_reached_takes_no_turn(database: Database) -> None:
    gone = OSError("no such host")
    with (
        patch.object(database.reader.connections[VIEWER], "_open", side_effect=gone),
        pytest.raises(OSError, match="host"),
    ):
        await fetch(database, "SELECT 1")
    assert turns(database) == many(database)


@pytest.mark.parametrize("twice", [False, True])
async def test_who_leaves_in_the_middle_harms_nobody(database: Database, twice: bool) -> None:  # noqa: FBT001
    for _ in range(3):
        asking = asyncio.create_task(fetch(database, SLOW[database.kind]))
        await asyncio.sleep(0.03)
        asking.cancel()
        if twice:
            await asyncio.sleep(0)
            asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        async with asyncio.timeout(10):
            assert await fetch(database, "SELECT 1") == 1
    assert (idle(database), turns(database)) == (1, many(database))


async def test_no_more_than_so_many_are_used_at_once(database: Database) -> None:
    using, most, ask = 0, 0, connections._ask

    async def noted(driver: Any, sql: str, arguments: Sequence[Any]) -> Sequence[Any]:
        nonlocal using, most
        using += 1
        most = max(most, using)
        await asyncio.sleep(0.01)
        rows = await ask(driver, sql, arguments)
        using -= 1
        return rows

    with patch.object(connections, "_ask", noted):
        assert await asyncio.gather(*[fetch(database, "SELECT 1") for _ in range(40)]) == [1] * 40
    assert most == idle(database) == turns(database) == many(database)


async def test_what_is_still_being_answered_is_waited_for_at_the_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "LAST_SECONDS", 30)  # on a busy machine a short one may take long
    short = SLOW[database.kind].replace("(20)", "(0.3)").replace("2000000", "1000000")
    asking = asyncio.create_task(fetch(database, short))
    await until(lambda: turns(database) == many(database) - 1)
    await database.close()
    assert await asking
    assert (idle(database), turns(database)) == (0, many(database))


async def test_a_session_is_waited_for_at_the_end(database: Database) -> None:
    reading = asyncio.Event()

    async def read() -> None:
        async with database.read() as session:
            await session.connection()
            reading.set()
            await asyncio.sleep(0.2)

    asking = asyncio.create_task(read())
    await reading.wait()
    await database.close()
    assert asking.done()
