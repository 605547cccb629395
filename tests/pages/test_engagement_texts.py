from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from graphql_api.models.actor import Locale
from graphql_api.models.confirmation_link import LinkStatus
from graphql_api.models.refusal import Blank, Invalid, ReasonRequired, TooLong
from graphql_api.models.statement import StatedProduct, Statement
from graphql_api.models.terms import OnboardingDuration
from graphql_api.texts.engagement_page import Form, Notice, Problem, engagement_page, problem_page
from graphql_api.texts.words import DURATIONS
from tests.pages.documents import Document
from tests.pages.statements import STATEMENT, decision

MARKUP = """<script>alert(1)</script><img src=x onerror=alert(1)>"'--></textarea><b>{{ 7 * 7 }}%(name)s"""


def drawn(statement: Statement = STATEMENT, locale: Locale = Locale.EN, **rest: object) -> Document:
    return Document(engagement_page(statement, locale, **rest))  # type: ignore[arg-type]


@pytest.mark.rule("B2", "B7", "B9", "B10")
def test_the_page_says_all_that_the_partner_attests() -> None:
    text = drawn().text
    assert "Northwind Digital sells or services HubSpot software for Acme Robotics." in text
    assert "Marketing Hub Professional Onboarding: Guided" in text
    assert "Service Hub Starter No onboarding" in text
    assert "two to three months" in text
    assert "Acme rollout 2027" in text


@pytest.mark.rule("B9")
def test_a_partner_without_onboarding_says_so() -> None:
    text = drawn(replace(STATEMENT, provides_onboarding=False, onboarding_duration=None)).text
    assert "Not Northwind Digital" in text
    assert "Estimated duration" not in text


@pytest.mark.rule("B10")
@pytest.mark.parametrize("duration", OnboardingDuration)
def test_every_duration_is_in_words(duration: OnboardingDuration) -> None:
    text = drawn(replace(STATEMENT, onboarding_duration=duration)).text
    assert DURATIONS[duration] in text
    assert duration.value not in text


@pytest.mark.rule("B30")
def test_without_a_client_the_page_speaks_of_your_company() -> None:
    text = drawn(replace(STATEMENT, client_name=None)).text
    assert "sells or services HubSpot software for your company." in text
    assert "None" not in text


@pytest.mark.rule("B37")
def test_a_pending_link_offers_two_outcomes() -> None:
    page = drawn(version=3)
    outcomes = [button["value"] for button in page.all("button") if button.get("name") == "decision"]
    assert outcomes == ["confirm", "reject"]
    assert page.field("seenVersion")["value"] == "3"


@pytest.mark.rule("B37")
def test_enter_in_a_text_field_decides_nothing() -> None:
    first = drawn().all("button")[0]
    assert "disabled" in first
    assert "name" not in first


@pytest.mark.rule("B31", "B37")
def test_a_confirmed_link_shows_who_confirmed_it_and_offers_nothing_more() -> None:
    page = drawn(decision=decision())
    assert "The statement is confirmed" in page.text
    assert "Inés Ortega" in page.text
    assert "November 21, 2026, 14:05 UTC" in page.text
    assert "5a" * 32 in page.text
    assert "form" not in page.tags


@pytest.mark.rule("B32")
def test_a_rejected_link_shows_the_reason() -> None:
    page = drawn(decision=decision(LinkStatus.REJECTED, reason="Wrong edition"))
    assert "The statement is rejected" in page.text
    assert "Wrong edition" in page.text
    assert "form" not in page.tags


def test_whoever_opens_a_decided_page_does_not_learn_an_address() -> None:
    assert "ines@acme.example" not in engagement_page(STATEMENT, Locale.EN, decision=decision())


@pytest.mark.rule("B11", "B33")
def test_a_preview_looks_like_the_page_and_can_press_nothing() -> None:
    page = drawn(preview=True)
    assert "Preview" in page.text
    assert "disabled" in page.all("fieldset")[0]
    assert page.all("a") == []


@pytest.mark.rule("B11")
@pytest.mark.parametrize("name", ["", "   "])
def test_a_preview_may_lack_a_name(name: str) -> None:
    assert "not named yet" in drawn(replace(STATEMENT, link_name=name), preview=True).text


@pytest.mark.rule("B33")
def test_a_decided_link_is_previewed_as_decided() -> None:
    page = drawn(decision=decision(), preview=True)
    assert "The statement is confirmed" in page.text
    assert "Preview" in page.text


