"""The worker of the outbox: claims what is due, delivers outside any transaction, settles mail by mail."""

from __future__ import annotations

import asyncio

import structlog
from structlog.contextvars import bound_contextvars

from graphql_api.database import Database, Writing
from graphql_api.mail.delivery import deliver
from graphql_api.mail.outbox import claim, is_any_due, release, settle
from graphql_api.mail.outcome import Outcome, deferred
from graphql_api.mail.transports import Transport
from graphql_api.models.by import By
from graphql_api.models.rows import OutboxMail
from graphql_api.reading.absence import Absence, tell
from graphql_api.realtime.listening import MAILS, Listener
from graphql_api.settings import Settings

CLAIMED_AT_ONCE = 15
"""Three rounds of deliveries, which at 30 seconds each end well within the lease."""
DELIVERED_AT_ONCE = 5
PAUSE = 1.0
"""Seconds between looks at the outbox when nobody wakes the worker."""
LISTENING_PAUSE = 5.0
"""The same while the database says when mails are queued. A mail that comes due again says nothing."""
OUTBOX = By(None, "Outbox")
DELIVER = "deliver mails"
"""What it is doing, in the log."""

log = structlog.get_logger(__name__)


async def run_outbox(
    database: Database,
    transport: Transport,
    settings: Settings,
    stop: asyncio.Event,
    listener: Listener | None = None,
    absence: Absence | None = None,
) -> None:
    """Deliver mails as they come due until `stop` is set; end once the mails on their way are settled.

    `listener` tells of mails that other processes queue; without it they are found a little later.
    """
    woken, absence = asyncio.Event(), absence or Absence("outbox")

    def wake(writing: Writing) -> None:
        if writing.mails_queued:
            woken.set()

    database.on_commit(wake)
    if listener:
        listener.on(MAILS, lambda _: woken.set())
    while not stop.is_set():
        woken.clear()
        usual = LISTENING_PAUSE if listener is not None and listener.is_listening else PAUSE
        try:
            pause = 0 if await deliver_due(database, transport, settings, stop) else usual
            absence.over(DELIVER)
        except Exception as error:  # noqa: BLE001 - it is logged; leases run out by themselves
            pause = absence.note(error, DELIVER) or PAUSE
        if pause:
            await _first_of(woken, stop, within=pause)


async def _first_of(*events: asyncio.Event, within: float) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


async def deliver_due(
    database: Database, transport: Transport, settings: Settings, stop: asyncio.Event | None = None
) -> int:
    """One pass over what is due now; says how many mails it took up."""
    async with database.read() as session:
        if not await is_any_due(session, database.clock()):
            return 0
    async with database.write(OUTBOX) as writing:
        mails = await claim(writing, CLAIMED_AT_ONCE)
    pass_ = Pass(database, transport, settings.mail_from, stop or asyncio.Event())
    await asyncio.gather(*map(pass_.take, mails))
    return len(mails)


class Pass:
    """Mails on their way out, a few at a time."""

    def __init__(self, database: Database, transport: Transport, mail_from: str, stop: asyncio.Event) -> None:
        """Mails that have not set out when `stop` is set are handed back."""
        self.database, self.transport, self.mail_from, self.stop = database, transport, mail_from, stop
        self.turns = asyncio.Semaphore(DELIVERED_AT_ONCE)

    async def take(self, mail: OutboxMail) -> None:
        """Deliver one mail and settle it; its troubles are nobody else's."""
        async with self.turns:
            try:
                with bound_contextvars(mail=str(mail.id), attempts=mail.attempts):
                    await self._take(mail)
            except Exception as error:  # noqa: BLE001 - its lease runs out, and it goes again
                tell("mail not settled", error, mail=str(mail.id))

    async def _take(self, mail: OutboxMail) -> None:
        if self.stop.is_set():
            async with self.database.write(OUTBOX) as writing:
                await release(writing, [mail])
            return
        outcome = await self._delivered(mail)
        async with self.database.write(OUTBOX) as writing:
            await settle(writing, mail, outcome)

    async def _delivered(self, mail: OutboxMail) -> Outcome:
        try:
            return await deliver(mail, self.transport, self.mail_from)
        except Exception as error:
            if isinstance(error, OSError):  # the folder's, or the disk's: nothing to trace
                log.warning("mail not delivered", error=type(error).__name__, says=str(error))
            else:
                log.exception("mail not delivered")
            return deferred(mail.remaining, f"{type(error).__name__}: {error}")
