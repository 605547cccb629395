"""For a deal that is not shared the partner asks its CAM or PDM, who attach the link or say why not."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.models import rows
from tests.api import Api, refusals
from tests.factories import World
from tests.mailbox import Mailbox
from tests.steps import ask_for, attach, check_out, decline, detach, reject

TOLD = "{ viewer { notifications { nodes { kind title body subject { id __typename } readAt } } } }"
REQUESTS = """query($status: AttachmentRequestStatus) { attachmentRequests(status: $status) {
  totalCount nodes { id status dealName confirmationLink { id } } } }"""


def direct(world: World) -> rows.Deal:
    """Ours, not shared."""
    assert world.ours.direct is not None
    return world.ours.direct


async def news(api: Api, who: str) -> list[dict[str, Any]]:
    """What somebody is told, newest first."""
    nodes: list[dict[str, Any]] = (await api.ask(TOLD, who))["viewer"]["notifications"]["nodes"]
    return nodes


@pytest.mark.rule("B21")
async def test_cam_and_pdm_are_told_of_a_request_in_the_app_and_by_mail(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    link = await world.link()
    await mailbox.new()
    payload = await ask_for(api, world.tokens["partner_member"], link)
    assert refusals(payload) == []
    made = payload["attachmentRequest"]
    assert (made["status"], made["requestedBy"]["name"]) == ("OPEN", "Max Northwind")
    for who in ("cam", "pdm"):
        told = (await news(api, world.tokens[who]))[0]
        assert (told["kind"], told["body"]) == ("ATTACHMENT_REQUESTED", "Please.")
        assert told["subject"] == {"id": made["id"], "__typename": "AttachmentRequest"}
    letters = await mailbox.new()
    assert [letter.to for letter in letters] == [
        "cam.northwind@vendor.example",
        "pdm.northwind@vendor.example",
    ]
    for letter in letters:
        assert (letter.kind, letter.subject_id) == ("attachment_requested", made["id"])
        assert all(
            words in letter.text for words in ("Acme expansion", "Please.", "Proof for Acme", "Max Northwind")
        )


@pytest.mark.rule("B21", "B22")
async def test_the_cam_attaches_the_link_in_answer_and_it_reaches_the_client(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    link = await world.link()
    asked = (await ask_for(api, world.tokens["partner_admin"], link))["attachmentRequest"]
    payload = await attach(api, world.tokens["pdm"], link, direct(world), attachmentRequestId=asked["id"])
    assert refusals(payload) == []
    assert payload["confirmationLink"]["client"]["name"] == "Acme 0"
    found = await api.ask(REQUESTS, world.tokens["partner_admin"], status="FULFILLED")
    assert [node["id"] for node in found["attachmentRequests"]["nodes"]] == [asked["id"]]
    await mailbox.new()
    await check_out(api, world.tokens["checkout"], direct(world))
    assert await mailbox.sent() == [("checkout", "ana@acme.example")]


@pytest.mark.rule("B21")
async def test_who_asked_is_told_why_not(api: Api, world: World, mailbox: Mailbox) -> None:
    link = await world.link()
    asked = (await ask_for(api, world.tokens["partner_member"], link))["attachmentRequest"]
    await mailbox.new()
    payload = await decline(api, world.tokens["cam"], asked["id"], "We closed it.\nSorry.")
    assert payload["attachmentRequest"]["status"] == "DECLINED"
    [told] = await news(api, world.tokens["partner_member"])
    assert (told["kind"], told["body"]) == ("ATTACHMENT_DECLINED", "We closed it.\nSorry.")
    assert await news(api, world.tokens["partner_admin"]) == []
    [letter] = await mailbox.new()
    assert (letter.kind, letter.to, letter.subject_id) == (
        "attachment_declined",
        "max@northwind.example",
        asked["id"],
    )
    assert "We closed it." in letter.text


@pytest.mark.rule("B21", "D12")
async def test_the_partner_can_neither_see_nor_touch_the_direct_deal(api: Api, world: World) -> None:
    link, deal, ada = await world.link(), direct(world), world.tokens["partner_admin"]
    assert refusals(await attach(api, ada, link, deal)) == [("NOT_FOUND", ["dealId"])]
    await attach(api, world.tokens["cam"], link, deal)
    assert refusals(await detach(api, ada, link, deal)) == [("NOT_FOUND", ["dealId"])]
    document = (
        "query($id: ID!) { sharedDeal(id: $id) { id } node(id: $id) { id } sharedDeals { nodes { id } } }"
    )
    shown = await api.ask(document, ada, id=str(deal.node_id))
    assert (shown["sharedDeal"], shown["node"]) == (None, None)
    assert str(deal.node_id) not in str(shown["sharedDeals"])
    mine = "query($id: ID!) { confirmationLink(id: $id) { deal { id } client { name } stage } }"
    seen = (await api.ask(mine, ada, id=str(link.node_id)))["confirmationLink"]
    assert seen == {"deal": None, "client": {"name": "Acme 0"}, "stage": "ASSIGNED"}


@pytest.mark.rule("B21")
async def test_a_request_is_answered_once(api: Api, world: World, mailbox: Mailbox) -> None:
    link, cam = await world.link(), world.tokens["cam"]
    asked = (await ask_for(api, world.tokens["partner_admin"], link))["attachmentRequest"]
    await decline(api, cam, asked["id"], "The first reason.")
    await mailbox.new()
    again = await decline(api, cam, asked["id"], "Another.")
    assert refusals(again) == [("NOT_PENDING", ["id"])]
    assert again["attachmentRequest"] == {
        "id": asked["id"],
        "status": "DECLINED",
        "declinedBecause": "The first reason.",
    }
    late = await attach(api, cam, link, direct(world), attachmentRequestId=asked["id"])
    assert refusals(late) == [("NOT_PENDING", ["attachmentRequestId"])]
    assert (await world.fresh(link)).deal_id is None
    assert await mailbox.sent() == []


@pytest.mark.rule("B21")
async def test_a_request_is_fulfilled_only_with_its_own_link(api: Api, world: World) -> None:
    link, other, cam = await world.link(), await world.link(name="Other"), world.tokens["cam"]
    asked = (await ask_for(api, world.tokens["partner_admin"], link))["attachmentRequest"]
    for named in (asked["id"], "rubbish", str(link.node_id)):
        payload = await attach(api, cam, other, direct(world), attachmentRequestId=named)
        assert refusals(payload) == [("NOT_FOUND", ["attachmentRequestId"])]
    assert (await world.fresh(other)).deal_id is None
    found = await api.ask(REQUESTS, cam, status="OPEN")
    assert found["attachmentRequests"]["totalCount"] == 1


@pytest.mark.rule("B21", "D12")
async def test_only_cam_and_pdm_decline_and_only_their_partners_requests(api: Api, world: World) -> None:
    link = await world.link()
    asked = (await ask_for(api, world.tokens["partner_admin"], link))["attachmentRequest"]
    stranger = await decline(api, world.tokens["other_cam"], asked["id"])
    assert refusals(stranger) == [("NOT_FOUND", ["id"])]
    document = 'mutation($id: ID!) { declineAttachmentRequest(input: {id: $id, reason: "No"}) { cursor } }'
    for who in ("partner_admin", "staff_admin", "checkout"):
        assert await api.code(document, world.tokens[who], id=asked["id"]) == "FORBIDDEN"
    seen = await api.ask(REQUESTS, world.tokens["other_partner_admin"])
    assert seen["attachmentRequests"] == {"totalCount": 0, "nodes": []}


@pytest.mark.rule("B21")
async def test_only_the_partner_asks_and_only_for_a_link_that_is_free(api: Api, world: World) -> None:
    link, gone, ada = await world.link(), await world.link(name="Rejected"), world.tokens["partner_admin"]
    theirs = await world.link(world.theirs)
    await attach(api, ada, link, world.ours.shared[0])
    await reject(api, gone)
    assert refusals(await ask_for(api, ada, link)) == [("ALREADY_ATTACHED", ["confirmationLinkId"])]
    assert refusals(await ask_for(api, ada, gone)) == [("LINK_REJECTED", ["confirmationLinkId"])]
    assert refusals(await ask_for(api, ada, theirs)) == [("NOT_FOUND", ["confirmationLinkId"])]
    document = (
        "mutation($id: ID!) { requestConfirmationLinkAttachment"
        '(input: {confirmationLinkId: $id, dealName: "D"}) { cursor } }'
    )
    assert await api.code(document, world.tokens["cam"], id=str(link.node_id)) == "FORBIDDEN"
    assert (await api.ask(REQUESTS, ada))["attachmentRequests"]["totalCount"] == 0
