"""The worker: keeps the clock, and delivers mails as they come due."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import structlog

from graphql_api.jobs.clock import run_clock
from graphql_api.jobs.outbox import run_outbox
from graphql_api.mail.transports import transport_of
from graphql_api.migrations.standing import NotMigrated, check_migrated
from graphql_api.reading.absence import Absence, is_absent

if TYPE_CHECKING:
    from graphql_api.database import Database
    from graphql_api.realtime.listening import Listener
    from graphql_api.settings import Settings

LOOK_SECONDS: Final = 2.0
"""Between two looks of a server whether its tables have come."""
START: Final = "start"

log = structlog.get_logger(__name__)


async def run_worker(
    database: Database, settings: Settings, stop: asyncio.Event, listener: Listener | None = None
) -> None:
    """Work until `stop` is set. Any number of workers may run at once, on any number of machines.

    A database that is away is waited for, at the start and later.

    Raises:
        NotMigrated: its tables are older than the code.

    """
    absence = Absence("worker")
    if not await _is_there(database, stop, absence):
        return
    log.info("worker started")
    transport = transport_of(settings.mail_url.get_secret_value())
    await asyncio.gather(
        run_clock(database, settings, stop, absence),
        run_outbox(database, transport, settings, stop, listener, absence),
    )


async def run_embedded_worker(
    database: Database, settings: Settings, stop: asyncio.Event, listener: Listener | None = None
) -> None:
    """The same beside a server, which waits for its tables: it says itself that it is not ready.

    It ends with the server and no sooner: nobody would start it again.
    """
    while not stop.is_set():
        try:
            await run_worker(database, settings, stop, listener)
        except NotMigrated:
            pass
        except Exception:
            log.exception("worker failed")
        await _rest(stop, LOOK_SECONDS)


async def _is_there(database: Database, stop: asyncio.Event, absence: Absence) -> bool:
    """Whether the database came before the end."""
    while not stop.is_set():
        try:
            await check_migrated(database)
        except NotMigrated:
            raise
        except Exception as error:
            if not is_absent(error):
                raise
            await _rest(stop, absence.note(error, START) or LOOK_SECONDS)
        else:
            absence.over(START)
            return True
    return False


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
