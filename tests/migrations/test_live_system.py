"""Migrating while others start, work, or have moved on."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from graphql_api.migrations import migrate, turn
from graphql_api.migrations.migrate import CannotMigrate, upgrade
from graphql_api.migrations.revisions import head, is_migrated, revision_of, revisions
from graphql_api.reading.address import DRIVERS
from tests.migrations.commands import Migrate
from tests.postgresql import Server

APPLIED = re.compile(r"applied (\d{4}) .+ \(\d+\.\d\d s\)")
IN_USE = "a long transaction has a table in use"


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[AsyncConnection]:
    """Somebody else's connection."""
    parsed = make_url(url)
    engine = create_async_engine(parsed.set(drivername=DRIVERS[parsed.drivername]))
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


def asked(url: str, question: Callable[[Connection], Any]) -> Any:
    """The answer to a question that takes a plain connection; what it changes is kept."""

    async def ask() -> Any:
        async with connected(url) as connection:
            answer = await connection.run_sync(question)
            await connection.commit()
            return answer

    return asyncio.run(ask())


def test_six_processes_that_start_at_once_migrate_once(empty_database_url: str) -> None:
    ended = [migrating.end() for migrating in [Migrate(empty_database_url) for _ in range(6)]]
    assert [(one.code, one.err) for one in ended] == [(0, "")] * 6
    lines = [one.out.splitlines() for one in ended]
    applied = [APPLIED.fullmatch(line) for said in lines for line in said if line.startswith("applied")]
    assert [step and step[1] for step in applied] == revisions()
    idle = [said for said in lines if said[-1] == f"nothing to do: the database is at {head()}"]
    assert len(idle) == 5
    assert asked(empty_database_url, revision_of) == head()


def test_what_was_done_is_told_line_by_line(empty_database_url: str) -> None:
    told: list[str] = []
    upgrade(empty_database_url, told.append)
    assert re.fullmatch(r"applied 0002 Renewal notices and idempotency keys \(\d+\.\d\d s\)", told[1])
    assert [line.split()[1] for line in told] == revisions()


def test_a_database_newer_than_the_code_is_refused_in_one_line(database_url: str) -> None:
    def move_on(connection: Connection) -> None:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    asked(database_url, move_on)
    ended = Migrate(database_url).end()
    says = f"the database is at 9999, newer than this version, which knows {head()}"
    assert (ended.code, ended.out, ended.err) == (1, "", f"partner-api: {says}\n")
    assert asked(database_url, revision_of) == "9999"


def test_an_older_version_goes_on_with_newer_tables_and_none_without_its_own() -> None:
    assert is_migrated(head())
    assert is_migrated("9999")
    assert not is_migrated(None)
    assert not any(map(is_migrated, revisions()[:-1]))


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The waits are the same, only shorter."""
    monkeypatch.setattr(turn, "LOCK_TIMEOUT", "200ms")
    monkeypatch.setattr(migrate, "PAUSES", (0, *[0.2] * 10))


@pytest.fixture
def bare_postgresql_url(postgresql_server: Server) -> Iterator[str]:
    """A PostgreSQL without tables."""
    with postgresql_server.database() as name:
        yield postgresql_server.url_of(name)


async def come(told: list[str], count: int) -> None:
    """Wait until so much was told."""
    async with asyncio.timeout(60):
        while len(told) < count:  # noqa: ASYNC110 - it is told in another thread
            await asyncio.sleep(0.01)


@pytest.mark.usefixtures("hasty")
async def test_a_migration_does_not_queue_for_long_behind_a_long_transaction(
    bare_postgresql_url: str,
) -> None:
    """In the queue it would hold up whoever comes to the table after it."""
    told: list[str] = []
    await asyncio.to_thread(upgrade, bare_postgresql_url, to="0002")
    async with connected(bare_postgresql_url) as reader:
        await reader.execute(text("SELECT count(*) FROM streams"))
        waiting = asyncio.create_task(asyncio.to_thread(upgrade, bare_postgresql_url, told.append))
        await come(told, 2)
        await asyncio.wait_for(take_a_position(bare_postgresql_url), 5)
    assert await waiting == revisions()[2:]
    assert told[:2] == [f"{IN_USE}; waiting for it"] * 2


@pytest.mark.usefixtures("hasty")
async def test_where_a_long_transaction_never_ends_it_is_told_in_the_end(bare_postgresql_url: str) -> None:
    await asyncio.to_thread(upgrade, bare_postgresql_url, to="0002")
    async with connected(bare_postgresql_url) as reader:
        await reader.execute(text("SELECT count(*) FROM streams"))
        with pytest.raises(CannotMigrate, match=f"{IN_USE}; end that, and migrate again"):
            await asyncio.to_thread(upgrade, bare_postgresql_url)
        assert (await reader.scalar(text("SELECT version_num FROM alembic_version"))) == "0002"


async def take_a_position(url: str) -> None:
    """What every writer does."""
    async with connected(url) as writer:
        await writer.execute(text("UPDATE streams SET position = position + 1"))
        await writer.commit()


async def test_who_comes_second_waits_and_goes_on_from_there(bare_postgresql_url: str) -> None:
    told: list[str] = []
    async with turn.turn(bare_postgresql_url, told.append):
        waiting = asyncio.create_task(asyncio.to_thread(upgrade, bare_postgresql_url, told.append))
        await come(told, 1)
        assert told == ["another process is migrating; waiting for it"]
    assert await waiting == revisions()
