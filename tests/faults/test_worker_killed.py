"""A worker killed between the mail server's answer and the mark: another sends the mail again, and marks it once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiosmtpd.smtp import SMTP, Envelope

from graphql_api.database import Database
from graphql_api.models.outbox_mail import MailStatus
from graphql_api.models.rows import OutboxMail
from tests.databases import KINDS
from tests.faults.stage import PATIENCE, Stage, until
from tests.mail import examples
from tests.mail.conftest import MailServer, queue, stored
from tests.setting import set_rows

LOOKS = 2.5
"""Seconds in which every worker has looked at the outbox."""


@dataclass
class HoldingMailServer(MailServer):
    """Takes a mail at once, and its time to say goodbye: its sender knows that it is taken, and goes no further."""

    has_answered: asyncio.Event = field(default_factory=asyncio.Event)
    may_part: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_QUIT(self, _server: SMTP, _session: object, _envelope: Envelope) -> str:  # noqa: N802
        self.has_answered.set()
        await self.may_part.wait()
        return "221 Bye"


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """Either kind: on one machine, several processes may share SQLite too."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def mail_server() -> AsyncIterator[HoldingMailServer]:
    server = HoldingMailServer()
    async with server.listening():
        yield server
        server.may_part.set()


@pytest.mark.rule("D6")
async def test_a_mail_that_was_taken_but_not_marked_goes_again_after_its_lease(
    stage: Stage, database: Database, mail_server: HoldingMailServer
) -> None:
    await queue(database, mail := examples.declined_mail())
    victim = await stage.work(MAIL_URL=mail_server.url)
    async with asyncio.timeout(PATIENCE):
        await mail_server.has_answered.wait()
    victim.kill()
    claimed = await stored(database, mail)
    assert (claimed.status, claimed.attempts, claimed.leased_until is None) == (MailStatus.QUEUED, 1, False)
    mail_server.may_part.set()
    others = [await stage.work(MAIL_URL=mail_server.url) for _ in range(2)]
    await asyncio.sleep(LOOKS)
    assert len(mail_server.taken) == 1, "the lease is its worker's, alive or not"
    await set_rows(database, OutboxMail, leased_until=database.clock())  # two minutes go by

    async def is_marked() -> bool:
        return (await stored(database, mail)).status is not MailStatus.QUEUED

    await until(is_marked)
    await asyncio.sleep(LOOKS)
    marked = await stored(database, mail)
    assert (marked.status, marked.attempts, marked.leased_until) == (MailStatus.SENT, 2, None)
    assert [message["Message-ID"] for message in mail_server.messages] == [f"<{mail.id}@localhost>"] * 2
    assert [await worker.stop() for worker in others] == [0, 0]
