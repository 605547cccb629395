"""The worker as a process of its own: what it hears, and how it ends."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import structlog

from graphql_api.jobs.worker import run_worker
from graphql_api.realtime.listening import listener_of

if TYPE_CHECKING:
    from graphql_api.database import Database
    from graphql_api.settings import Settings

log = structlog.get_logger(__name__)


async def work_until_told(database: Database, settings: Settings) -> None:
    """Work until SIGTERM or SIGINT: end between mails, in the time that the settings give. A second ends it at once.

    Raises:
        NotMigrated: the database's tables are older than the code.

    """
    stop, listener = _told_to_stop(), listener_of(settings.database_url)
    listens = asyncio.create_task(listener.listen()) if listener else None
    works = asyncio.create_task(run_worker(database, settings, stop, listener))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({works, stopped}, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.wait({works}, timeout=settings.shutdown_seconds)
    if not works.done():
        log.warning("cut what was going on")
        os._exit(0)  # a mail on its way goes again when its lease has run out
    for other in filter(None, (listens, stopped)):
        other.cancel()
    works.result()


def _told_to_stop() -> asyncio.Event:
    stop = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # on Windows Ctrl-C ends the loop itself
            asyncio.get_running_loop().add_signal_handler(one, partial(_tell, stop, one))
    return stop


def _tell(stop: asyncio.Event, sig: signal.Signals) -> None:
    if stop.is_set():
        signal.signal(sig, signal.SIG_DFL)
        signal.raise_signal(sig)
    stop.set()
