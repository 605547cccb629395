from __future__ import annotations

import asyncio

import pytest

from graphql_api.models.confirmation_link import LinkStage, LinkStatus
from tests.pages.documents import Document
from tests.pages.site import GOOD, TOKENS, Site

REJECT = {"decision": "reject", "reason": "We bought Professional, not Enterprise."}


@pytest.mark.rule("B23", "B37")
async def test_whoever_has_the_address_sees_the_statement(site: Site) -> None:
    response = await site.get()
    assert response.status_code == 200
    assert (
        "Northwind Digital sells or services HubSpot software for Acme Robotics."
        in Document(response.text).text
    )


@pytest.mark.rule("C1", "C22")
async def test_opening_the_page_decides_nothing_and_records_the_first_view(site: Site) -> None:
    await site.get()
    first = (await site.link()).viewed_at
    await site.get()
    link = await site.link()
    assert (link.status, link.stage, link.viewed_at) == (LinkStatus.PENDING, LinkStage.VIEWED, first)
    assert await site.events() == ["LINK_VIEWED"]


@pytest.mark.rule("C22")
async def test_a_mail_scanner_that_asks_for_the_head_is_no_viewer(site: Site) -> None:
    response = await site.http.head(site.path)
    assert response.status_code == 200
    assert (await site.link()).viewed_at is None


@pytest.mark.rule("B31", "C20")
async def test_confirming_leads_back_to_the_page_which_then_says_so(site: Site) -> None:
    response = await site.post()
    assert (response.status_code, response.headers["location"]) == (303, site.path)
    page = await site.get()
    assert "The statement is confirmed" in page.text
    assert "Ana Ruiz" in page.text
    decision = await site.decision()
    assert decision
    assert (decision.status, decision.decided_by_email) == (LinkStatus.CONFIRMED, "ana@acme.example")


@pytest.mark.rule("B32", "B37")
async def test_rejecting_keeps_the_reason_and_shows_it(site: Site) -> None:
    assert (await site.post(**REJECT)).status_code == 303
    assert "We bought Professional, not Enterprise." in (await site.get()).text
    decision = await site.decision()
    assert decision
    assert (decision.status, decision.reason) == (LinkStatus.REJECTED, REJECT["reason"])


async def test_a_reason_that_was_typed_before_confirming_is_not_kept(site: Site) -> None:
    await site.post(reason="On second thoughts, fine.")
    decision = await site.decision()
    assert decision
    assert decision.reason is None


@pytest.mark.rule("B37")
@pytest.mark.parametrize("reason", ["", "  \r\n\t ", None])
async def test_rejecting_needs_a_reason(site: Site, reason: str | None) -> None:
    response = await site.post(decision="reject", reason=reason)
    assert response.status_code == 422
    assert "To reject, say what is not correct." in response.text
    assert (await site.link()).status is LinkStatus.PENDING


WRONG = [
    ("name", "", "Enter your name."),
    ("name", None, "Enter your name."),
    ("name", "x" * 10_000, "The name is too long."),
    ("email", " ", "Enter your e-mail address."),
    ("email", "ana@", "Enter a full e-mail address"),
    ("email", "ana@acme.example\r\nBcc: all@acme.example", "Enter a full e-mail address"),
    ("email", "x" * 300 + "@acme.example", "The e-mail address is too long."),
    ("decision", None, "Choose one of the two answers"),
    ("decision", "maybe", "Choose one of the two answers"),
    ("seenVersion", None, "The form did not arrive complete."),
    ("seenVersion", "one", "The form did not arrive complete."),
    ("seenVersion", "-1", "The form did not arrive complete."),
    ("seenVersion", "9" * 5_000, "The form did not arrive complete."),
]


@pytest.mark.rule("C18", "C20")
@pytest.mark.parametrize(("field", "value", "complaint"), WRONG)
async def test_a_wrong_field_is_told_of_and_changes_nothing(
    site: Site, field: str, value: str | None, complaint: str
) -> None:
    changed: dict[str, str | None] = {field: value}
    response = await site.post(**changed)
    assert response.status_code == 422
    assert complaint in response.text
    assert (await site.link()).status is LinkStatus.PENDING
    assert await site.events() == []


async def test_everything_wrong_is_told_of_at_once_and_what_was_typed_is_kept(site: Site) -> None:
    response = await site.post(decision="reject", name=" ", email="<b>ana", reason="r" * 2_001)
    page = Document(response.text)
    hrefs = [link["href"] for link in page.all("a")]
    assert [href for href in hrefs if href and href.startswith("#")] == ["#name", "#email", "#reason"]
    assert page.field("email")["value"] == "<b>ana"
    assert "b" not in page.tags
    assert "r" * 2_001 in page.text


async def test_a_reason_of_exactly_the_limit_is_taken(site: Site) -> None:
    assert (await site.post(decision="reject", reason="ñ" * 2_000)).status_code == 303


