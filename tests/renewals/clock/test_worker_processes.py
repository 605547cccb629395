"""Two real workers, one killed with -9 in the middle: each notice once, each mail in one piece (D6)."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from graphql_api.database import Database
from graphql_api.models import rows
from graphql_api.models.by import By
from graphql_api.models.client import ContactRole, HeldRole
from graphql_api.models.keys import new_key
from graphql_api.models.outbox_mail import MailStatus
from graphql_api.settings import read_settings
from tests.renewals.clock.worker import REMINDERS, Worker, until
from tests.setting import set_rows

PARTNERS, OF_EACH = 6, 50
ALL = PARTNERS * OF_EACH
FEW_SECONDS = 5
TEST = By(None, "Test")


@dataclass(frozen=True)
class Office:
    """The database, and the folder of mails, as the test sees them from outside."""

    database: Database
    folder: Path

    async def count(self, table: Any, *where: Any) -> int:
        async with self.database.read() as session:
            return await session.scalar(select(func.count()).select_from(table).where(*where)) or 0

    async def notices(self) -> int:
        return await self.count(rows.RenewalNotice)

    async def sent(self) -> int:
        return await self.count(rows.OutboxMail, rows.OutboxMail.status == MailStatus.SENT)

    async def all_is_sent(self) -> bool:
        """Whether it is; the leases of a dead worker are made to run out: two minutes would pass till then."""
        leased = rows.OutboxMail.leased_until.is_not(None)
        await set_rows(self.database, rows.OutboxMail, leased, leased_until=None)
        return await self.sent() == ALL

    def messages(self) -> list[str]:
        """The Message-ID of every file."""
        files = (self.folder / "mail").glob("*.eml")
        return sorted(str(message_from_bytes(path.read_bytes())["Message-ID"]) for path in files)


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """Six partners with fifty renewals each, all due."""
    database = Database(database_url)
    milestones = read_settings(reminder_days=REMINDERS).milestones
    async with database.write(TEST) as writing:
        for number in range(PARTNERS):
            days = [milestones[turn % len(milestones)].days_before for turn in range(OF_EACH)]
            await fill(writing, f"Partner {number}", days)
    yield Office(database, tmp_path)
    await database.close()


async def fill(writing: Any, name: str, days: list[int]) -> None:
    """A partner with one client, one contact there, and renewals in so many days."""
    session, now = writing.session, writing.now
    partner = rows.Partner(id=new_key(), name=name, created_at=now)
    client = rows.Client(id=new_key(), partner_id=partner.id, name="Acme", created_at=now)
    contact = rows.ClientContact(client_id=client.id, name="Ana", email="ana@acme.example")
    contact.held = [HeldRole(role=ContactRole.PRIMARY, client_id=client.id, slot=1)]
    for row in (partner, client, contact):
        session.add(row)
        await session.flush()
    for left in days:
        on = now.date() + timedelta(days=left)
        session.add(rows.Renewal(partner_id=partner.id, client_id=client.id, renews_on=on, created_at=now))


@pytest.fixture
def start(database_url: str, tmp_path: Path) -> Iterator[Callable[[], Worker]]:
    """Starts a worker that ends with the test."""
    started: list[Worker] = []

    def start_one() -> Worker:
        started.append(Worker(database_url, tmp_path))
        return started[-1]

    yield start_one
    for worker in started:
        worker.end()


@pytest.mark.rule("D6")
async def test_of_two_workers_one_is_killed_and_every_notice_and_mail_is_there_once(
    office: Office, start: Callable[[], Worker]
) -> None:
    workers = [start(), start()]

    async def some_notices_exist() -> bool:
        return await office.notices() > 0

    await until(some_notices_exist)
    [victim, *_] = [worker for worker in workers if await worker.is_up()]
    victim.kill()
    decided, sent = await office.notices(), await office.sent()
    victim.again()
    for worker in workers:
        await until(worker.is_up)
    await until(office.all_is_sent, pause=0.5)
    assert [worker.stop()[0] for worker in workers] == [0, 0]
    sys.stdout.write(f"killed at {decided} notices, {sent} mails sent; at the end {await counts(office)}\n")
    assert 0 < decided < ALL
    await assert_each_once(office)


async def counts(office: Office) -> str:
    """What there is of everything."""
    tables = (rows.Renewal, rows.RenewalNotice, rows.OutboxMail, rows.PartnerEvent, rows.AuditEntry)
    found = [f"{await office.count(table)} {table.__tablename__}" for table in tables]
    return ", ".join([*found, f"{len(office.messages())} files"])


async def assert_each_once(office: Office) -> None:
    """Of each renewal one notice, of each notice one mail, of each mail one file; no gap in any stream."""
    async with office.database.read() as session:
        notices = (await session.scalars(select(rows.RenewalNotice))).all()
        mails = (await session.scalars(select(rows.OutboxMail))).all()
        places = (
            await session.execute(select(rows.PartnerEvent.partner_id, rows.PartnerEvent.position))
        ).all()
    assert len(notices) == len({notice.renewal_id for notice in notices}) == ALL
    assert sorted(mail.id for mail in mails) == sorted(notice.mail_id for notice in notices if notice.mail_id)
    assert sorted(mail.subject_id for mail in mails) == sorted(notice.node_id for notice in notices)
    assert office.messages() == sorted(f"<{mail.id}@localhost>" for mail in mails)
    assert sorted(place for _, place in places) == sorted([*range(1, OF_EACH + 1)] * PARTNERS)


@pytest.mark.rule("D6")
async def test_a_worker_that_is_asked_to_end_does_so_in_a_few_seconds_and_loses_nothing(
    office: Office, start: Callable[[], Worker]
) -> None:
    worker = start()
    await until(worker.is_up)

    async def some_are_sent() -> bool:
        return await office.sent() > 0

    await until(some_are_sent)
    code, seconds = worker.stop()
    assert (code, seconds < FEW_SECONDS) == (0, True), worker.said()
    assert await office.count(rows.OutboxMail, rows.OutboxMail.leased_until.is_not(None)) == 0
    assert len(office.messages()) == await office.sent()
    assert "Traceback" not in worker.said()
