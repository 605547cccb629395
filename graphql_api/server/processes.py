"""Several processes that serve at one address, and the one that keeps them up."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, ClassVar, Final

import structlog

from graphql_api.app import App
from graphql_api.logs import configure_logs
from graphql_api.server.serving import Server, config_of, serve
from graphql_api.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.process import BaseProcess
    from types import FrameType

HOW: Final = (
    multiprocessing.get_context("fork") if sys.platform == "linux" else multiprocessing.get_context("spawn")
)
"""A fork has everything loaded from the start, and shares that memory; macOS's own libraries do not stand it."""
STOPS: Final = (signal.SIGINT, signal.SIGTERM)

PAUSE_SECONDS: Final = 1.0
"""Before another takes the place of one that died: what kills them all may not keep the machine busy."""
SLACK_SECONDS: Final = 1.0
"""How much longer than its own limit a process may take to stop."""
LOOK_SECONDS: Final = 0.5
"""Between two looks of a process whether it has been left alone."""

log = structlog.get_logger(__name__)


class Processes:
    """So many processes on one listening socket. Connections go to whichever accepts them first."""

    def __init__(self, bound: socket.socket, count: int, stop_seconds: float) -> None:
        """They have `stop_seconds` to end."""
        self._bound, self._count, self._stop_seconds = bound, count, stop_seconds
        self._told, self._tell = multiprocessing.Pipe(duplex=False)
        self._running: list[BaseProcess] = []

    def run(self) -> None:
        """Keep them up until told to stop; told again, kill them and end."""
        for one in STOPS:
            signal.signal(one, self._handle)
        self._running = [self._started() for _ in range(self._count)]
        while not self._told.poll():
            wait([self._told, *(process.sentinel for process in self._running)])
            self._replace_dead()
        self._stop()

    def _handle(self, sig: int, _frame: FrameType | None) -> None:
        if self._told.poll():
            for process in self._running:
                process.kill()
            signal.signal(sig, signal.SIG_DFL)
            signal.raise_signal(sig)
        self._tell.send(sig)

    def _started(self) -> BaseProcess:
        process = HOW.Process(target=_serve, args=(self._bound, os.getpid()), daemon=True)
        with _held(*STOPS):  # a fork would take the first ones with our own handler
            process.start()
        log.info("process started", serving=process.pid)
        return process

    def _replace_dead(self) -> None:
        dead = [process for process in self._running if not process.is_alive()]
        for process in dead:
            log.error("process died", served=process.pid, exit_code=process.exitcode)
        self._running = [process for process in self._running if process not in dead]
        while len(self._running) < self._count and not self._told.poll(PAUSE_SECONDS):
            self._fill_up()

    def _fill_up(self) -> None:
        """A machine without memory for another, as after it killed one, may have some soon. The others serve on."""
        try:
            while len(self._running) < self._count:
                self._running.append(self._started())
        except OSError as error:
            log.error("process not started", error=str(error))  # noqa: TRY400 - the line says it

    def _stop(self) -> None:
        """Nobody accepts any more once all have closed the socket, we among them."""
        self._bound.close()
        for process in self._running:
            process.terminate()
        deadline = time.monotonic() + self._stop_seconds + SLACK_SECONDS
        for process in self._running:
            process.join(max(0.0, deadline - time.monotonic()))
            if process.is_alive():
                log.warning("process killed", serving=process.pid)
                process.kill()


class Child(Server):
    """One of several: who keeps them says when to stop. To be told twice, by a service manager too, means no more."""

    signals: ClassVar[tuple[signal.Signals, ...]] = (signal.SIGTERM,)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - Python's form
        """A signal to stop has come."""
        self.should_exit = True


def _serve(bound: socket.socket, parent: int) -> None:
    """What one of the processes does, by the environment."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    settings = read_settings()
    configure_logs(settings)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    try:
        app = App(settings)
        host, port, *_ = bound.getsockname()
        serve(Child(config_of(app, host, port), app), bound)
    except Exception:
        log.exception("process failed")
        sys.exit(1)  # multiprocessing would print a traceback among the log's lines


def _end_with(parent: int) -> None:
    """Nobody would stop one that is left alone. Its brothers may hold what it inherited: only its parent's id tells."""
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def _held(*signals: signal.Signals) -> Iterator[None]:
    """Signals that come meanwhile wait for the end."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
