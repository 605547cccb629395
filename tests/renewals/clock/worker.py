"""The worker as an operator runs it: a process of its own, beside others, that may be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

ROOT = Path(__file__).parents[3]
REMINDERS = ",".join(str(days) for days in range(100, 0, -5))
"""Twenty milestones: the clock takes twenty steps, between which it can be killed."""
PATIENCE = 120.0
"""Seconds for anything on a busy machine."""


class Worker:
    """One process."""

    def __init__(self, database_url: str, folder: Path) -> None:
        """Start it; mails and its log go to the folder."""
        self.log = folder / f"worker-{time.time_ns()}.log"
        self.environment = os.environ | {
            "PARTNER_API_DATABASE_URL": database_url,
            "PARTNER_API_MAIL_URL": f"folder://{folder / 'mail'}",
            "PARTNER_API_REMINDER_DAYS": REMINDERS,
        }
        self.process = self._started()

    async def is_up(self) -> bool:
        """Whether it says so; it must not have ended."""
        assert self.process.poll() is None, self.said()
        return "worker started" in self.said()

    def again(self) -> None:
        """Start it once more, after its end."""
        self.process = self._started()

    def kill(self) -> None:
        """As kill -9 and a power cut do."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> tuple[int, float]:
        """Ask it to end: its exit code, and how many seconds it took."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE), time.monotonic() - started

    def end(self) -> None:
        """Whatever became of the test, nothing keeps running."""
        self.process.kill()
        self.process.wait()

    def said(self) -> str:
        """Since its last start."""
        return self.log.read_text("utf-8")

    def _started(self) -> subprocess.Popen[bytes]:
        with self.log.open("wb") as log:
            command = [sys.executable, "-m", "graphql_api", "worker"]
            return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)


async def until(has_come: Callable[[], Awaitable[bool]], pause: float = 0.01) -> None:
    """Wait for it."""
    deadline = time.monotonic() + PATIENCE
    while not await has_come():
        assert time.monotonic() < deadline, "it did not come"
        await asyncio.sleep(pause)
