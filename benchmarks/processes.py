"""A server under measurement: started, watched through /proc, ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

from benchmarks.wire import HOST

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
UP_SECONDS = 60
END_SECONDS = 15
OK = 200
SHOWN = 2_000
"""Characters of what a server printed."""


class DidNotStart(Exception):  # noqa: N818 - what happened, not whose fault
    """A side that did not come up, with what it printed."""


@dataclass(frozen=True)
class Running:
    """A server that answers, and how long it took to. Seconds and MiB."""

    process: int
    port: int
    started_in: float
    fresh_memory: float
    log: Path

    def printed(self) -> str:
        """The end of what it printed."""
        return _end_of(self.log)


def can_measure() -> bool:
    """Whether this system tells what processes take."""
    return sys.platform == "linux"


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as asked:
        asked.bind((HOST, 0))
        return int(asked.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path, port: int
) -> Iterator[Running]:
    """The server of a command, from its first healthy answer on.

    Raises:
        DidNotStart: it ended, or did not answer within a minute.

    """
    started = monotonic()
    with log.open("wb") as out:
        server = subprocess.Popen(  # noqa: S603 - the sides' own commands
            command, cwd=folder, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    try:
        _wait(server, port, log)
        yield Running(server.pid, port, monotonic() - started, memory(server.pid), log)
    finally:
        _end(server)


def cpu_seconds(process: int) -> float:
    """What the process and all below it have worked so far, those that ended already included."""
    return sum(_worked(one) for one in _tree(process))


def memory(process: int) -> float:
    """What the process and all below it hold in memory now, in MiB."""
    return sum(_resident(one) for one in _tree(process))


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = monotonic() + UP_SECONDS
    while not _is_up(port):
        if server.poll() is not None or monotonic() > deadline:
            raise DidNotStart(_end_of(log))
        sleep(0.02)


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-SHOWN:]


def _is_up(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == OK
    except OSError:
        return False
    finally:
        connection.close()


def _end(server: subprocess.Popen[bytes]) -> None:
    """Ask it to stop, then make it."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if server.poll() is None:
            os.killpg(server.pid, sign)
        try:
            server.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return


def _tree(process: int) -> list[int]:
    found, looked = [process], 0
    children = _children()
    while looked < len(found):
        found += children.get(found[looked], [])
        looked += 1
    return found


def _children() -> dict[int, list[int]]:
    below: dict[int, list[int]] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit() and (facts := _facts(int(folder.name))):
            below.setdefault(int(facts[1]), []).append(int(folder.name))
    return below


def _facts(process: int) -> list[str]:
    """The fields of /proc/PID/stat from the third on; none if it has gone meanwhile."""
    try:
        return (PROC / str(process) / "stat").read_text().rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _worked(process: int) -> float:
    """Its own user and system time, and that of its children that have ended."""
    return sum(map(int, _facts(process)[11:15])) / TICKS


def _resident(process: int) -> float:
    try:
        status = (PROC / str(process) / "status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    lines = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return sum(int(line.split()[1]) for line in lines) / 1024
