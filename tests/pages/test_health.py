"""Ready only with a database that answers, soon, and has the tables; told when that changes, and not again."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import make_url, text
from structlog.testing import capture_logs

from graphql_api.app import App
from graphql_api.migrations.migrate import upgrade
from graphql_api.migrations.revisions import head
from graphql_api.settings import read_settings
from tests.pages.site import TESTER
from tests.postgresql import Server, own_server

READY = (200, {"database": "ok", "migrations": "ok"})
READ_ONLY = (503, {"database": "read-only", "migrations": "ok"})
AWAY = (503, {"database": "away"})
SOON = 4.0
"""Seconds: the two that are promised, on a busy machine."""


async def ready(app: App) -> tuple[int, dict[str, str]]:
    """What a balancer gets, in time; without what is said of the stream."""
    code, found = await answered(app)
    assert ("stream" in found) == (code == 200)
    return code, {name: value for name, value in found.items() if name != "stream"}


async def answered(app: App) -> tuple[int, dict[str, str]]:
    started = time.monotonic()
    async with AsyncClient(transport=ASGITransport(app.asgi), base_url="http://partner.test") as client:
        response = await client.get("/readyz")
    assert time.monotonic() - started < SOON
    return response.status_code, response.json()


def told(logs: list[Any]) -> list[str]:
    return [entry["event"] for entry in logs if "ready" in entry["event"]]


async def test_a_service_is_ready_with_the_newest_tables(app: App) -> None:
    assert await ready(app) == READY


async def test_a_service_says_whether_its_streams_hear_at_once(app: App) -> None:
    hears = app.service.database.is_sqlite  # where nobody has to be listened to
    assert (await answered(app))[1]["stream"] == ("ok" if hears else "slow")
    async with app.asgi.router.lifespan_context(app.asgi):
        async with asyncio.timeout(20):
            while not (hears or (app.listener and app.listener.is_listening)):  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.01)
        assert await answered(app) == (200, {**READY[1], "stream": "ok"})


async def test_a_database_that_takes_no_changes_is_not_ready(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, reads = app.service.database, "default_transaction_read_only"
    monkeypatch.setattr("graphql_api.database.os.access", lambda *_: False)
    if not database.is_sqlite:
        async with database.connect() as connection:
            name = await connection.scalar(text("SELECT current_database()"))
            await connection.execute(text(f"ALTER DATABASE {name} SET {reads} = on"))
    with capture_logs() as logs:
        assert [await ready(app) for _ in range(3)] == [READ_ONLY] * 3
    assert told(logs) == ["not ready"]


async def test_a_process_that_ends_leaves_no_check_behind(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would hold a connection of a database that is closed by then."""
    begun, ended = asyncio.Event(), asyncio.Event()

    async def hangs(*_: object) -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    monkeypatch.setattr("graphql_api.pages.health.check_migrated", hangs)
    async with app.asgi.router.lifespan_context(app.asgi):
        await begun.wait()
    assert ended.is_set()


async def test_a_process_that_is_merely_busy_stays_ready(app: App) -> None:
    """Else a balancer sends the others what made it busy."""
    database = app.service.database
    async with AsyncExitStack() as busy:
        for _ in range(database.reader.engine.pool.size()):  # type: ignore[attr-defined] # it is a QueuePool
            session = await busy.enter_async_context(database.read())
            await session.connection()
        await busy.enter_async_context(database.write(TESTER))
        assert list(await asyncio.gather(*(ready(app) for _ in range(3)))) == [READY] * 3


@pytest.fixture
async def unmigrated(empty_database_url: str, settings_of: Any) -> AsyncIterator[App]:
    made = App(settings_of(empty_database_url))
    yield made
    await made.service.database.close()


@pytest.fixture
def settings_of() -> Any:
    return lambda url: read_settings(database_url=url, secret_key="a secret for tests, long enough to be one")


async def test_a_service_is_not_ready_until_its_tables_are_the_newest(
    unmigrated: App, empty_database_url: str
) -> None:
    says = f"this version needs {head()}: run `migrate`"
    with capture_logs() as logs:
        for _ in range(3):
            assert await ready(unmigrated) == (
                503,
                {"database": "ok", "migrations": f"the database has no tables, {says}"},
            )
        await asyncio.to_thread(upgrade, empty_database_url, to="0002")
        code, found = await ready(unmigrated)
        assert (code, found["database"], found["migrations"][-13:]) == (503, "ok", "run `migrate`")
        await asyncio.to_thread(upgrade, empty_database_url)
        for _ in range(3):
            assert await ready(unmigrated) == READY
    assert told(logs) == ["not ready", "not ready", "ready"]


async def test_a_database_that_nobody_can_reach_is_told_once_and_without_a_traceback(
    settings_of: Any, tmp_path: Path
) -> None:
    app = App(settings_of(f"postgresql://partner@/nothing?host={tmp_path}"))
    with capture_logs() as logs:
        assert [await ready(app) for _ in range(3)] == [AWAY] * 3
    await app.service.database.close()
    assert told(logs) == ["not ready"]
    assert not any("exc_info" in entry for entry in logs)


@pytest.fixture
def server() -> Iterator[Server]:
    """A PostgreSQL of the test's own, which it may stop."""
    with own_server() as made:
        yield made


@contextmanager
def hanging(server: Server) -> Iterator[None]:
    """All its processes stand still."""
    folder = Path(str(make_url(str(server.url)).query["host"]))
    main = (folder / "data" / "postmaster.pid").read_text().splitlines()[0]
    found = subprocess.run(["pgrep", "-P", main], capture_output=True, text=True, check=True)  # noqa: S607
    children = found.stdout.split()
    stopped = [int(pid) for pid in (main, *children)]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)


async def test_a_database_that_hangs_is_answered_for_in_two_seconds(server: Server, settings_of: Any) -> None:
    url = server.url_of("postgres")
    await asyncio.to_thread(upgrade, url)
    app = App(settings_of(url))
    with capture_logs() as logs:
        assert await ready(app) == READY
        with hanging(server):
            assert [await ready(app) for _ in range(3)] == [AWAY] * 3
            assert list(await asyncio.gather(ready(app), ready(app))) == [AWAY] * 2
        async with asyncio.timeout(30):
            while await ready(app) != READY:  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.1)
    await app.service.database.close()
    assert told(logs) == ["not ready", "ready"]
