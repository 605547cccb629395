"""What stands in the log: who wrote a line, and no row or parameter of a statement that failed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
import structlog

from graphql_api.database import Database
from graphql_api.logs import configure_logs
from graphql_api.settings import read_settings

REFUSED = "INSERT INTO streams (id, position, revision) VALUES (gen_random_uuid(), 47 * 11, NULL)"
PRIVATE = "dup\nDETAIL:  Key (reason)=(first\n\nsecond) already exists.\nHINT:  none"
Written = Callable[[], str]


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Iterator[Written]:
    """What has been written to stderr. How logs are configured is as before afterwards."""
    root, theirs, configured = logging.getLogger(), logging.getLogger("uvicorn.error"), structlog.get_config()
    before = root.handlers[:], root.level
    yield lambda: capsys.readouterr().err
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    theirs.filters.clear()
    structlog.configure(**configured)


def fail(says: str) -> None:
    raise ValueError(says)


def configure(kind: str) -> Any:
    configure_logs(read_settings(log=kind))
    return structlog.get_logger("ours")


@pytest.mark.parametrize("kind", ["console", "json"])
async def test_no_row_that_was_refused(postgresql_url: str, written: Written, kind: str) -> None:
    log, database = configure(kind), Database(postgresql_url)
    try:
        async with database.connect() as connection:
            await connection.exec_driver_sql(REFUSED)
    except Exception:
        log.exception("failed")
    await database.close()
    said = written()
    assert "violates not-null constraint" in said
    assert "Traceback" in said
    assert "DETAIL" not in said
    assert ", 517, null" not in said


def test_nor_one_with_empty_lines_nor_a_password(written: Written) -> None:
    log = configure("json")
    try:
        fail(PRIVATE)
    except ValueError:
        try:
            fail("no way to postgresql://ana:hunter2@host/name")
        except ValueError:
            log.exception("failed")
    told = orjson.loads(written())["exception"]
    assert "ValueError: dup\nHINT:  none" in told
    assert "During handling of the above" in told
    assert "postgresql://ana:***@host/name" in told
    assert "second" not in told


def test_who_wrote_a_line(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    log = configure("json")
    monkeypatch.setattr("os.getpid", lambda: 4711)
    log.info("ours")
    logging.getLogger("theirs").warning("theirs")
    assert [orjson.loads(line)["pid"] for line in written().splitlines()] == [4711] * 2


def test_no_traceback_of_a_request_that_a_stop_has_cut(written: Written) -> None:
    configure("json")
    theirs = logging.getLogger("uvicorn.error")
    theirs.error("Exception in ASGI application", exc_info=asyncio.CancelledError())
    theirs.error("Exception in ASGI application", exc_info=ZeroDivisionError())
    [line] = written().splitlines()
    assert "ZeroDivisionError" in orjson.loads(line)["exception"]