@pytest.mark.rule("B37")
@pytest.mark.parametrize("field", ["name", "email", "reason"])
def test_each_field_has_its_label_and_is_tied_to_its_complaint(field: str) -> None:
    page = drawn(form=Form(refusals=[Blank(field)]))
    assert field in [label["for"] for label in page.all("label")]
    assert page.field(field)["aria-invalid"] == "true"
    described = (page.field(field)["aria-describedby"] or "").split()
    assert page.by_id(described[-1])["class"] == "complaint"
    assert f"#{field}" in [link["href"] for link in page.all("a")]


def test_complaints_come_in_the_order_of_the_page_and_once_a_field() -> None:
    form = Form(refusals=[ReasonRequired("reason"), TooLong("email"), Blank("name"), Invalid("email")])
    complaints = form.complaints(Locale.EN)
    assert list(complaints) == ["name", "email", "reason"]
    assert complaints["email"] == "The e-mail address is too long."


def test_what_was_typed_is_kept_to_the_letter() -> None:
    form = Form("  Ana  ", "ana@", "\n\nfirst line lost?\n & <i>")
    html = engagement_page(STATEMENT, Locale.EN, form=form)
    page = Document(html)
    assert page.field("name")["value"] == "  Ana  "
    assert page.field("email")["value"] == "ana@"
    assert ">\n\n\nfirst line lost?\n &amp; &lt;i&gt;</textarea>" in html


@pytest.mark.rule("C18")
def test_a_changed_statement_is_announced() -> None:
    page = drawn(notice=Notice.CHANGED, form=Form("Ana", "ana@acme.example", "No"), version=2)
    assert "The statement has changed" in page.text
    assert page.field("seenVersion")["value"] == "2"
    assert page.field("name")["value"] == "Ana"


@pytest.mark.rule("C20")
def test_who_comes_second_is_told_so() -> None:
    page = drawn(notice=Notice.ANSWERED, decision=decision())
    assert "Somebody answered before you" in page.text


def product(name: str) -> StatedProduct:
    return replace(STATEMENT.products[0], name=name, onboarding_type_name=name)


Drawing = Callable[[str, Locale], str]
PLACES: dict[str, Drawing] = {
    "link name": lambda text, to: engagement_page(replace(STATEMENT, link_name=text), to),
    "partner": lambda text, to: engagement_page(replace(STATEMENT, partner_name=text), to),
    "client": lambda text, to: engagement_page(replace(STATEMENT, client_name=text), to),
    "product": lambda text, to: engagement_page(replace(STATEMENT, products=(product(text),)), to),
    "typed": lambda text, to: engagement_page(STATEMENT, to, form=Form(text, text, text)),
    "decided by": lambda text, to: engagement_page(STATEMENT, to, decision=decision(name=text)),
    "reason": lambda text, to: engagement_page(
        STATEMENT, to, decision=decision(LinkStatus.REJECTED, reason=text)
    ),
}


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("place", PLACES)
def test_html_in_a_text_is_shown_as_text(place: str, locale: Locale) -> None:
    hostile, harmless = PLACES[place](MARKUP, locale), PLACES[place]("harmless", locale)
    assert Document(hostile).tags == Document(harmless).tags
    assert MARKUP not in hostile
    assert MARKUP in Document(hostile).text + "".join(
        a.get("value") or "" for a in Document(hostile).all("input")
    )


@pytest.mark.rule("D11")
@pytest.mark.parametrize(("locale", "words"), [(Locale.EN, "Your answer"), (Locale.ES, "Su respuesta")])
def test_the_page_names_its_language_and_offers_the_other(locale: Locale, words: str) -> None:
    page = drawn(locale=locale)
    assert words in page.text
    assert page.all("html")[0]["lang"] == locale.value.lower()
    other = {Locale.EN: "es", Locale.ES: "en"}[locale]
    assert [link["href"] for link in page.all("a")] == [f"?lang={other}"]


@pytest.mark.rule("C17")
@pytest.mark.parametrize("locale", Locale)
def test_the_page_for_nothing_says_nothing_about_a_link(locale: Locale) -> None:
    page = Document(problem_page(Problem.NOT_FOUND, locale))
    assert "form" not in page.tags
    assert "Northwind" not in page.text


def test_nothing_on_the_page_runs_or_is_fetched() -> None:
    page = drawn(form=Form(refusals=[Blank("name")]))
    assert not {"script", "img", "iframe", "object", "embed", "base"} & set(page.tags)
    assert not [
        attribute for _, attributes in page.elements for attribute in attributes if attribute.startswith("on")
    ]
    assert not [True for _, attributes in page.elements if "style" in attributes]
