from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from graphql_api.mail import messages, rendering
from graphql_api.models.actor import Locale
from graphql_api.models.outbox_mail import MailKind, MailStatus
from graphql_api.models.rows import OutboxMail
from graphql_api.texts.environment import render
from tests.mail import examples

NASTY = "Eve\r\nBcc: eve@evil.example\r\n\r\n<script>alert('x')</script> & \"co\" %(x)s {{ 7*7 }}"
URLS = ["https://partners.example/c/aaaa", "https://partners.example/c/bbbb"]


class Markup(HTMLParser):
    """The tags and the links of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str | None] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]


def nasty_mails() -> list[OutboxMail]:
    stated, to, now = examples.statement(NASTY, NASTY, NASTY), [examples.person(NASTY)], examples.NOW
    decided, asked = examples.decision(NASTY), examples.request(NASTY, NASTY)
    decided.decided_by_name = asked.deal_name = NASTY
    return [
        *messages.link_created(examples.link(), stated, to, NASTY, now),
        *messages.link_confirmed(examples.link(), stated, to, decided, now),
        *messages.link_rejected(examples.link(), stated, to, decided, now),
        *messages.attachment_requested(asked, NASTY, NASTY, to, NASTY, now),
        *messages.attachment_declined(asked, NASTY, to, NASTY, now),
        messages.checkout_mail(examples.checkout(NASTY), examples.PARTNER_ID, [(stated, URLS[0])], now),
    ]


@pytest.mark.rule("B18")
def test_a_new_link_s_mail_goes_to_the_person_and_says_what_the_link_states() -> None:
    link, to = examples.link(), examples.person()
    [mail] = messages.link_created(link, examples.statement(), [to], "Pat", examples.NOW)
    assert (mail.kind, mail.subject_id, mail.partner_id) == (
        MailKind.LINK_CREATED,
        link.node_id,
        link.partner_id,
    )
    assert mail.recipients == [{"name": "Carla Cam", "email": "carla@vendor.example", "field": "to"}]
    assert mail.remaining == ["carla@vendor.example"]
    assert (mail.status, mail.next_attempt_at, mail.created_at) == (
        MailStatus.QUEUED,
        examples.NOW,
        examples.NOW,
    )
    assert mail.subject == "New confirmation link of Ümlaut & Söhne: Spring deal"
    for words in (
        "Pat created",
        "Sales Hub Professional \N{EN DASH} onboarding: Guided onboarding",
        "two to three months",
    ):
        assert words in mail.text
        assert words in mail.html


@pytest.mark.rule("B24", "B25")
def test_a_confirmation_s_mail_says_who_confirmed_what_and_when() -> None:
    [mail] = messages.link_confirmed(
        examples.link(), examples.statement(), [examples.person()], examples.decision(), examples.NOW
    )
    assert mail.kind is MailKind.LINK_CONFIRMED
    assert "Answered by Bob Buyer <bob@acme.example> on November 21, 2026, 14:05 UTC." in mail.text
    assert "Bob Buyer &lt;bob@acme.example&gt;" in mail.html
    assert "Content Hub Starter" in mail.text


@pytest.mark.rule("B24", "B26")
def test_a_rejection_s_mail_includes_the_whole_reason() -> None:
    reason = "Not what we agreed:\n\n 1. no onboarding\n 2. another edition"
    [mail] = messages.link_rejected(
        examples.link(),
        examples.statement(),
        [examples.person(is_staff=False)],
        examples.decision(reason),
        examples.NOW,
    )
    assert mail.kind is MailKind.LINK_REJECTED
    assert "> Not what we agreed:\n> \n>  1. no onboarding\n>  2. another edition" in mail.text
    assert reason in mail.html


def test_a_mail_says_why_the_reader_gets_it() -> None:
    link, stated, decided, now = examples.link(), examples.statement(), examples.decision(), examples.NOW
    people = [examples.person(), examples.person(is_staff=False)]
    to_staff, to_user = messages.link_confirmed(link, stated, people, decided, now)
    assert "because you are assigned to Ümlaut & Söhne" in to_staff.text
    assert "because you created this confirmation link, or look after" in to_user.text
    assert all("You receive this e-mail because" in mail.text for mail in nasty_mails())
    assert all("You receive this e-mail because" in mail.html for mail in nasty_mails())


@pytest.mark.rule("B21")
def test_a_request_s_mails_name_link_and_deal_and_carry_the_words_of_both_sides() -> None:
    asked, to = examples.request("Before Friday, please", "The deal is lost"), [examples.person()]
    [requested] = messages.attachment_requested(asked, "Spring deal", "Acme GmbH", to, "Pat", examples.NOW)
    [declined] = messages.attachment_declined(asked, "Spring deal", to, "Carla", examples.NOW)
    assert requested.subject == "Please attach “Spring deal” to the deal “Big deal”"
    assert "Pat of Acme GmbH asks you" in requested.text
    assert "> Before Friday, please" in requested.text
    assert "> The deal is lost" in declined.text
    assert {requested.subject_id, declined.subject_id} == {asked.node_id}


def test_a_request_without_a_message_quotes_none() -> None:
    to = [examples.person()]
    [mail] = messages.attachment_requested(examples.request(), "L", "P", to, "Pat", examples.NOW)
    assert ">" not in mail.text
    assert "<blockquote" not in mail.html


@pytest.mark.rule("B4", "C23")
def test_a_checkout_is_one_mail_with_each_link_s_terms_and_url() -> None:
    checkout, second = examples.checkout(), examples.statement("Second")
    links = [(examples.statement(), URLS[0]), (second, URLS[1])]
    mail = messages.checkout_mail(checkout, examples.PARTNER_ID, links, examples.NOW)
    assert (mail.kind, mail.subject_id, mail.partner_id) == (
        MailKind.CHECKOUT, checkout.node_id, examples.PARTNER_ID
    )  # fmt: skip
    assert mail.recipients == [{"name": "Ana", "email": "ana@acme.example", "field": "to"}]
    assert [line for line in mail.text.splitlines() if "://" in line] == URLS
    assert Markup(mail.html).links == URLS
    assert mail.text.count("Sales Hub Professional") == len(links)


@pytest.mark.rule("D11")
def test_a_mail_comes_in_its_reader_s_language() -> None:
    stated, reader = examples.statement(), examples.person(locale=Locale.ES)
    [created] = messages.link_created(examples.link(), stated, [reader], "Pat", examples.NOW)
    offered = messages.checkout_mail(
        examples.checkout(locale=Locale.ES), examples.PARTNER_ID, [(stated, URLS[0])], examples.NOW
    )
    assert created.subject.startswith("Nuevo enlace de confirmación")
    assert "de dos a tres meses" in offered.text
    assert '<html lang="es">' in offered.html
    assert {created.locale, offered.locale} == {Locale.ES}


def test_mails_that_differ_in_what_is_told_are_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[Locale] = []

    def noted(template: str, locale: Locale, **values: Any) -> str:
        rendered.append(locale)
        return render(template, locale, **values)

    rendering._forms.cache_clear()
    monkeypatch.setattr(rendering, "render", noted)
    people = [examples.person("Ana <b>"), examples.person("Bo & Co"), examples.person(locale=Locale.ES)]
    link, stated, other = examples.link(), examples.statement(name="Of two"), examples.statement(name="Other")
    ana, bo, _ = messages.link_created(link, stated, people, "Pat", examples.NOW)
    [told_else] = messages.link_created(link, other, people[:1], "Eve", examples.NOW)
    assert sorted(rendered) == [Locale.EN] * 3 + [Locale.ES] * 3
    assert "\nHello Bo & Co,\n" in "\n" + bo.text
    assert ">Hello Ana &lt;b&gt;,<" in ana.html
    assert bo.html.replace("Bo &amp; Co", "Ana &lt;b&gt;") == ana.html
    assert ("Other" in told_else.text, "Other" in ana.text) == (True, False)


@pytest.mark.parametrize("told", [NASTY, "a\n\n\n\nb\n", "", " ", "one\u2028two", "%(by)s {{ by }} <i>&"])
def test_what_is_told_stands_in_a_mail_as_if_it_were_rendered_with_it(told: str) -> None:
    names = {
        "to_name": "Ana",
        "link_name": "Spring deal",
        "deal_name": "Big deal",
        "by_name": told,
        "reason": told,
    }
    mail = examples.declined_mail(name="Ana", reason=told, by_name=told)
    folder = f"mails/{MailKind.ATTACHMENT_DECLINED.value}"
    html = render(f"{folder}/body.html", Locale.EN, **names, subject=mail.subject)
    text = render(f"{folder}/body.txt", Locale.EN, **names)
    assert mail.html == html
    assert mail.text == re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def test_line_breaks_in_names_stay_out_of_headers_and_markup_out_of_mails() -> None:
    for mail in nasty_mails():
        assert not set("\r\n") & set(mail.subject + mail.recipients[0]["name"])
        assert "script" not in Markup(mail.html).tags
        assert "&lt;script&gt;" in mail.html
        assert "{{ 7*7 }}" in mail.text
        assert "\nBcc:" not in mail.text


def test_a_mail_loads_nothing_from_elsewhere() -> None:
    for mail in nasty_mails():
        assert not Markup(mail.html).tags & {"img", "link", "script", "iframe", "style", "table"}
        assert Markup(mail.html).links in ([], [URLS[0]])


def test_a_subject_of_the_longest_names_fits_its_column() -> None:
    asked, name = examples.request(), "n" * 200
    asked.deal_name = name
    [mail] = messages.attachment_requested(asked, "a " * 200, name, [examples.person()], name, examples.NOW)
    assert len(mail.subject) == 500
    assert mail.subject.endswith("…")


def test_a_machine_is_not_mailed() -> None:
    machine = examples.person()
    machine.email = None
    with pytest.raises(ValueError, match="no e-mail address"):
        messages.link_created(examples.link(), examples.statement(), [machine], "Pat", examples.NOW)
