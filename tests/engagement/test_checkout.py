"""At checkout the deal's pending links go to the client, and decided ones are only returned."""

from __future__ import annotations

import pytest

from graphql_api.models import rows
from tests.api import Api, refusals
from tests.clock import Clock
from tests.factories import World
from tests.mailbox import Mailbox
from tests.steps import attach, check_out, confirm, detach, reject


async def on_deal(api: Api, world: World, *names: str) -> list[rows.ConfirmationLink]:
    """Links of these names on our first shared deal."""
    links = [await world.link(name=name) for name in names]
    for link in links:
        await attach(api, world.tokens["partner_admin"], link, world.ours.shared[0])
    return links


@pytest.mark.rule("B4", "B22", "C23", "B23")
async def test_one_mail_brings_the_client_each_pending_link_of_the_deal(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    await on_deal(api, world, "First proof", "Second proof")
    await mailbox.new()
    payload = await check_out(api, world.tokens["checkout"], world.ours.shared[0])
    assert refusals(payload) == []
    urls = [link["url"] for link in payload["checkout"]["confirmationLinks"]]
    assert len(set(urls)) == 2
    [letter] = await mailbox.new()
    assert (letter.kind, letter.to) == ("checkout", "ana@acme.example")
    assert letter.subject_id == payload["checkout"]["id"]
    assert str(letter.message["To"]) == "Ana Ruiz <ana@acme.example>"
    for words in (*urls, "First proof", "Second proof", "Northwind Digital", "Marketing Hub Professional"):
        assert words in letter.text
        assert words in letter.html


@pytest.mark.rule("C1", "C23")
async def test_what_was_sent_says_so_and_when_it_was_first_sent(api: Api, world: World, clock: Clock) -> None:
    [link] = await on_deal(api, world, "Proof")
    payload = await check_out(api, world.tokens["checkout"], world.ours.shared[0])
    assert payload["checkout"]["confirmationLinks"][0]["stage"] == "SENT"
    first = (await world.fresh(link)).sent_at
    clock.advance(days=1)
    await check_out(api, world.tokens["checkout"], world.ours.shared[0])
    assert (await world.fresh(link)).sent_at == first
    assert (await world.fresh(link)).version == 1


@pytest.mark.rule("C23")
async def test_each_checkout_sends_once_and_the_next_sends_again(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    await on_deal(api, world, "Proof")
    await mailbox.new()
    for email in ("ana@acme.example", "bo@acme.example"):
        await check_out(api, world.tokens["checkout"], world.ours.shared[0], recipientEmail=email)
        assert await mailbox.sent() == [("checkout", email)]


@pytest.mark.rule("C23")
async def test_decided_links_are_returned_and_not_sent(api: Api, world: World, mailbox: Mailbox) -> None:
    confirmed, rejected, _pending = await on_deal(api, world, "Confirmed", "Rejected", "Pending")
    await confirm(api, confirmed)
    await reject(api, rejected)
    await mailbox.new()
    payload = await check_out(api, world.tokens["checkout"], world.ours.shared[0])
    statuses = [link["status"] for link in payload["checkout"]["confirmationLinks"]]
    assert statuses == ["CONFIRMED", "REJECTED", "PENDING"]
    [letter] = await mailbox.new()
    assert "Pending" in letter.text
    assert "Confirmed" not in letter.text
    assert "Rejected" not in letter.text
    assert (await world.fresh(confirmed)).sent_at is None


@pytest.mark.rule("C23")
async def test_with_only_decided_links_nothing_is_mailed(api: Api, world: World, mailbox: Mailbox) -> None:
    [link] = await on_deal(api, world, "Confirmed")
    await confirm(api, link)
    await mailbox.new()
    payload = await check_out(api, world.tokens["checkout"], world.ours.shared[0])
    assert refusals(payload) == []
    assert len(payload["checkout"]["confirmationLinks"]) == 1
    assert await mailbox.sent() == []


@pytest.mark.rule("C23")
async def test_a_deal_without_links_has_nothing_to_send(api: Api, world: World, mailbox: Mailbox) -> None:
    [link] = await on_deal(api, world, "Removed")
    await detach(api, world.tokens["partner_admin"], link, world.ours.shared[0])
    await mailbox.new()
    payload = await check_out(api, world.tokens["checkout"], world.ours.shared[0])
    assert refusals(payload) == [("NO_CONFIRMATION_LINKS", ["dealId"])]
    assert (payload["checkout"], payload["cursor"]) == (None, None)
    assert await mailbox.sent() == []


@pytest.mark.rule("C23")
async def test_the_recipient_is_checked_and_everything_wrong_is_said_at_once(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    [link] = await on_deal(api, world, "Proof")
    await mailbox.new()
    deal, who = world.ours.shared[0], world.tokens["checkout"]
    blank = await check_out(api, who, deal, recipientName=" \0 ", recipientEmail="ana at acme")
    assert refusals(blank) == [("BLANK", ["recipientName"]), ("INVALID", ["recipientEmail"])]
    long = await check_out(api, who, deal, recipientName="N" * 10_000, recipientEmail="a" * 10_000)
    assert refusals(long) == [("TOO_LONG", ["recipientName"]), ("TOO_LONG", ["recipientEmail"])]
    for email in (
        "a@b@c.example",
        "a\r\nBcc: x@evil.example",
        "<a@b.example>",
        "a@b.example, c@d.example",
        "@",
    ):
        payload = await check_out(api, who, deal, recipientEmail=email)
        assert refusals(payload) == [("INVALID", ["recipientEmail"])], email
    assert (await world.fresh(link)).sent_at is None
    assert await mailbox.sent() == []


@pytest.mark.rule("D12")
async def test_a_deal_that_is_not_there_is_not_found(api: Api, world: World) -> None:
    for dealt in ("", "rubbish", "\0", str(world.ours.partner.node_id), "x" * 10_000):
        payload = await check_out(api, world.tokens["checkout"], world.ours.shared[0], dealId=dealt)
        assert refusals(payload) == [("NOT_FOUND", ["dealId"])]


@pytest.mark.rule("B4")
async def test_only_the_checkout_starts_checkouts(api: Api, world: World) -> None:
    document = "mutation($i: StartCheckoutInput!) { startCheckout(input: $i) { cursor } }"
    given = {
        "dealId": str(world.ours.shared[0].node_id),
        "recipientName": "A",
        "recipientEmail": "a@b.example",
    }
    for who in ("partner_admin", "cam", "staff_admin"):
        assert await api.code(document, world.tokens[who], i=given) == "FORBIDDEN"
    assert await api.code(document, i=given) == "UNAUTHENTICATED"


@pytest.mark.rule("D11")
async def test_the_mail_speaks_the_language_that_the_checkout_names(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    await on_deal(api, world, "Proof")
    await mailbox.new()
    await check_out(api, world.tokens["checkout"], world.ours.shared[0], locale="ES")
    [letter] = await mailbox.new()
    assert letter.message["Content-Language"] == "es"


@pytest.mark.rule("C23", "D12")
async def test_a_checkout_can_be_read_again_by_who_sees_its_deal(api: Api, world: World) -> None:
    await on_deal(api, world, "Proof")
    payload = await check_out(api, world.tokens["checkout"], world.ours.shared[0])
    document = "query($id: ID!) { node(id: $id) { ... on Checkout { recipientName deal { name } confirmationLinks { name } } } }"  # noqa: E501
    for who, seen in (("partner_member", True), ("cam", True), ("other_partner_admin", False)):
        node = (await api.ask(document, world.tokens[who], id=payload["checkout"]["id"]))["node"]
        assert (node is not None) == seen
        assert not node or node["confirmationLinks"] == [{"name": "Proof"}]
