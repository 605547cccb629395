"""Hearing at once what other processes commit: LISTEN on one connection of this process's own, on PostgreSQL.

A word says only where to look: a stream and its position, or that there are mails. What happened is read from the
tables. So a word that is lost costs time and nothing else, and whoever hears one twice looks once.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import asyncpg
import structlog

from graphql_api.reading.address import connecting, driven
from graphql_api.reading.faults import in_a_line

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    Hear = Callable[[str], None]

STREAMS: Final = "partner_api_streams"
"""Words of this channel are `ID POSITION`."""
MAILS: Final = "partner_api_mails"
"""Its words are empty."""
LOOK: Final = ""
"""Said to everybody when listening begins and ends: anything may have been missed."""
LISTENER: Final = "listener"
"""What the connection's name in pg_stat_activity ends with."""
KEEPALIVE_SECONDS: Final = 5.0
"""Between two questions whether the server is there, and for its answer: one that vanished does not say so."""
FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 5.0

log = structlog.get_logger(__name__)


class Listener:
    """The connection that listens, for as long as `listen` runs; lost, it is opened again."""

    def __init__(self, url: str) -> None:
        """`url` is the database's, on PostgreSQL."""
        self._url = url
        self._ears: dict[str, list[Hear]] = {STREAMS: [], MAILS: []}
        self.is_listening = False

    def on(self, channel: str, hear: Hear) -> None:
        """Call it with every word of the channel, and with LOOK. It must be quick and not raise."""
        self._ears[channel].append(hear)

    async def listen(self) -> None:
        """Listen until cancelled."""
        pause = FIRST_PAUSE
        while True:
            try:
                async with self._connected() as connection:
                    pause = FIRST_PAUSE
                    await _stay(connection)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next try may do better
                if pause == FIRST_PAUSE:  # told once, until it listens again
                    log.warning("not listening", error=in_a_line(error))
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Any]:
        connection = await _open(self._url)
        try:
            for channel in self._ears:
                await connection.add_listener(channel, self._heard)
            log.info("listening")
            self._turn(is_listening=True)
            yield connection
        finally:
            connection.terminate()
            self._turn(is_listening=False)

    def _heard(self, _connection: object, _pid: int, channel: str, word: str) -> None:
        for hear in self._ears[channel]:
            hear(word)

    def _turn(self, *, is_listening: bool) -> None:
        self.is_listening = is_listening
        for ears in self._ears.values():
            for hear in ears:
                hear(LOOK)


def listener_of(url: str) -> Listener | None:
    """The listener of this process; None on SQLite, where nobody announces."""
    return Listener(url) if driven(url).get_backend_name() == "postgresql" else None


async def _open(url: str) -> Any:
    """A connection to just the place that SQLAlchemy finds by this URL."""
    made = driven(url)
    _, where = made.get_dialect()().create_connect_args(made)
    return await asyncpg.connect(**where, **connecting(url, LISTENER))


async def _stay(connection: Any) -> None:
    """Ask again and again whether the server is there, until it is not: then it raises."""
    lost = asyncio.Event()
    connection.add_termination_listener(lambda _: lost.set())
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(lost.wait(), KEEPALIVE_SECONDS)
        await connection.execute("SELECT 1", timeout=KEEPALIVE_SECONDS)
