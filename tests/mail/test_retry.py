"""Mails that were given up go again when an operator says so, to those alone who have not got them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import timedelta

import pytest

from graphql_api.database import Database
from graphql_api.jobs.outbox import OUTBOX, deliver_due
from graphql_api.mail.outbox import retry
from graphql_api.mail.rendering import Recipient
from graphql_api.mail.transports import transport_of
from graphql_api.models.outbox_mail import MailStatus
from graphql_api.settings import Settings
from tests.mail import examples
from tests.mail.conftest import Clock, MailServer, queue, stored

ANA, BOB = Recipient("Ana", "ana@acme.example"), Recipient("Bob", "bob@acme.example", "cc")


async def retried(database: Database, hours: int = 72) -> int:
    async with database.write(OUTBOX) as writing:
        count = await retry(writing, writing.now - timedelta(hours=hours))
        assert writing.mails_queued == bool(count)
        return count


@pytest.mark.rule("D6")
async def test_a_mail_that_a_relay_denied_goes_again_with_its_message_id(
    database: Database, mail_server: MailServer, settings: Settings
) -> None:
    mail_server.data_replies = ["554 relay denied"]
    await queue(database, mail := examples.declined_mail(ANA, BOB))
    await deliver_due(database, transport_of(mail_server.url), settings)
    assert (await stored(database, mail)).status is MailStatus.FAILED
    assert await retried(database) == 1
    row = await stored(database, mail)
    assert (row.status, row.refused, row.has_refusals) == (MailStatus.QUEUED, [], False)
    await deliver_due(database, transport_of(mail_server.url), settings)
    row = await stored(database, mail)
    assert (row.status, row.attempts, row.sent_at) == (MailStatus.SENT, 1, examples.NOW)
    assert mail_server.taken_by == [[ANA.email, BOB.email]]
    assert mail_server.messages[0]["Message-ID"] == f"<{mail.id}@partners.example>"


async def test_who_has_the_mail_does_not_get_it_again(
    database: Database, mail_server: MailServer, settings: Settings, clock: Clock
) -> None:
    mail_server.replies[BOB.email] = ["550 relay denied"] * 2
    await queue(database, mail := examples.declined_mail(ANA, BOB))
    await deliver_due(database, transport_of(mail_server.url), settings)
    for taken_by in ([[ANA.email]], [[ANA.email], [BOB.email]]):
        clock.turn(hours=1)
        assert await retried(database) == 1
        await deliver_due(database, transport_of(mail_server.url), settings)
        assert mail_server.taken_by == taken_by
        row = await stored(database, mail)
        assert (row.status, row.has_refusals) == (MailStatus.SENT, len(taken_by) == 1)
        assert row.sent_at == examples.NOW
    assert await retried(database) == 0


async def test_mails_that_are_too_old_wait_or_arrived_stay_as_they_are(
    database: Database, mail_server: MailServer, settings: Settings, clock: Clock
) -> None:
    refused, late = examples.declined_mail(ANA), examples.declined_mail(BOB)
    mail_server.replies |= {ANA.email: ["550 no"], BOB.email: ["450 later"]}
    await queue(database, refused, late, examples.declined_mail(Recipient("Eva", "eva@acme.example")))
    await deliver_due(database, transport_of(mail_server.url), settings)
    clock.turn(hours=3)
    assert await retried(database, 2) == 0
    assert await retried(database, 4) == 1
    assert (await stored(database, late)).attempts == 1


async def test_the_command_says_how_many_go_again(
    database: Database, database_url: str, mail_server: MailServer, settings: Settings
) -> None:
    mail_server.data_replies = ["554 relay denied"] * 2
    await queue(database, examples.declined_mail(ANA), examples.declined_mail(BOB))
    await deliver_due(database, transport_of(mail_server.url), settings)
    command = (sys.executable, "-m", "graphql_api", "mails", "retry", "--since", "87600")
    environment = os.environ | {"PARTNER_API_DATABASE_URL": database_url}
    for says in ("2 mails go again\n", "0 mails go again\n"):
        ran = await asyncio.to_thread(
            subprocess.run, command, env=environment, capture_output=True, text=True, check=True
        )
        assert (ran.stdout, ran.stderr) == (says, "")
