"""The demo as a newcomer runs it: a process of its own, and what it answers."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import httpx2
import orjson

from tests.api import Api

ROOT = Path(__file__).parents[2]
PATIENCE = 240.0
"""Seconds for a start on a busy machine."""


class Demo:
    """One run of the demo."""

    def __init__(self, folder: Path, port: int = 0, before: Sequence[str] = ()) -> None:
        """Start it, by the command `before` it; it keeps its data in the folder."""
        self.folder = folder
        self.began = time.time_ns()
        self.out, self.err = (folder.with_name(f"{folder.name}-{self.began}.{end}") for end in ("out", "err"))
        demo = [sys.executable, "-m", "graphql_api", "demo", "--port", str(port), "--data", str(folder)]
        command = [*before, *demo]
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=err)

    def wait_until_ready(self) -> dict[str, Any]:
        """What demo.json says, written by this run."""
        file = self.folder / "demo.json"
        self._wait(lambda: file.exists() and file.stat().st_mtime_ns >= self.began)
        facts: dict[str, Any] = orjson.loads(file.read_bytes())
        return facts

    def wait_until_it_says(self, words: str) -> None:
        self._wait(lambda: words in self.said())

    def said(self) -> str:
        return self.out.read_text("utf-8")

    def complained(self) -> str:
        return self.err.read_text("utf-8")

    def stop(self, by: signal.Signals = signal.SIGINT) -> int:
        """Send the signal; the exit code, once it has ended."""
        self.process.send_signal(by)
        return self.wait_until_it_ends()

    def wait_until_it_ends(self) -> int:
        return self.process.wait(PATIENCE)

    def end(self) -> None:
        """Whatever became of the test, nothing keeps running."""
        self.process.kill()
        self.process.wait()

    def _wait(self, has_come: Any) -> None:
        until = time.monotonic() + PATIENCE
        while not has_come():
            assert self.process.poll() is None, self.complained()
            assert time.monotonic() < until, self.said() + self.complained()
            time.sleep(0.02)


@dataclass
class Surfaces:
    """A running demo, through nothing but what demo.json names."""

    facts: dict[str, Any]
    api: Api
    read: set[Path] = field(default_factory=set)

    def __post_init__(self) -> None:
        """What came before is read."""
        self.read = self._mails()

    @property
    def tokens(self) -> dict[str, str]:
        tokens: dict[str, str] = self.facts["tokens"]
        return tokens

    @property
    def http(self) -> httpx2.AsyncClient:
        return self.api.http

    async def ask(self, document: str, who: str, /, **variables: Any) -> dict[str, Any]:
        return await self.api.ask(document, self.tokens[who], **variables)

    async def change(self, mutation: str, who: str, fields: str, /, **given: Any) -> dict[str, Any]:
        """The payload of a mutation that nothing is against."""
        payload = await self.api.change(mutation, self.tokens[who], fields, **given)
        assert payload["userErrors"] == []
        return payload

    async def mails(self, count: int) -> dict[str, str]:
        """The next mails to arrive in the folder, as many as that: their texts by "kind address"."""
        new = await asyncio.to_thread(self._arrived, count)
        self.read |= new
        letters = [message_from_bytes(path.read_bytes(), policy=default) for path in new]
        assert len(letters) == count
        return {f"{m['X-Partner-Api-Kind']} {m['To'].addresses[0].addr_spec}": _text(m) for m in letters}

    def _arrived(self, count: int) -> set[Path]:
        until = time.monotonic() + PATIENCE
        while len(new := self._mails() - self.read) < count:
            assert time.monotonic() < until, f"{len(new)} of {count} mails came"
            time.sleep(0.02)
        return new

    def _mails(self) -> set[Path]:
        return set(Path(self.facts["mail_folder"]).glob("*.eml"))


@asynccontextmanager
async def surfaces_of(facts: dict[str, Any]) -> AsyncIterator[Surfaces]:
    """Its clients, real ones."""
    async with httpx2.AsyncClient(base_url=facts["graphql"].removesuffix("/graphql")) as http:
        yield Surfaces(facts, RealApi(http))


class RealApi(Api):
    """The API over a real connection."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        """`http` knows the address."""
        self.http = http


def _text(message: Any) -> str:
    return str(message.get_body(("plain",)).get_content())
