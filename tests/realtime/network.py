"""The network between us and PostgreSQL, as a socket in between, which a test can make swallow everything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


class Network:
    """What passes it, in both directions."""

    def __init__(self, server: Path) -> None:
        """`server` is the socket of PostgreSQL."""
        self._server = server
        self._swallowing: set[asyncio.Task[None]] = set()
        self._passing: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def between(cls, ours: Path, folder: Path) -> AsyncIterator[Network]:
        """Whoever connects to `ours` reaches the server whose socket lies in the folder."""
        network = cls(folder / ours.name)
        async with await asyncio.start_unix_server(network._connect, ours):
            yield network
            await network._end()

    def swallow(self) -> None:
        """Let nothing more pass on what is connected now, and close nothing. Later connections are well."""
        self._swallowing |= self._passing

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_unix_connection(self._server)
        for source, target in ((reader, there[1]), (there[0], writer)):
            self._passing.add(asyncio.create_task(self._pass(source, target)))

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65_536):
                if asyncio.current_task() not in self._swallowing:
                    target.write(data)
        finally:
            target.close()

    async def _end(self) -> None:
        for task in self._passing:
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)
