"""What the log tells of mails that do not get through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from graphql_api.database import Database
from graphql_api.jobs.outbox import deliver_due
from graphql_api.mail.outbox import ATTEMPT_LIMIT
from graphql_api.mail.rendering import Recipient
from graphql_api.mail.transports import transport_of
from graphql_api.settings import Settings
from tests.mail import examples
from tests.mail.conftest import Clock, MailServer, queue, stored

ANA, BOB = Recipient("Ana", "ana@acme.example"), Recipient("Bob", "bob@acme.example", "cc")


async def told(database: Database, settings: Settings, url: str) -> list[dict[str, Any]]:
    """What one pass over the outbox logs."""
    with capture_logs([merge_contextvars]) as logs:
        await deliver_due(database, transport_of(url), settings)
    return [dict(line) for line in logs]


@pytest.mark.parametrize("answered", ["to everybody", "to one", "to the message"])
async def test_what_puts_a_mail_off_is_told_at_each_attempt(
    database: Database, mail_server: MailServer, settings: Settings, clock: Clock, answered: str
) -> None:
    who = {"to everybody": [ANA.email, BOB.email], "to one": [BOB.email], "to the message": []}[answered]
    for address in who:
        mail_server.replies[address] = [f"450 4.2.0 <{address}> try later"] * 2
    mail_server.data_replies = [] if who else ["450 4.2.0 try later"] * 2
    says = "4.2.0 <…> try later" if who else "4.2.0 try later"
    await queue(database, mail := examples.declined_mail(ANA, BOB))
    for attempt in (1, 2):
        [line] = await told(database, settings, mail_server.url)
        assert (line["event"], line["log_level"]) == ("mail server trouble", "warning")
        assert (line["code"], line["says"], line["port"]) == (450, says, mail_server.port)
        assert (line["mail"], line["attempts"]) == (str(mail.id), attempt)
        clock.now = (await stored(database, mail)).next_attempt_at
    assert await told(database, settings, mail_server.url) == []


@pytest.mark.parametrize("answered", ["to everybody", "to one", "to the message"])
async def test_what_makes_a_mail_undeliverable_is_told(
    database: Database, mail_server: MailServer, settings: Settings, answered: str
) -> None:
    who = {"to everybody": [ANA.email, BOB.email], "to one": [BOB.email], "to the message": []}[answered]
    for address in who:
        mail_server.replies[address] = [f"550 5.1.1 <{address}>: relay denied"]
    mail_server.data_replies = [] if who else ["550 relay denied"]
    await queue(database, mail := examples.declined_mail(ANA, BOB))
    [line] = await told(database, settings, mail_server.url)
    assert (line["event"], line["log_level"]) == ("mail undeliverable", "error")
    assert (line["mail"], line["says"]) == (
        str(mail.id),
        "550 5.1.1 <…>: relay denied" if who else "550 relay denied",
    )
    assert line["addresses"] == (len(who) or 2)


async def test_a_mail_that_is_given_up_tells_what_was_said_last(
    database: Database, mail_server: MailServer, settings: Settings, clock: Clock
) -> None:
    mail_server.replies[ANA.email] = ["450 try later"] * ATTEMPT_LIMIT
    await queue(database, mail := examples.declined_mail(ANA))
    for _ in range(ATTEMPT_LIMIT):
        clock.now = (await stored(database, mail)).next_attempt_at
        *_, last = await told(database, settings, mail_server.url)
    assert (last["event"], last["says"]) == ("mail undeliverable", "450 try later")
    assert last["attempts"] == ATTEMPT_LIMIT


async def test_a_server_that_wants_us_to_sign_in_is_an_error(
    database: Database, mail_server: MailServer, settings: Settings
) -> None:
    mail_server.replies[ANA.email] = ["530 5.7.0 authentication required"]
    await queue(database, examples.declined_mail(ANA))
    [line] = await told(database, settings, mail_server.url)
    assert (line["log_level"], line["code"], line["says"]) == ("error", 530, "5.7.0 authentication required")


async def test_a_folder_that_cannot_be_written_is_one_line_without_a_traceback(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    await queue(database, mail := examples.declined_mail())
    [line] = await told(database, settings, f"folder://{tmp_path}/file")
    assert (line["event"], line["log_level"]) == ("mail not delivered", "warning")
    assert (line["mail"], line["attempts"]) == (str(mail.id), 1)
    assert f"{tmp_path}/file" in line["says"]
    assert "exc_info" not in line
