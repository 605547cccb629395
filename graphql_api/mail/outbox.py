"""The outbox: a transaction queues the mails it causes; each is claimed under a lease and settled when tried.

A worker that dies between delivery and settling leaves its lease to expire: the mail goes again, with the
same Message-ID (D6). Nothing is tried for ever or lost in silence: what could not go ends as refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import uniform

import structlog
from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from graphql_api.database import Writing
from graphql_api.mail.outcome import Outcome, reasons
from graphql_api.models.outbox_mail import NOTICES, MailStatus
from graphql_api.models.rows import OutboxMail, RenewalNotice

LEASE = timedelta(minutes=2)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
JITTER = 1.1
"""Each wait is up to a tenth longer, so that mails deferred together do not come back together."""
ATTEMPT_LIMIT = 30
"""Waits of 1, 2, 4, … minutes up to an hour: the thirtieth attempt is a day after the first."""

log = structlog.get_logger(__name__)


def enqueue(writing: Writing, mails: Iterable[OutboxMail]) -> None:
    """Put the mails in the outbox; they go if, and only if, the transaction is committed."""
    queued = list(mails)
    writing.session.add_all(queued)
    writing.mails_queued = writing.mails_queued or bool(queued)


async def is_any_due(session: AsyncSession, now: datetime) -> bool:
    """Whether there is anything to claim: a question, so that an idle worker writes nothing."""
    return bool(await session.scalar(select(exists().where(_is_due(now)))))


async def claim(writing: Writing, limit: int) -> list[OutboxMail]:
    """Up to `limit` due mails, oldest first, this worker's alone for two minutes."""
    due = select(OutboxMail).where(_is_due(writing.now)).order_by(OutboxMail.next_attempt_at, OutboxMail.id)
    found = await writing.session.scalars(due.limit(limit).with_for_update(skip_locked=True))
    mails = found.all()
    leased = [mail for mail in mails if _leased(mail, writing.now)]
    await tell_notices(writing, (mail for mail in mails if mail.status is not MailStatus.QUEUED))
    return leased


def _is_due(now: datetime) -> ColumnElement[bool]:
    is_free = or_(OutboxMail.leased_until.is_(None), OutboxMail.leased_until <= now)
    return and_(OutboxMail.status == MailStatus.QUEUED, OutboxMail.next_attempt_at <= now, is_free)


def _leased(mail: OutboxMail, now: datetime) -> bool:
    if mail.attempts >= ATTEMPT_LIMIT:  # its worker has died each time
        _refuse(mail, mail.remaining, "no attempt came to its end")
        _close(mail, now)
        return False
    mail.attempts += 1
    mail.leased_until = now + LEASE
    return True


async def release(writing: Writing, mails: Sequence[OutboxMail]) -> None:
    """Hand back claimed mails that were not tried."""
    for claimed in mails:
        mail = await _current(writing, claimed)
        if mail and mail.attempts == claimed.attempts:
            mail.attempts -= 1
            mail.leased_until = None


async def settle(writing: Writing, claimed: OutboxMail, outcome: Outcome) -> None:
    """Keep what became of an attempt: who has the mail is not mailed again, nor who refused it."""
    mail = await _current(writing, claimed)
    if mail is None or mail.status is not MailStatus.QUEUED:
        return
    _note(mail, outcome)
    if mail.attempts == claimed.attempts:  # else the lease ran out, and another worker is at it
        _put_off(mail, writing.now, outcome)
    if not mail.remaining:
        _close(mail, writing.now)
        await tell_notices(writing, [mail])


async def tell_notices(writing: Writing, mails: Iterable[OutboxMail]) -> None:
    """Have renewal notices keep what became of their mails, which are deleted one day."""
    theirs = {mail.id: mail for mail in mails if mail.kind in NOTICES}
    if theirs:
        notices = select(RenewalNotice).where(RenewalNotice.mail_id.in_(theirs))
        for notice in await writing.session.scalars(notices):
            notice.hear_of(theirs[notice.mail_id] if notice.mail_id else None)


async def retry(writing: Writing, since: datetime) -> int:
    """Queue the mails made since then that somebody refused, for those alone; says how many mails.

    Their alerts are gone, until somebody refuses again.
    """
    settled = (OutboxMail.status != MailStatus.QUEUED, OutboxMail.created_at >= since)
    found = select(OutboxMail).where(OutboxMail.has_refusals, *settled).order_by(OutboxMail.id)
    heads = found.options(defer(OutboxMail.text), defer(OutboxMail.html))
    mails = (await writing.session.scalars(heads.with_for_update())).all()
    for mail in mails:
        _queue_again(mail, writing.now)
    await tell_notices(writing, mails)
    writing.mails_queued = writing.mails_queued or bool(mails)
    return len(mails)


def _queue_again(mail: OutboxMail, now: datetime) -> None:
    mail.remaining, mail.refused, mail.has_refusals = mail.refused, [], False
    mail.status, mail.attempts, mail.next_attempt_at = MailStatus.QUEUED, 0, now


async def _current(writing: Writing, claimed: OutboxMail) -> OutboxMail | None:
    return await writing.session.get(OutboxMail, claimed.id, with_for_update=True)


def _note(mail: OutboxMail, outcome: Outcome) -> None:
    settled = {*outcome.accepted, *outcome.refused}
    gone = [address for address in mail.remaining if address in outcome.refused]
    _refuse(mail, gone, reasons(outcome.refused))
    mail.remaining = [address for address in mail.remaining if address not in settled]
    mail.last_error = outcome.last_error or mail.last_error


def _put_off(mail: OutboxMail, now: datetime, outcome: Outcome) -> None:
    mail.leased_until = None
    mail.next_attempt_at = now + wait_after(mail.attempts)
    if mail.attempts >= ATTEMPT_LIMIT:
        _refuse(mail, mail.remaining, reasons(outcome.deferred))


def wait_after(attempts: int) -> timedelta:
    """How long to wait before the next attempt."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(attempts - 1, 10)
    jitter = uniform(1, JITTER)  # noqa: S311 - spreads load, guards nothing
    return min(doubled, LONGEST_WAIT) * jitter


def _refuse(mail: OutboxMail, addresses: list[str], says: str) -> None:
    mail.refused = [*mail.refused, *addresses]
    mail.has_refusals = bool(mail.refused)
    mail.remaining = [address for address in mail.remaining if address not in addresses]
    if addresses:
        about = {"mail": str(mail.id), "kind": mail.kind.value, "addresses": len(addresses)}
        log.error("mail undeliverable", **about, attempts=mail.attempts, says=says)


def _close(mail: OutboxMail, now: datetime) -> None:
    was_taken = any(recipient["email"] not in mail.refused for recipient in mail.recipients)
    mail.status = MailStatus.SENT if was_taken else MailStatus.FAILED
    mail.sent_at = (mail.sent_at or now) if was_taken else None
    mail.leased_until = None
