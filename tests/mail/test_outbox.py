from __future__ import annotations

import asyncio
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select

from graphql_api.database import Database
from graphql_api.jobs.outbox import DELIVERED_AT_ONCE, OUTBOX, deliver_due, run_outbox
from graphql_api.mail.outbox import ATTEMPT_LIMIT, claim, enqueue, release, settle, wait_after
from graphql_api.mail.outcome import Outcome, deferred
from graphql_api.mail.rendering import Recipient
from graphql_api.models.outbox_mail import MailStatus
from graphql_api.models.rows import OutboxMail
from graphql_api.settings import Settings
from tests.mail import examples
from tests.mail.conftest import Clock, queue, stored

BROKEN = "broken@acme.example"


class Recorder:
    """A transport that takes a while, counts, and breaks on one address."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds, self.at_once, self.most, self.taken = seconds, 0, 0, list[str]()
        self.begun, self.took = asyncio.Event(), asyncio.Event()

    async def deliver(self, message: EmailMessage, _sender: str, recipients: list[str]) -> Outcome:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        self.begun.set()
        await asyncio.sleep(self.seconds)
        self.at_once -= 1
        if BROKEN in recipients:
            raise RuntimeError("broken")
        self.taken.append(message["Message-ID"])
        self.took.set()
        return Outcome(accepted=recipients)


class Never:
    """A transport that always says later."""

    async def deliver(self, _message: EmailMessage, _sender: str, recipients: list[str]) -> Outcome:
        return deferred(recipients, "451 later")


async def test_a_mail_whose_transaction_fails_is_not_sent(database: Database, settings: Settings) -> None:
    async def failing() -> None:
        async with database.write(OUTBOX) as writing:
            enqueue(writing, [examples.declined_mail()])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await failing()
    assert await deliver_due(database, Recorder(), settings) == 0


async def test_a_transaction_announces_mails_only_if_it_has_some(database: Database) -> None:
    async with database.write(OUTBOX) as writing:
        enqueue(writing, [])
        assert not writing.mails_queued
        enqueue(writing, [examples.declined_mail()])
        enqueue(writing, [])
        assert writing.mails_queued


async def test_one_broken_mail_does_not_hold_up_the_others(database: Database, settings: Settings) -> None:
    broken, sound = examples.declined_mail(Recipient("B", BROKEN)), examples.declined_mail()
    await queue(database, broken, sound)
    await deliver_due(database, Recorder(), settings)
    assert (await stored(database, sound)).status is MailStatus.SENT
    row = await stored(database, broken)
    assert (row.status, row.remaining, row.leased_until) == (MailStatus.QUEUED, [BROKEN], None)
    assert row.last_error == f"{BROKEN}: RuntimeError: broken"


async def test_a_mail_that_never_goes_ends_as_failed_after_a_day(
    database: Database, settings: Settings, clock: Clock
) -> None:
    mail = examples.declined_mail()
    await queue(database, mail)
    for _ in range(ATTEMPT_LIMIT):
        row = await stored(database, mail)
        assert row.status is MailStatus.QUEUED
        clock.now = row.next_attempt_at
        await deliver_due(database, Never(), settings)
    row = await stored(database, mail)
    assert (row.status, row.refused, row.remaining) == (MailStatus.FAILED, ["ana@acme.example"], [])
    assert timedelta(hours=24) <= clock.now - examples.NOW <= timedelta(hours=27)


async def test_a_mail_that_kills_every_worker_ends_as_failed(database: Database, clock: Clock) -> None:
    mail = examples.declined_mail()
    await queue(database, mail)
    for _ in range(ATTEMPT_LIMIT + 1):
        async with database.write(OUTBOX) as writing:
            await claim(writing, 1)
        clock.turn(minutes=2)
    row = await stored(database, mail)
    assert (row.status, row.has_refusals) == (MailStatus.FAILED, True)


def test_waits_double_to_an_hour_and_never_come_together() -> None:
    waits = [[wait_after(attempts) / timedelta(minutes=1) for _ in range(50)] for attempts in range(1, 12)]
    assert [int(min(some)) for some in waits] == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]
    assert all(max(some) <= 1.1 * 60 and len(set(some)) > 1 for some in waits)


async def test_a_worker_too_late_with_its_news_does_not_take_the_mail_from_the_next(
    database: Database, clock: Clock
) -> None:
    await queue(database, mail := examples.declined_mail())
    async with database.write(OUTBOX) as writing:
        [late] = await claim(writing, 1)
    clock.turn(minutes=2)
    async with database.write(OUTBOX) as writing:
        [current] = await claim(writing, 1)
    async with database.write(OUTBOX) as writing:
        await settle(writing, late, deferred(late.remaining, "timeout"))
        await release(writing, [late])
    row = await stored(database, mail)
    assert (row.leased_until, row.attempts) == (current.leased_until, 2)


async def test_workers_that_claim_at_once_never_share_a_mail(database: Database) -> None:
    """Without FOR UPDATE SKIP LOCKED in claim(), PostgreSQL's workers share them."""
    await queue(database, *(examples.declined_mail() for _ in range(40)))

    async def claimed() -> list[OutboxMail]:
        async with database.write(OUTBOX) as writing:
            found = await claim(writing, 10)
            await asyncio.sleep(0.05)
            return found

    shares = await asyncio.gather(*(claimed() for _ in range(4)))
    assert [len(share) for share in shares] == [10, 10, 10, 10]
    assert len({mail.id for share in shares for mail in share}) == 40


