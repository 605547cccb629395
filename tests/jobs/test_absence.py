"""A database that goes away is told once, and once that it is back; asked for less often meanwhile."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from asyncpg import DeadlockDetectedError
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from structlog.testing import capture_logs

from graphql_api.database import Database
from graphql_api.jobs import clock as clocks
from graphql_api.jobs.clock import Job
from graphql_api.jobs.outbox import Pass
from graphql_api.jobs.worker import run_embedded_worker, run_worker
from graphql_api.mail.transports import transport_of
from graphql_api.migrations.migrate import upgrade
from graphql_api.migrations.standing import NotMigrated
from graphql_api.models import rows
from graphql_api.models.keys import new_key
from graphql_api.reading import absence
from graphql_api.reading.absence import Absence
from graphql_api.settings import Settings

PATIENCE = 20.0


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same waits, only shorter."""
    monkeypatch.setattr(absence, "SHORTEST", 0.02)
    monkeypatch.setattr(clocks, "JOBS", (Job("count", 0.01, _look),))
    monkeypatch.setattr("graphql_api.jobs.outbox.PAUSE", 0.01)
    monkeypatch.setattr("graphql_api.jobs.worker.LOOK_SECONDS", 0.02)


async def _look(database: Database, _settings: Settings, _stop: asyncio.Event) -> None:
    async with database.read():
        pass


