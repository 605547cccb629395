from __future__ import annotations

from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP, compat32

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graphql_api.mail.message import message_of, one_line
from graphql_api.mail.rendering import Recipient
from graphql_api.models.rows import OutboxMail
from tests.mail import examples

NAMES = st.text(st.sampled_from("ab ,;:<>()[]\"\\@.ñé漢😀=?_-'\r\n\t\x00\u2028"), max_size=120) | st.text(
    max_size=60
)


def received(mail: OutboxMail) -> EmailMessage:
    return message_from_bytes(message_of(mail, examples.MAIL_FROM).as_bytes(), policy=SMTP)


def test_a_message_says_what_it_is_about_from_whom_and_to_whom() -> None:
    mail = examples.declined_mail(
        Recipient("Ana", "ana@acme.example"), Recipient("Ñandú", "n@acme.example", "cc")
    )
    message = received(mail)
    assert message["From"] == examples.MAIL_FROM
    assert message["To"] == "Ana <ana@acme.example>"
    assert message["Cc"] == "Ñandú <n@acme.example>"
    assert message["Date"].datetime == examples.NOW
    assert message["X-Partner-Api-Kind"] == "attachment_declined"
    assert message["X-Partner-Api-Subject"] == str(mail.subject_id)
    assert (message["Auto-Submitted"], message["Content-Language"]) == ("auto-generated", "en")


@pytest.mark.rule("D6")
def test_the_same_mail_is_the_same_message_each_time() -> None:
    mail = examples.declined_mail()
    first, again = (message_of(mail, examples.MAIL_FROM) for _ in range(2))
    assert first.as_bytes() == again.as_bytes()
    assert first["Message-ID"] == again["Message-ID"] == f"<{mail.id}@partners.example>"
    assert first["Date"] == again["Date"]


def test_a_message_comes_as_text_and_as_html() -> None:
    mail = examples.declined_mail(reason="Größe 漢字\n" + "long " * 400)
    message = received(mail)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert message.get_content_type() == "multipart/alternative"
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == mail.text
    assert "Größe 漢字" in html.get_content()


def test_no_line_of_a_message_is_longer_than_mail_allows() -> None:
    long = "x" * 2000
    raw = message_of(examples.declined_mail(reason=long, name=long), examples.MAIL_FROM).as_bytes()
    assert max(map(len, raw.split(b"\r\n"))) < 998 + 2


@settings(max_examples=150, deadline=None)
@example(names=["ba a< éé😀é,b漢ñ>😀😀", "Bob"], subject="")
@given(names=st.lists(NAMES, min_size=1, max_size=3), subject=st.text(max_size=300) | NAMES)
def test_no_name_and_no_subject_adds_a_header_or_an_address(names: list[str], subject: str) -> None:
    people = [Recipient(name, f"person{index}@acme.example") for index, name in enumerate(names)]
    recipients = [person._asdict() for person in people]
    mail = examples.but(examples.declined_mail(*people), recipients=recipients, subject=subject)
    message = received(mail)
    assert [address.addr_spec for address in message["To"].addresses] == [person.email for person in people]
    assert {"Bcc", "Cc"}.isdisjoint(message.keys())
    assert len(message.keys()) == len(received(examples.declined_mail()).keys())


@settings(max_examples=150, deadline=None)
@example(subject='<😀ñabba, a漢"a😀bba😀b😀">baña <bñ b😀é漢')
@given(subject=NAMES)
def test_a_subject_arrives_as_it_was_meant(subject: str) -> None:
    mail = examples.but(examples.declined_mail(), subject=subject)
    raw = message_from_bytes(message_of(mail, examples.MAIL_FROM).as_bytes(), policy=compat32)
    assert str(make_header(decode_header(str(raw["Subject"])))) == one_line(subject)


def test_a_domain_in_any_script_is_addressed_in_ascii() -> None:
    message = received(examples.declined_mail(Recipient("Ana", "ana@exämple.com")))
    assert message["To"].addresses[0].addr_spec == "ana@xn--exmple-cua.com"