async def test_a_few_mails_are_delivered_at_once_and_a_pass_takes_no_more_than_its_lease(
    database: Database, settings: Settings
) -> None:
    await queue(database, *(examples.declined_mail() for _ in range(32)))
    transport = Recorder(0.01)
    passes = [await deliver_due(database, transport, settings) for _ in range(4)]
    assert passes == [15, 15, 2, 0]
    assert transport.most == DELIVERED_AT_ONCE
    assert len(set(transport.taken)) == 32


async def test_the_worker_wakes_for_a_new_mail_and_ends_when_told(
    database: Database, settings: Settings
) -> None:
    transport, stop = Recorder(), asyncio.Event()
    worker = asyncio.create_task(run_outbox(database, transport, settings, stop))
    await asyncio.sleep(0.1)
    started = asyncio.get_running_loop().time()
    await queue(database, examples.declined_mail())
    await asyncio.wait_for(transport.took.wait(), 5)
    took = asyncio.get_running_loop().time() - started
    stop.set()
    await asyncio.wait_for(worker, 2)
    assert took < 0.7


async def test_a_worker_told_to_end_hands_back_what_it_has_not_begun(
    database: Database, settings: Settings
) -> None:
    await queue(database, *(examples.declined_mail() for _ in range(10)))
    transport, stop = Recorder(0.2), asyncio.Event()
    worker = asyncio.create_task(run_outbox(database, transport, settings, stop))
    await transport.begun.wait()
    stop.set()
    await asyncio.wait_for(worker, 5)
    waiting = select(func.count()).where(
        OutboxMail.status == MailStatus.QUEUED, OutboxMail.leased_until.is_(None), OutboxMail.attempts == 0
    )
    async with database.read() as session:
        assert await session.scalar(waiting) == 10 - DELIVERED_AT_ONCE
    assert len(transport.taken) == DELIVERED_AT_ONCE


async def test_the_worker_outlives_a_clock_that_breaks(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    transport, stop, healthy = Recorder(), asyncio.Event(), database.clock
    await queue(database, examples.declined_mail())
    monkeypatch.setattr(database, "clock", lambda: 1 / 0)
    worker = asyncio.create_task(run_outbox(database, transport, settings, stop))
    await asyncio.sleep(0.1)
    monkeypatch.setattr(database, "clock", healthy)
    await asyncio.wait_for(transport.took.wait(), 5)
    stop.set()
    await asyncio.wait_for(worker, 2)
