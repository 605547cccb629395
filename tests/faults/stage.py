"""The service as operators run it: processes of its own on a real database, which may be killed at any moment."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import orjson

from tests import postgresql

ROOT = Path(__file__).parents[2]
SECRET = "a secret for tests, long enough to be one"
PATIENCE = 60.0
"""Seconds for anything on a busy machine."""
PAUSE = 0.02


class Process:
    """One process of `python -m graphql_api`, with its log."""

    def __init__(self, log: Path, environment: dict[str, str], *command: str) -> None:
        """Start it."""
        self.log, self.environment, self.command = log, environment, command
        self.process = self._started()

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def send(self, sig: signal.Signals) -> None:
        self.process.send_signal(sig)

    def kill(self) -> None:
        """As kill -9 and a power cut do."""
        self.process.kill()
        self.process.wait()

    def again(self) -> None:
        """Start it once more, after its end."""
        self.process = self._started()

    async def stop(self, sig: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end: its exit code, once it has."""
        self.send(sig)
        return await self.ended()

    async def ended(self) -> int:
        """Its exit code, once it has ended."""
        return await asyncio.to_thread(self.process.wait, PATIENCE)

    def said(self) -> list[dict[str, Any]]:
        """Its log since its last start, line by line; what is not of ours stands as `raw`."""
        return [_line(line) for line in self.log.read_bytes().splitlines()]

    def events(self, event: str) -> list[dict[str, Any]]:
        """The lines of one event."""
        return [line for line in self.said() if line.get("event") == event]

    async def until_it_says(self, event: str, times: int = 1) -> list[dict[str, Any]]:
        """Wait for so many lines of the event."""
        deadline = time.monotonic() + PATIENCE
        while len(found := self.events(event)) < times:
            assert self.is_running, self.log.read_text("utf-8")
            assert time.monotonic() < deadline, self.log.read_text("utf-8")
            await asyncio.sleep(PAUSE)
        return found

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "graphql_api", *self.command]
        with self.log.open("wb") as log:
            return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)


class Serving(Process):
    """A process that serves, with its children where it has any."""

    address = ""

    async def ready(self) -> Serving:
        """Wait until it says where it serves, and is ready."""
        [told] = await self.until_it_says("serving")
        self.address = f"127.0.0.1:{told['port']}"
        await until(self.is_ready)
        return self

    async def is_ready(self) -> bool:
        """Whether /readyz says so; it must not have ended."""
        assert self.is_running, self.log.read_text("utf-8")
        with suppress(httpx2.TransportError):
            async with httpx2.AsyncClient() as client:
                return (await client.get(f"http://{self.address}/readyz")).status_code == 200
        return False

    def children(self) -> list[int]:
        """The processes that it has started, those that have died among them."""
        return [line["serving"] for line in self.events("process started")]


@dataclass
class Stage:
    """Where processes are started. Whatever becomes of the test, none goes on after it."""

    database_url: str
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    """More variables for all that is started."""
    started: list[Process] = field(default_factory=list)

    @property
    def mails(self) -> Path:
        """Where mails go, unless the environment says otherwise."""
        return self.folder / "mail"

    async def serve(self, *options: str, **environment: str) -> Serving:
        """A process that serves, once it is ready."""
        serving = Serving(self._log(), self._environment(environment), "serve", "--port", "0", *options)
        self.started.append(serving)
        return await serving.ready()

    async def work(self, **environment: str) -> Process:
        """A worker, once it works."""
        worker = Process(self._log(), self._environment(environment), "worker")
        self.started.append(worker)
        await worker.until_it_says("worker started")
        return worker

    def start(self, *command: str, **environment: str) -> Process:
        """Any other command."""
        process = Process(self._log(), self._environment(environment), *command)
        self.started.append(process)
        return process

    def end(self) -> None:
        """Nothing keeps running: a child ends with its parent."""
        for process in self.started:
            process.kill()

    def _log(self) -> Path:
        return self.folder / f"process-{len(self.started)}.log"

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        ours = {
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": SECRET,
            "PUBLIC_URL": "http://partner.test",
            "MAIL_URL": f"folder://{self.mails}",
            "LOG": "json",
        }
        given = {f"PARTNER_API_{name}": value for name, value in (ours | self.environment | more).items()}
        return os.environ | given


class Postgres:
    """A PostgreSQL of the test's own, which may be stopped and started. No port is opened."""

    def __init__(self, folder: Path, *options: str) -> None:
        """Its data and its socket are in the folder, whose path is short."""
        self.folder = folder
        command, self._account = postgresql.installed(folder)
        self.command = [*command, *options]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://partner@/postgres?host={self.folder}"

    def start(self) -> None:
        self._process = postgresql.started(self.command, self._account, self.folder)

    def stop(self, sig: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends it fast but in order; SIGQUIT as a crash does."""
        if self._process:
            self._process.send_signal(sig)
            self._process.wait(PATIENCE)

    def signal_all(self, sig: signal.Signals) -> None:
        """Tell its processes, each of which serves one connection, too."""
        assert self._process
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text("utf-8")
        for pid in (self._process.pid, *map(int, children.split())):
            os.kill(pid, sig)


@contextmanager
def own_postgres(*options: str) -> Iterator[Postgres]:
    """One that runs, and is gone with its data afterwards."""
    with postgresql.own_folder() as folder, running(folder, *options) as made:
        yield made


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Postgres]:
    """One that keeps its data in that folder, while it runs."""
    made = Postgres(folder, *options)
    made.start()
    try:
        yield made
    finally:
        made.stop()


def _line(line: bytes) -> dict[str, Any]:
    try:
        read: dict[str, Any] = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {"raw": line.decode("utf-8", "replace")}
    return read


async def until(has_come: Callable[[], Awaitable[bool]]) -> None:
    """Wait for it."""
    async with asyncio.timeout(PATIENCE):
        while not await has_come():  # noqa: ASYNC110 - other processes tell nobody
            await asyncio.sleep(PAUSE)


async def has_ended(pid: int) -> bool:
    """Whether there is no such process; what nobody has waited for counts as ended."""
    return _state(pid) in {"", "Z"}


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return ""
