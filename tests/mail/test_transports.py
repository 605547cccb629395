from __future__ import annotations

import os
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from graphql_api.database import Database
from graphql_api.jobs.outbox import deliver_due
from graphql_api.mail.message import message_of
from graphql_api.mail.outcome import Outcome
from graphql_api.mail.smtp import SmtpServer
from graphql_api.mail.transports import Folder, transport_of
from graphql_api.models.outbox_mail import MailStatus
from graphql_api.settings import Settings
from tests.mail import examples
from tests.mail.conftest import queue, stored


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_folder_holds_each_mail_as_one_readable_file(tmp_path: Path) -> None:
    mail = examples.declined_mail()
    message = message_of(mail, examples.MAIL_FROM)
    outcome = await transport_of(f"folder://{tmp_path}/new/mail").deliver(
        message, "a@b.example", mail.remaining
    )
    assert outcome == Outcome(accepted=mail.remaining)
    [path] = (tmp_path / "new" / "mail").iterdir()
    found = message_from_bytes(path.read_bytes(), policy=SMTP)
    assert path.name == f"{mail.id}.eml"
    assert found["X-Partner-Api-Subject"] == str(mail.subject_id)


async def test_a_mail_sent_again_takes_its_own_place_in_the_folder(tmp_path: Path) -> None:
    mail = examples.declined_mail()
    for _ in range(2):
        await Folder(tmp_path).deliver(message_of(mail, examples.MAIL_FROM), "a@b.example", mail.remaining)
    assert names_in(tmp_path) == [f"{mail.id}.eml"]


async def test_a_file_is_whole_before_it_is_called_a_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = list[list[str]]()

    def full(_descriptor: int) -> None:
        seen.append([path.suffix for path in tmp_path.iterdir()])
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="disk full"):
        await Folder(tmp_path).deliver(
            message_of(examples.declined_mail(), examples.MAIL_FROM), "a@b.example", ["x@y.example"]
        )
    assert seen == [[".part"]]
    assert names_in(tmp_path) == []


async def test_a_folder_that_cannot_be_written_puts_the_mail_off(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    await queue(database, mail := examples.declined_mail())
    await deliver_due(database, Folder(tmp_path / "file"), settings)
    row = await stored(database, mail)
    assert (row.status, row.remaining) == (MailStatus.QUEUED, ["ana@acme.example"])


def test_a_folder_s_path_may_be_relative() -> None:
    relative, absolute = transport_of("folder://mail/out"), transport_of("folder:///var/my mails%20")
    assert isinstance(relative, Folder)
    assert isinstance(absolute, Folder)
    assert relative.path == Path("mail/out")
    assert absolute.path == Path("/var/my mails%20")


async def test_the_console_shows_a_mail_in_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    mail = examples.declined_mail()
    await transport_of("console:").deliver(
        message_of(mail, examples.MAIL_FROM), "a@b.example", mail.remaining
    )
    shown = capsys.readouterr().out
    assert "to ana@acme.example: Declined" in shown
    assert "Carla declined your request" in shown


def test_a_mail_url_names_server_port_and_percent_encoded_credentials() -> None:
    assert transport_of("smtp://a%40b:p%2Fw@mail.example:2525") == SmtpServer(
        "mail.example", 2525, "a@b", "p/w"
    )
    assert transport_of("smtps://[::1]") == SmtpServer("::1", 465, is_tls=True)
    assert transport_of("smtp://mail.example") == SmtpServer("mail.example", 25)
    assert transport_of("smtp://u:p@mail.example") == SmtpServer("mail.example", 587, "u", "p")


def test_a_password_does_not_show_in_logs() -> None:
    assert "secret" not in repr(transport_of("smtp://u:secret@mail.example"))


def test_a_url_that_names_no_way_out_is_told_so() -> None:
    with pytest.raises(ValueError, match="not a mail URL"):
        transport_of("pigeon://loft")
