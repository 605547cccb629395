"""The worker: keeps the clock, and delivers mails as they come due."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from graphql_api.jobs.clock import run_clock
from graphql_api.jobs.outbox import run_outbox
from graphql_api.mail.transports import transport_of

if TYPE_CHECKING:
    from graphql_api.database import Database
    from graphql_api.realtime.listening import Listener
    from graphql_api.settings import Settings

log = structlog.get_logger(__name__)


async def run_worker(
    database: Database, settings: Settings, stop: asyncio.Event, listener: Listener | None = None
) -> None:
    """Work until `stop` is set. Any number of workers may run at once, on any number of machines."""
    log.info("worker started")
    transport = transport_of(settings.mail_url.get_secret_value())
    await asyncio.gather(
        run_clock(database, settings, stop), run_outbox(database, transport, settings, stop, listener)
    )
