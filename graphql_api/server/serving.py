"""Running the service: uvicorn, told to stop in time, whatever is going on."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, ClassVar, Final, cast

import structlog
import uvicorn

from graphql_api.app import App
from graphql_api.execution.requests import MAX_BYTES
from graphql_api.server.connections import SLOW_SECONDS, Http, Socket, Watchdog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType

LAST_SECONDS: Final = 1.0
"""Of the time for a stop: for what ends after the last request; and for clients to take their leave."""
PAUSE: Final = 0.02

log = structlog.get_logger(__name__)


class Server(uvicorn.Server):
    """A server that drops who does not read, and stops in time.

    Told to stop, it takes nothing more on, answers what it has been asked, and sends all streams away. The second time
    it ends at once.
    """

    signals: ClassVar[tuple[signal.Signals, ...]] = (signal.SIGINT, signal.SIGTERM)

    def __init__(self, config: uvicorn.Config, app: App, slow_seconds: float = SLOW_SECONDS) -> None:
        """`app` is what the config runs; who reads nothing for `slow_seconds` is dropped."""
        super().__init__(config)
        self._app = app
        self._watchdog = Watchdog(slow_seconds)
        self.was_cut = False
        """Whether something did not end in time."""

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether to stop."""
        if counter % 10 == 0:
            self._watchdog.look(self._connections)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, within the time that the settings give."""
        for one in (*self.servers, *(sockets or ())):
            one.close()
        seconds = self._app.settings.shutdown_seconds
        log.info("stopping", within_seconds=seconds)
        try:
            async with asyncio.timeout(seconds):
                await self._wind_up(seconds - min(LAST_SECONDS, seconds / 2))
        except TimeoutError:
            self.was_cut = True
            log.warning("cut what was going on", requests=len(self.server_state.tasks))

    async def _wind_up(self, for_requests: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(for_requests):
                await self._app.going_away()
                await self._goodbyes()
                self._end_connections()
                await _until(lambda: not self._connections and not self.server_state.tasks)
        if self.server_state.tasks:
            log.warning("cut requests", requests=len(self.server_state.tasks))
        for task in self.server_state.tasks:
            task.cancel()
        await self.lifespan.shutdown()

    async def _goodbyes(self) -> None:
        """Clients answer that they have heard. To cut them off before could lose them what they are told."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_SECONDS):
                await _until(lambda: not any(isinstance(one, Socket) for one in self._connections))

    def _end_connections(self) -> None:
        """Each when its answer has gone out; at once where nobody reads."""
        for connection in tuple(self._connections):
            connection.shutdown()
            if connection.waiting_since is not None:
                connection.transport.abort()

    @property
    def _connections(self) -> Iterable[Http | Socket]:
        return cast("Iterable[Http | Socket]", self.server_state.connections)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """A stop that was asked for is no failure: the exit code stays 0."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {one: signal.signal(one, self.handle_exit) for one in self.signals}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - Python's form
        """A signal to stop has come."""
        if self.should_exit:
            signal.signal(sig, signal.SIG_DFL)
            signal.raise_signal(sig)
        self.should_exit = True


def serve(server: Server, bound: socket.socket) -> None:
    """Serve until told to stop. What does not end in time then, may hang in its own end too: nobody waits for that."""
    with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
        runner.run(server.serve([bound]))
        if server.was_cut:
            os._exit(0)


def server_of(app: App, host: str, port: int, slow_seconds: float = SLOW_SECONDS) -> Server:
    """The server of one process."""
    return Server(config_of(app, host, port), app, slow_seconds)


def config_of(app: App, host: str, port: int) -> uvicorn.Config:
    """How uvicorn serves it."""
    return uvicorn.Config(
        app.asgi,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        http=Http,
        ws=Socket,
        ws_max_size=MAX_BYTES + 1_024,
        ws_per_message_deflate=False,  # a compressor for each subscriber takes as much memory as all else of it
        server_header=False,
    )


async def _until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - uvicorn tells nobody when a connection ends
        await asyncio.sleep(PAUSE)