@asynccontextmanager
async def working(work: Any) -> AsyncIterator[None]:
    """A worker, until the end of the block."""
    stop = asyncio.Event()
    task = asyncio.create_task(work(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, PATIENCE)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - what is awaited tells nobody
            await asyncio.sleep(0.01)


def refuse(*_: object) -> Any:
    raise ConnectionRefusedError("nobody listens")


def events(logs: list[Any]) -> list[str]:
    return [entry["event"] for entry in logs]


async def test_a_worker_tells_once_that_its_database_is_away_and_once_that_it_is_back(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[object] = []

    def note(*_: object) -> Any:
        tries.append(None)
        refuse()

    with capture_logs() as logs:
        async with working(lambda stop: run_worker(database, settings, stop)):
            await until(lambda: "worker started" in events(logs))
            with monkeypatch.context() as away:
                for way in ("read", "write"):
                    away.setattr(database, way, note)
                await until(lambda: len(tries) > 10)
            await until(lambda: events(logs)[-1] == "database back")
    once = ["database away", "database back"]
    assert events(logs)[1:] in (once, once * 2)  # a question that was on its way may still be answered
    assert logs[1]["error"] == "ConnectionRefusedError: nobody listens"
    assert "exc_info" not in logs[1]


@pytest.mark.parametrize(
    ("error", "shown"), [(ConnectionRefusedError("nobody"), "error"), (ZeroDivisionError(), "exc_info")]
)
async def test_a_mail_that_cannot_be_settled_is_a_line_while_the_database_is_away(
    database: Database, monkeypatch: pytest.MonkeyPatch, error: Exception, shown: str
) -> None:
    def fail(*_: object) -> Any:
        raise error

    mail, stop = rows.OutboxMail(id=new_key()), asyncio.Event()
    stop.set()  # so that it is to be handed back
    monkeypatch.setattr(database, "write", fail)
    with capture_logs() as logs:
        await Pass(database, transport_of("console:"), "a@b.example", stop).take(mail)
    [line] = logs
    assert line["event"] == "mail not settled"
    assert {"error", "exc_info"} & line.keys() == {shown}


async def test_a_worker_that_may_only_read_tells_so_once(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The outbox, which is empty, has no need to write; the clock has."""
    tries: list[object] = []

    async def write(*_: object) -> None:
        tries.append(None)
        if len(tries) < 10:
            raise OperationalError("", {}, sqlite3.OperationalError("attempt to write a readonly database"))

    monkeypatch.setattr(clocks, "JOBS", (Job("write", 0.01, write), Job("read", 0.01, _look)))
    with capture_logs() as logs:
        async with working(lambda stop: run_worker(database, settings, stop)):
            await until(lambda: len(tries) > 12)
    assert events(logs) == ["worker started", "database away", "database back"]


async def test_a_worker_on_what_is_no_database_leaves_the_telling_to_its_command(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "letter.db").write_text("Dear database, " * 100, "utf-8")
    database = Database(f"sqlite:///{tmp_path / 'letter.db'}")
    with capture_logs() as logs, pytest.raises(DatabaseError, match="not a database"):
        await run_worker(database, settings, asyncio.Event())
    await database.close()
    assert logs == []


async def test_a_worker_waits_at_its_start_for_a_database_that_is_away(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with capture_logs() as logs, monkeypatch.context() as away:
        away.setattr(database, "aside", refuse)
        async with working(lambda stop: run_worker(database, settings, stop)):
            await until(lambda: "database away" in events(logs))
            away.undo()
            await until(lambda: "worker started" in events(logs))
    assert events(logs) == ["database away", "database back", "worker started"]


async def test_a_fault_of_ours_is_told_whole(database: Database, settings: Settings) -> None:
    async def fail(*_: object) -> None:
        raise ZeroDivisionError

    with capture_logs() as logs, pytest.MonkeyPatch.context() as broken:
        broken.setattr(clocks, "JOBS", (Job("divide", 0.01, fail),))
        async with working(lambda stop: run_worker(database, settings, stop)):
            await until(lambda: events(logs).count("failed") > 1)
    assert {entry["event"] for entry in logs} == {"worker started", "failed"}
    assert isinstance(logs[-1]["exc_info"], ZeroDivisionError)
    assert logs[-1]["doing"] == "divide"


@pytest.mark.parametrize(("lost", "told"), [(1, []), (2, ["failed"])])
async def test_a_race_that_is_lost_is_run_once_more_and_no_absence(
    lost: int, told: list[str], database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database ended one transaction in favour of another."""
    runs: list[object] = []

    async def race(*_: object) -> None:
        runs.append(None)
        if len(runs) <= lost:
            raise DBAPIError("", {}, DeadlockDetectedError())

    monkeypatch.setattr(clocks, "JOBS", (Job("race", 0.01, race),))
    with capture_logs() as logs:
        async with working(lambda stop: run_worker(database, settings, stop)):
            await until(lambda: len(runs) > lost + 1)
    assert events(logs) == ["worker started", *told]


def test_the_longer_it_is_away_the_less_often_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(absence, "SHORTEST", 1.0)
    now, pauses, missing = 100.0, list[float | None](), Absence("test")
    monkeypatch.setattr("graphql_api.reading.absence.time.monotonic", lambda: now)
    for _ in range(6):
        pauses.append(missing.note(ConnectionRefusedError(), "look"))
        now += pauses[-1] or 0
    assert pauses == [1, 2, 4, 8, 10, 10]
    missing.over("look")
    assert missing.note(ConnectionRefusedError(), "look") == 1


@pytest.fixture
async def unmigrated(empty_database_url: str) -> AsyncIterator[Database]:
    made = Database(empty_database_url)
    yield made
    await made.close()


async def test_a_worker_without_tables_ends_and_one_beside_a_server_waits_for_them(
    unmigrated: Database, empty_database_url: str, settings: Settings
) -> None:
    with pytest.raises(NotMigrated, match="the database has no tables"):
        await run_worker(unmigrated, settings, asyncio.Event())
    with capture_logs() as logs:
        async with working(lambda stop: run_embedded_worker(unmigrated, settings, stop)):
            await asyncio.sleep(0.1)
            assert events(logs) == []
            await asyncio.to_thread(upgrade, empty_database_url)
            await until(lambda: "worker started" in events(logs))


async def test_a_worker_beside_a_server_outlives_a_fault_at_its_start(
    database: Database, settings: Settings
) -> None:
    """Nobody would start it again before the server's end."""

    async def name_it(old: str, new: str) -> None:
        async with database.connect() as connection:
            await connection.execute(text(f"ALTER TABLE alembic_version RENAME COLUMN {old} TO {new}"))

    await name_it("version_num", "something")
    with capture_logs() as logs:
        async with working(lambda stop: run_embedded_worker(database, settings, stop)):
            await until(lambda: "worker failed" in events(logs))
            await name_it("something", "version_num")
            await until(lambda: "worker started" in events(logs))
