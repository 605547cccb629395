"""A PostgreSQL that really follows another one, and whose following can be held up."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from tests.postgresql import installed, own_folder, run, started

FOLLOWED = ("-c", "wal_level=replica", "-c", "max_wal_senders=4")


class Pair:
    """A server and its replica."""

    def __init__(self, folder: Path, copy: Path) -> None:
        """Start both, each in its folder."""
        self.folder, self.copy = folder, copy
        command, account = installed(folder)
        self._primary = started([*command, *FOLLOWED], account, folder)
        if "user" in account:
            os.chown(copy, account["user"], account["group"])
        self._account = account | {"cwd": copy}
        self._copied(Path(command[0]))
        self._command = [*(copy if part == folder else part for part in command), *FOLLOWED]
        self._command[self._command.index("-D") + 1] = copy / "data"
        self.start()

    def url_of(self, name: str) -> str:
        return f"postgresql://partner@/{name}?host={self.folder}"

    def replica_of(self, name: str) -> str:
        return f"postgresql://partner@/{name}?host={self.copy}"

    async def hold_up(self) -> None:
        """From here on the replica shows nothing newer."""
        await self._tell(self.replica_of("postgres"), "SELECT pg_wal_replay_pause()")

    async def go_on(self) -> None:
        """It follows again, and has all that is committed now."""
        await self._tell(self.replica_of("postgres"), "SELECT pg_wal_replay_resume()")
        end = await self._tell(self.url_of("postgres"), "SELECT pg_current_wal_insert_lsn()::text")
        while await self._tell(self.replica_of("postgres"), f"SELECT pg_last_wal_replay_lsn() < '{end}'"):
            await self._tell(self.replica_of("postgres"), "SELECT pg_sleep(0.02)")

    def stop(self, sig: signal.Signals = signal.SIGQUIT) -> None:
        """The replica ends: by SIGQUIT as in a crash, by SIGSTOP it says nothing any more."""
        if sig is signal.SIGSTOP:
            os.killpg(self._replica.pid, sig)  # its own session
            return
        self._replica.send_signal(sig)
        self._replica.wait(timeout=30)

    def wake(self) -> None:
        """After SIGSTOP."""
        os.killpg(self._replica.pid, signal.SIGCONT)

    def start(self) -> None:
        """Start the replica."""
        self._replica = started(self._command, self._account, self.copy)

    def end(self) -> None:
        for server in (self._replica, self._primary):
            if server.poll() is None:
                server.send_signal(signal.SIGQUIT)
                server.wait(timeout=30)

    def _copied(self, postgres: Path) -> None:
        source: list[str | Path] = ["-h", self.folder, "-U", "partner", "-R", "-c", "fast", "--no-sync"]
        run([postgres.parent / "pg_basebackup", *source, "-D", self.copy / "data"], self._account)

    async def _tell(self, url: str, statement: str) -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()


@contextmanager
def pair() -> Iterator[Pair]:
    """Both, gone with their data afterwards."""
    with own_folder() as folder, own_folder() as copy:
        made = Pair(folder, copy)
        try:
            yield made
        finally:
            made.end()
