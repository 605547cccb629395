"""Who keeps several processes up goes on whatever becomes of them."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs

from graphql_api.server import processes
from graphql_api.server.processes import Processes


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Processes]:
    """Two processes that were started."""
    monkeypatch.setattr(processes, "PAUSE_SECONDS", 0.01)
    with socket.socket() as bound:
        made = Processes(bound, 2, stop_seconds=1)
        made._running = [process(is_alive=False), process(is_alive=True)]
        yield made


def process(*, is_alive: bool) -> Any:
    """One that lives, or does not."""
    return SimpleNamespace(is_alive=lambda: is_alive, pid=1, exitcode=-9)


def test_where_no_other_can_be_started_it_is_tried_again(
    kept: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the system killed one for want of memory, there may be none for another."""
    tries = iter([OSError(errno.ENOMEM, "Cannot allocate memory")] * 2)

    def start() -> Any:
        for error in tries:
            raise error
        return process(is_alive=True)

    monkeypatch.setattr(kept, "_started", start)
    with capture_logs() as logs:
        kept._replace_dead()
    assert [one.is_alive() for one in kept._running] == [True, True]
    assert [line["event"] for line in logs] == ["process died", *["process not started"] * 2]


@pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere none is a fork of ours, which carries the fault"
)
def test_one_that_fails_says_so_in_the_log_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(_settings: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(processes, "App", fail)
    monkeypatch.setenv("PARTNER_API_LOG", "json")
    with socket.create_server(("127.0.0.1", 0)) as bound:
        one = processes.HOW.Process(target=processes._serve, args=(bound, os.getpid()))
        one.start()
        one.join(timeout=30)
    [line] = capfd.readouterr().err.splitlines()
    told = orjson.loads(line)
    assert (one.exitcode, told["event"], told["level"]) == (1, "process failed", "error")
    assert "RuntimeError: out of order" in told["exception"]
