from __future__ import annotations

from datetime import timedelta

import pytest

from graphql_api.database import Database
from graphql_api.jobs.outbox import deliver_due
from graphql_api.mail.outbox import claim
from graphql_api.mail.rendering import Recipient
from graphql_api.mail.transports import transport_of
from graphql_api.models.by import By
from graphql_api.models.outbox_mail import MailStatus
from graphql_api.settings import Settings
from tests.mail import examples
from tests.mail.conftest import Clock, MailServer, queue, stored

ANA, BOB = Recipient("Ana", "ana@acme.example"), Recipient("Bob", "bob@acme.example", "cc")


async def test_a_mail_goes_to_everybody_it_names(
    database: Database, mail_server: MailServer, settings: Settings
) -> None:
    mail = examples.declined_mail(ANA, BOB)
    await queue(database, mail)
    assert await deliver_due(database, transport_of(mail_server.url), settings) == 1
    message = mail_server.messages[0]
    assert (message["To"], message["Cc"]) == ("Ana <ana@acme.example>", "Bob <bob@acme.example>")
    assert mail_server.taken_by == [[ANA.email, BOB.email]]
    assert mail_server.taken[0].mail_from == "no-reply@partners.example"
    row = await stored(database, mail)
    assert (row.status, row.remaining, row.sent_at, row.attempts) == (MailStatus.SENT, [], examples.NOW, 1)


@pytest.mark.rule("D6")
async def test_a_mail_put_off_goes_again_with_its_message_id_and_only_to_who_lacks_it(
    database: Database, mail_server: MailServer, settings: Settings, clock: Clock
) -> None:
    mail = examples.declined_mail(ANA, BOB)
    mail_server.replies[BOB.email] = ["450 try later"]
    await queue(database, mail)
    await deliver_due(database, transport_of(mail_server.url), settings)
    row = await stored(database, mail)
    assert (row.status, row.remaining, row.has_refusals) == (MailStatus.QUEUED, [BOB.email], False)
    assert await deliver_due(database, transport_of(mail_server.url), settings) == 0
    clock.turn(minutes=1.2)
    await deliver_due(database, transport_of(mail_server.url), settings)
    assert mail_server.taken_by == [[ANA.email], [BOB.email]]
    assert len({message["Message-ID"] for message in mail_server.messages}) == 1
    assert (await stored(database, mail)).status is MailStatus.SENT


async def test_an_address_refused_for_good_is_told_while_the_others_get_the_mail(
    database: Database, mail_server: MailServer, settings: Settings
) -> None:
    mail = examples.declined_mail(ANA, BOB)
    mail_server.replies[BOB.email] = ["550 no such user"]
    await queue(database, mail)
    await deliver_due(database, transport_of(mail_server.url), settings)
    row = await stored(database, mail)
    assert (row.status, row.refused, row.has_refusals) == (MailStatus.SENT, [BOB.email], True)
    assert row.last_error == "bob@acme.example: 550 no such user"
    assert mail_server.taken_by == [[ANA.email]]


async def test_a_mail_that_everybody_refuses_has_failed_and_is_not_tried_again(
    database: Database, mail_server: MailServer, settings: Settings, clock: Clock
) -> None:
    mail = examples.declined_mail(ANA, BOB)
    mail_server.replies = {ANA.email: ["550 no"], BOB.email: ["553 no"]}
    await queue(database, mail)
    await deliver_due(database, transport_of(mail_server.url), settings)
    row = await stored(database, mail)
    assert (row.status, row.sent_at, row.has_refusals) == (MailStatus.FAILED, None, True)
    clock.turn(days=2)
    assert await deliver_due(database, transport_of(mail_server.url), settings) == 0


async def test_a_message_that_the_server_will_not_have_has_failed(
    database: Database, mail_server: MailServer, settings: Settings
) -> None:
    mail = examples.declined_mail(ANA)
    mail_server.data_replies = ["554 looks like spam"]
    await queue(database, mail)
    await deliver_due(database, transport_of(mail_server.url), settings)
    row = await stored(database, mail)
    assert (row.status, row.refused) == (MailStatus.FAILED, [ANA.email])


async def test_a_server_that_is_away_gets_the_mail_when_it_is_back(
    database: Database, mail_server: MailServer, settings: Settings, clock: Clock
) -> None:
    mail = examples.declined_mail(ANA)
    await queue(database, mail)
    await deliver_due(database, transport_of("smtp://127.0.0.1:1"), settings)
    row = await stored(database, mail)
    assert (row.status, row.remaining, row.leased_until) == (MailStatus.QUEUED, [ANA.email], None)
    assert "SMTPConnectError" in (row.last_error or "")
    clock.turn(minutes=1.2)
    await deliver_due(database, transport_of(mail_server.url), settings)
    assert (await stored(database, mail)).status is MailStatus.SENT


async def test_a_wrong_password_is_nobody_s_refusal(
    database: Database, mail_server: MailServer, settings: Settings
) -> None:
    mail, mail_server.accepts_login = examples.declined_mail(ANA), False
    url = mail_server.url.replace("//", "//us%40er:p%3Ass@")
    await queue(database, mail)
    await deliver_due(database, transport_of(url), settings)
    row = await stored(database, mail)
    assert (b"us@er", b"p:ss") in mail_server.logins
    assert (row.status, row.has_refusals) == (MailStatus.QUEUED, False)
    assert "535" in (row.last_error or "")


async def test_a_server_that_wants_us_to_sign_in_refuses_nobody(
    database: Database, mail_server: MailServer, settings: Settings
) -> None:
    mail_server.replies[ANA.email] = ["530 5.7.0 authentication required"]
    await queue(database, mail := examples.declined_mail(ANA))
    await deliver_due(database, transport_of(mail_server.url), settings)
    row = await stored(database, mail)
    assert (row.status, row.remaining, row.has_refusals) == (MailStatus.QUEUED, [ANA.email], False)


async def test_what_is_no_address_is_refused_without_asking_the_server(
    database: Database, mail_server: MailServer, settings: Settings
) -> None:
    mail = examples.declined_mail(ANA, Recipient("Nobody", "not an address>\r\nRCPT TO:<eve@evil.example"))
    await queue(database, mail)
    await deliver_due(database, transport_of(mail_server.url), settings)
    row = await stored(database, mail)
    assert (row.status, len(row.refused)) == (MailStatus.SENT, 1)
    assert mail_server.taken_by == [[ANA.email]]
    assert mail_server.messages[0]["To"] == "Ana <ana@acme.example>"


@pytest.mark.rule("D6")
async def test_a_worker_that_dies_after_delivery_leads_to_the_same_message_again(
    database: Database, mail_server: MailServer, settings: Settings, clock: Clock
) -> None:
    mail, transport = examples.declined_mail(ANA), transport_of(mail_server.url)
    await queue(database, mail)
    async with database.write(By(None, "A worker that dies")) as writing:
        claimed = await claim(writing, 1)
    assert [row.leased_until for row in claimed] == [examples.NOW + timedelta(minutes=2)]
    assert await deliver_due(database, transport, settings) == 0
    clock.turn(minutes=2)
    assert await deliver_due(database, transport, settings) == 1
    assert mail_server.messages[0]["Message-ID"] == f"<{mail.id}@partners.example>"
    assert (await stored(database, mail)).attempts == 2
