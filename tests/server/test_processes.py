"""Who keeps several processes up goes on whatever becomes of them."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

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
