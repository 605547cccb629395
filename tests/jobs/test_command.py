"""The commands on a database without tables, as an operator sees them: processes of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from graphql_api.migrations.migrate import upgrade
from graphql_api.migrations.revisions import head
from tests.faults.stage import Process, Serving, Stage, until

NO_TABLES = (
    f"the database has no tables, this version needs {head()}: run `migrate`",
    "the database does not let the service in yet: run `migrate`",
)
"""The second where PostgreSQL's server has not seen any migration yet."""


@pytest.fixture
def stage(empty_database_url: str, tmp_path: Path) -> Iterator[Stage]:
    made = Stage(empty_database_url, tmp_path)
    yield made
    made.end()


async def test_a_worker_ends_with_one_line_and_exit_code_1(stage: Stage) -> None:
    worker = Process(stage.folder / "worker.log", stage._environment({}), "worker")
    stage.started.append(worker)
    assert await worker.ended() == 1
    told = [line for line in worker.said() if line.get("event") not in {"listening", "not listening"}]
    assert told in [[{"raw": f"partner-api: {says}"}] for says in NO_TABLES]


async def test_a_worker_on_what_is_no_database_says_so_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear database, " * 100, "utf-8")
    stage = Stage(f"sqlite:///{tmp_path / 'letter.db'}", tmp_path)
    worker = stage.start("worker")
    assert await worker.ended() == 1
    [line] = worker.said()
    assert line["raw"].startswith("partner-api: DatabaseError: file is not a database")


async def test_a_server_starts_says_once_that_it_is_not_ready_and_is_so_once_migrated(
    stage: Stage, empty_database_url: str
) -> None:
    environment = stage._environment({"EMBEDDED_WORKER": "true"})
    server = Serving(stage.folder / "server.log", environment, "serve", "--port", "0")
    stage.started.append(server)
    [serving] = await server.until_it_says("serving")
    server.address = f"127.0.0.1:{serving['port']}"
    [told] = await server.until_it_says("not ready")
    assert told["migrations"] in NO_TABLES
    assert told["level"] == "warning"
    async with httpx2.AsyncClient() as client:
        assert (await client.get(f"http://{server.address}/readyz")).status_code == 503
        assert (await client.get(f"http://{server.address}/healthz")).status_code == 200
    await asyncio.to_thread(upgrade, empty_database_url)
    await until(server.is_ready)
    await server.until_it_says("worker started")
    assert [len(server.events(event)) for event in ("not ready", "ready")] == [1, 1]
    assert not any("exception" in line for line in server.said())
    assert await server.stop() == 0
