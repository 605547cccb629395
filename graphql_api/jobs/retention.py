"""Retention: what is older than it is kept is deleted, a few rows a transaction, so that nobody waits long for it.

Any number of workers may do so at once: each takes rows that no other has (SKIP LOCKED; SQLite has one writer).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy import delete, func, or_, select, tuple_, update

from graphql_api.dataloaders.summaries import ALERTS
from graphql_api.models.by import By
from graphql_api.models.outbox_mail import MailStatus
from graphql_api.models.renewal_notice import RenewalNoticeStatus
from graphql_api.models.rows import (
    AuditEntry,
    IdempotencyKey,
    OutboxMail,
    PartnerEvent,
    RenewalNotice,
    Stream,
)
from graphql_api.writing.revisions import delete_rows

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Select

    from graphql_api.database import Database, Writing
    from graphql_api.settings import Settings

    Batch = Callable[[Writing, datetime], Awaitable[int]]

CLOCK: Final = By(None, "Clock")
AT_ONCE: Final = 1_000
"""Rows of a transaction."""
PAUSE: Final = 0.05
"""Seconds between two transactions, for whoever waits for SQLite's one writer."""
SETTLED: Final = (MailStatus.SENT, MailStatus.FAILED)

log = structlog.get_logger(__name__)


async def prune_events(database: Database, settings: Settings, stop: asyncio.Event) -> int:
    """Delete events that are too old. Cursors before them expire; positions stay."""
    return await _prune(database, "events", settings.keep_events_days, _events, stop)


async def prune_mails(database: Database, settings: Settings, stop: asyncio.Event) -> int:
    """Delete mails that were settled too long ago, but for those that an alert still names."""
    await _prune(database, "notices", 1, _left_behind, stop)
    return await _prune(database, "mails", settings.keep_mails_days, _mails, stop)


async def prune_keys(database: Database, settings: Settings, stop: asyncio.Event) -> int:
    """Delete idempotency keys that are too old to be answered for (D3)."""
    return await _prune(database, "idempotency keys", settings.keep_keys_days, _keys, stop)


async def prune_audit_log(database: Database, settings: Settings, stop: asyncio.Event) -> int:
    """Delete entries of the audit log that are too old."""
    return await _prune(database, "audit entries", settings.keep_audit_days, _entries, stop)


async def _prune(database: Database, what: str, days: int, batch: Batch, stop: asyncio.Event) -> int:
    """Batch after batch until there is nothing left or `stop` is set; 0 days are for ever. Says how many rows."""
    done, count = 0, days
    while count and not stop.is_set():
        async with database.write(CLOCK) as writing:
            count = await batch(writing, writing.now - timedelta(days=days))
        done += count
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), PAUSE)
    if done:
        log.info("old rows deleted", what=what, count=done)
    return done


async def _keys(writing: Writing, before: datetime) -> int:
    key = IdempotencyKey
    old = select(key.caller, key.field, key.key).where(key.created_at < before).order_by(key.created_at)
    places = await _free(writing, key, old)
    if places:
        await writing.session.execute(delete(key).where(tuple_(key.caller, key.field, key.key).in_(places)))
    return len(places)


async def _entries(writing: Writing, before: datetime) -> int:
    entry = AuditEntry
    old = select(entry.id).where(entry.occurred_at < before).order_by(entry.occurred_at)
    return await _delete(writing, entry, old)


async def _mails(writing: Writing, before: datetime) -> int:
    """By when they were settled: an attempt sets the time of the next one, at most an hour ahead."""
    mail, count = OutboxMail, 0
    in_no_alert = or_(~mail.has_refusals, mail.partner_id.is_(None))
    for status in SETTLED:  # one by one, each along the index
        old = select(mail.id).where(mail.status == status, mail.next_attempt_at < before, in_no_alert)
        count = count or await _delete(writing, mail, old.order_by(mail.next_attempt_at))
    return count or await _delete(writing, mail, _pushed_out(before))


def _pushed_out(before: datetime) -> Select[UUID]:
    """Refused mails that so many newer ones followed that no alert names them any more."""
    mail = OutboxMail
    number = func.row_number().over(partition_by=mail.partner_id, order_by=mail.id.desc())
    refused = select(mail.id, number.label("number")).where(mail.has_refusals).subquery()
    old = select(mail.id).where(mail.status.in_(SETTLED), mail.next_attempt_at < before)
    return old.join(refused, refused.c.id == mail.id).where(refused.c.number > ALERTS)


async def _delete(writing: Writing, model: type[Any], chosen: Select[UUID]) -> int:
    keys = [key for (key,) in await _free(writing, model, chosen)]
    return await delete_rows(writing.session, model, model.id.in_(keys)) if keys else 0


async def _free(writing: Writing, model: type[Any], chosen: Select[*tuple[Any, ...]]) -> Sequence[Any]:
    """Some of what is chosen, for this transaction alone; what another has at this moment is passed over."""
    some = chosen.limit(AT_ONCE).with_for_update(of=model, skip_locked=True)
    return (await writing.session.execute(some)).all()


async def _events(writing: Writing, before: datetime) -> int:
    """The oldest of some partners. Whoever has locked a stream's first event prunes that stream."""
    event, first = PartnerEvent, PartnerEvent.position == Stream.pruned_to + 1
    streams = (
        select(Stream.id, Stream.pruned_to)
        .join(event, (event.partner_id == Stream.id) & first)
        .where(event.occurred_at < before)
        .order_by(Stream.id)
    )
    done = 0
    for key, pruned_to in await _free(writing, event, streams):
        if done < AT_ONCE:
            done += await _of_stream(writing, key, pruned_to, before, AT_ONCE - done)
    return done


async def _of_stream(writing: Writing, key: UUID, pruned_to: int, before: datetime, limit: int) -> int:
    """Up to the first that is young enough: what is kept has no gap."""
    event = PartnerEvent
    ahead = event.position.between(pruned_to + 1, pruned_to + limit)
    young = func.min(event.position).filter(event.occurred_at >= before)
    asked = select(young, func.max(event.position)).where(event.partner_id == key, ahead)
    kept_from, last = (await writing.session.execute(asked)).one()
    upto = last if kept_from is None else kept_from - 1
    count = await delete_rows(writing.session, event, (event.partner_id == key) & (event.position <= upto))
    await writing.session.execute(update(Stream).where(Stream.id == key).values(pruned_to=upto))
    return count


async def _left_behind(writing: Writing, _before: datetime) -> int:
    """Put right what a worker of an older version settled, or decided, without telling the notice."""
    notice, mail = RenewalNotice, OutboxMail
    wrong = or_(notice.mail_id.is_(None), mail.status.in_(SETTLED))
    queued = (
        select(notice, mail)
        .outerjoin(mail, mail.id == notice.mail_id)
        .where(notice.status == RenewalNoticeStatus.QUEUED, wrong)
    )
    found = await _free(writing, notice, queued)
    for told, of in found:
        told.hear_of(of)
    return len(found)