@pytest.mark.rule("C18")
async def test_an_answer_to_an_edited_statement_shows_the_new_one_and_decides_nothing(site: Site) -> None:
    await site.get()
    await site.edit("Now with Content Hub")
    response = await site.post(**REJECT)
    page = Document(response.text)
    assert response.status_code == 409
    assert "The statement has changed" in page.text
    assert "Now with Content Hub" in page.text
    assert (page.field("seenVersion")["value"], page.field("name")["value"]) == ("2", GOOD["name"])
    assert REJECT["reason"] in page.text
    assert (await site.link()).status is LinkStatus.PENDING
    assert (await site.post(seenVersion="2", **REJECT)).status_code == 303


@pytest.mark.rule("C18", "D7")
async def test_what_is_called_otherwise_meanwhile_is_shown_before_it_is_confirmed(site: Site) -> None:
    seen = {"seenStatementHash": Document((await site.get()).text).field("seenStatementHash")["value"]}
    await site.rename_partner("Totally Other Ltd")
    response = await site.post(**seen, **REJECT)
    page = Document(response.text)
    assert response.status_code == 409
    assert "The statement has changed" in page.text
    assert "Totally Other Ltd" in page.text
    assert page.field("seenVersion")["value"] == "1"
    assert REJECT["reason"] in page.text
    assert (await site.link()).status is LinkStatus.PENDING
    again = {"seenStatementHash": page.field("seenStatementHash")["value"]}
    assert (await site.post(**again, **REJECT)).status_code == 303


@pytest.mark.rule("B37", "C18", "C20")
@pytest.mark.parametrize("version", ["1", "7"])
async def test_a_second_answer_is_shown_the_standing_one(site: Site, version: str) -> None:
    await site.post()
    response = await site.post(name="Bo Li", email="bo@acme.example", seenVersion=version, **REJECT)
    assert response.status_code == 409
    assert "Somebody answered before you" in response.text
    assert "The statement is confirmed" in response.text
    assert "Ana Ruiz" in response.text
    assert "Bo Li" not in response.text
    assert await site.events() == ["LINK_CONFIRMED"]


async def test_a_double_click_is_one_answer(site: Site) -> None:
    responses = await asyncio.gather(
        *(site.post(name=" Ana  Ruiz", email="Ana@acme.example") for _ in range(4))
    )
    assert {(response.status_code, response.headers["location"]) for response in responses} == {
        (303, site.path)
    }
    assert await site.events() == ["LINK_CONFIRMED"]


async def test_another_reason_is_another_answer(site: Site) -> None:
    await site.post(**REJECT)
    response = await site.post(decision="reject", reason="And the duration is wrong too.")
    assert response.status_code == 409


@pytest.mark.rule("C20")
async def test_of_many_who_answer_at_once_one_wins(site: Site) -> None:
    people = [{"name": f"Person {number}", "email": f"p{number}@acme.example"} for number in range(20)]
    responses = await asyncio.gather(*(site.post(**person) for person in people))
    assert sorted(response.status_code for response in responses) == [303] + [409] * 19
    winner = people[[response.status_code for response in responses].index(303)]
    assert winner["name"] in (await site.get()).text


@pytest.mark.rule("C17", "D12")
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
async def test_deleted_unknown_and_malformed_are_all_the_same(site: Site, method: str) -> None:
    good = TOKENS.token_of(site.link_id)
    await site.delete()
    forged = good[:-2] + ("AA" if good[-2:] != "AA" else "BA")
    tokens = [good, TOKENS.token_of(type(site.link_id)(int=1)), forged, "x", "é" * 43, good + "=", "%00" * 43]
    answers = []
    for token in tokens:
        response = await site.http.request(method, f"/c/{token}", data=GOOD if method == "POST" else None)
        answers.append((response.status_code, response.content, dict(response.headers)))
    assert answers[0][0] == 404
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.rule("D11")
async def test_the_browser_s_language_is_spoken_and_the_switch_outranks_it(sqlite_site: Site) -> None:
    spanish = await sqlite_site.get(accept_language="es-AR,es;q=0.9,en;q=0.1")
    english = await sqlite_site.get("?lang=en", accept_language="es-AR")
    unknown = await sqlite_site.get("?lang=tlh", accept_language="es-AR")
    assert [r.headers["content-language"] for r in (spanish, english, unknown)] == ["es", "en", "es"]
    assert "Su respuesta" in spanish.text
    assert "Your answer" in english.text


@pytest.mark.rule("D11")
async def test_the_chosen_language_outlives_the_form(sqlite_site: Site) -> None:
    wrong = await sqlite_site.post("?lang=es", name="")
    assert "Escriba su nombre." in wrong.text
    assert "action" not in Document(wrong.text).all("form")[0]
    done = await sqlite_site.post("?lang=es")
    assert done.headers["location"] == f"{sqlite_site.path}?lang=es"


async def test_nothing_of_an_address_but_a_known_language_comes_back(sqlite_site: Site) -> None:
    done = await sqlite_site.post("?lang=es%0d%0aX-Evil:1&next=https://evil.example")
    assert done.headers["location"] == sqlite_site.path
