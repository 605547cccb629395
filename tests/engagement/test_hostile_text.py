"""Whatever people type arrives as text: never as markup, as a header, or as an error of ours."""

from __future__ import annotations

import re

import pytest

from tests.api import Api, refusals
from tests.factories import World
from tests.mailbox import Letter, Mailbox
from tests.steps import ask_for, attach, check_out, confirm, decline, reject, token_of

EVIL = '<script>alert("1")</script><img src=x onerror=alert(1)> & {{7*7}} \'"'
ESCAPED = "&lt;script&gt;"
LONG = "W" * 200


def is_harmless(html: str) -> bool:
    """Nothing of EVIL is markup in it."""
    return "<script>alert" not in html and not re.search(r"<img[^>]*onerror", html) and ESCAPED in html


async def all_new(mailbox: Mailbox, kind: str) -> list[Letter]:
    """The new letters of a kind."""
    return [letter for letter in await mailbox.new() if letter.kind == kind]


@pytest.mark.rule("B26", "B32")
async def test_markup_in_an_answer_is_text_in_mails_and_on_the_page(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    link = await world.link(name=f"Proof {EVIL}")
    assert refusals(await reject(api, link, name=EVIL, reason=EVIL)) == []
    for letter in await mailbox.new():
        assert is_harmless(letter.html)
        assert EVIL in letter.text
        assert "\n" not in str(letter.message["Subject"])
    page = await api.http.get(f"/c/{token_of(api, link)}")
    assert is_harmless(page.text)
    assert "{{7*7}}" in page.text


@pytest.mark.rule("B4", "C23")
async def test_markup_in_a_checkouts_name_is_a_name_in_quotes(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    link = await world.link(name=EVIL)
    await attach(api, world.tokens["partner_admin"], link, world.ours.shared[0])
    name = 'Eve <eve@evil.example>, "Bo" <script>'
    await check_out(api, world.tokens["checkout"], world.ours.shared[0], recipientName=name)
    [letter] = await all_new(mailbox, "checkout")
    assert letter.to == "ana@acme.example"
    [address] = letter.message["To"].addresses
    assert (address.display_name, address.addr_spec) == (name, "ana@acme.example")
    assert is_harmless(letter.html)


@pytest.mark.rule("B21")
async def test_markup_in_a_request_and_its_refusal_is_text(api: Api, world: World, mailbox: Mailbox) -> None:
    link = await world.link()
    asked = await ask_for(api, world.tokens["partner_member"], link, dealName=EVIL, message=EVIL)
    assert asked["attachmentRequest"]["dealName"] == EVIL
    for letter in await all_new(mailbox, "attachment_requested"):
        assert is_harmless(letter.html)
    await decline(api, world.tokens["cam"], asked["attachmentRequest"]["id"], EVIL)
    [letter] = await all_new(mailbox, "attachment_declined")
    assert is_harmless(letter.html)
    assert EVIL in letter.text


@pytest.mark.rule("B21")
async def test_what_is_wrong_with_a_request_or_its_refusal_is_said_and_changes_nothing(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    link, ada, cam = await world.link(), world.tokens["partner_admin"], world.tokens["cam"]
    await mailbox.new()
    wrong = await ask_for(api, ada, link, dealName="\0 \x07", message="m" * 10_000)
    assert refusals(wrong) == [("BLANK", ["dealName"]), ("TOO_LONG", ["message"])]
    long = await ask_for(api, ada, link, dealName="d" * 10_000)
    assert refusals(long) == [("TOO_LONG", ["dealName"])]
    lost = await ask_for(api, ada, link, confirmationLinkId="\0")
    assert refusals(lost) == [("NOT_FOUND", ["confirmationLinkId"])]
    assert await mailbox.sent() == []
    asked = (await ask_for(api, ada, link, message="  "))["attachmentRequest"]
    assert asked["message"] is None
    for reason, code in (("", "BLANK"), (" \n\0", "BLANK"), ("r" * 10_000, "TOO_LONG")):
        assert refusals(await decline(api, cam, asked["id"], reason)) == [(code, ["reason"])]
    assert refusals(await decline(api, cam, "x" * 10_000)) == [("NOT_FOUND", ["id"])]
    assert {kind for kind, _to in await mailbox.sent()} == {"attachment_requested"}


@pytest.mark.rule("B21", "B18")
async def test_the_longest_names_fit_everywhere(api: Api, world: World, mailbox: Mailbox) -> None:
    link, ada, deal = await world.link(name=LONG), world.tokens["partner_admin"], world.ours.shared[0]
    given = {"dealName": LONG, "message": "m" * 2_000}
    asked = await ask_for(api, ada, link, **given)
    assert refusals(asked) == []
    request_id = asked["attachmentRequest"]["id"]
    assert refusals(await decline(api, world.tokens["cam"], request_id, "r" * 2_000)) == []
    assert refusals(await attach(api, ada, link, deal)) == []
    assert refusals(await check_out(api, world.tokens["checkout"], deal, recipientName=LONG)) == []
    assert refusals(await reject(api, link, name=LONG, reason="r" * 2_000)) == []
    titles = "{ viewer { notifications { nodes { title } } } }"
    shown = (await api.ask(titles, world.tokens["cam"]))["viewer"]["notifications"]["nodes"]
    assert all(len(node["title"]) <= 500 for node in shown)
    assert len(await mailbox.new()) == 7


@pytest.mark.rule("C20")
async def test_control_characters_are_dropped_from_what_is_kept(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    link = await world.link()
    await mailbox.new()
    answered = await confirm(api, link, name="A\0n\x1ba\r\nBcc: x@evil.example")
    assert refusals(answered) == []
    document = "query($id: ID!) { confirmationLink(id: $id) { decision { decidedByName } } }"
    shown = await api.ask(document, world.tokens["partner_admin"], id=str(link.node_id))
    assert shown["confirmationLink"]["decision"] == {"decidedByName": "Ana Bcc: x@evil.example"}
    for letter in await mailbox.new():
        assert letter.message["Bcc"] is None


@pytest.mark.rule("C20")
async def test_what_is_no_address_is_refused(api: Api, world: World) -> None:
    link = await world.link()
    wrong = [
        "x",
        "@acme.example",
        "a@",
        "a b@acme.example",
        "a@acme..example",
        "a@b@c.example",
        "a@acme.example\nb",
    ]
    for email in [*wrong, "<a@acme.example>", "a@acme.example,b@acme.example", '"><b>@acme.example']:
        assert refusals(await confirm(api, link, email=email)) == [("INVALID", ["email"])], email
    for email in ("", " ", "\0"):
        assert refusals(await confirm(api, link, email=email)) == [("BLANK", ["email"])]
    assert (await world.fresh(link)).is_pending


@pytest.mark.rule("C20")
async def test_half_a_character_is_no_text_at_all(api: Api, world: World) -> None:
    link = await world.link()
    given = f'{{"token": "{token_of(api, link)}", "name": "A\\ud800na", "email": "a@b.example", "seenVersion": 1}}'
    document = (
        "mutation($i: ConfirmEngagementInput!) { confirmEngagement(input: $i) { userErrors { code } } }"
    )
    body = f'{{"query": "{document}", "variables": {{"i": {given}}}}}'
    answer = await api.http.post("/graphql", content=body, headers={"Content-Type": "application/json"})
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert (await world.fresh(link)).is_pending
