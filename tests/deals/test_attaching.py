"""A link goes on a shared deal, and its client becomes its own."""

from __future__ import annotations

import pytest

from graphql_api.models import rows
from graphql_api.models.by import By
from graphql_api.models.partner import Position
from tests.api import Api, refusals
from tests.factories import World
from tests.steps import attach, check_out, confirm, detach, reject

SECTION = "query($id: ID!) { sharedDeal(id: $id) { name proofOfEngagement { id name url } } }"
VENDORS = "query($id: ID!) { deal(id: $id) { __typename proofOfEngagement { id } } }"


@pytest.mark.rule("B13", "B16", "B22", "C2")
async def test_a_partner_puts_its_link_on_a_shared_deal_whose_client_the_link_gets(
    api: Api, world: World
) -> None:
    link, deal = await world.link(), world.ours.shared[0]
    payload = await attach(api, world.tokens["partner_member"], link, deal)
    assert refusals(payload) == []
    assert payload["deal"] == {
        "id": str(deal.node_id),
        "proofOfEngagement": [{"id": str(link.node_id)}],
    }
    attached = payload["confirmationLink"]
    assert (attached["stage"], attached["client"]["name"]) == ("ASSIGNED", "Acme 0")
    assert (attached["deal"]["id"], attached["version"]) == (str(deal.node_id), 1)


@pytest.mark.rule("B14", "B15", "B17", "C5")
async def test_partner_and_cam_see_on_the_deal_what_is_attached_and_nothing_else(
    api: Api, world: World
) -> None:
    link, deal = await world.link(), world.ours.shared[0]
    await world.link(name="Not attached")
    await attach(api, world.tokens["partner_admin"], link, deal)
    for who in ("partner_member", "cam", "pdm", "staff_admin"):
        shown = await api.ask(SECTION, world.tokens[who], id=str(deal.node_id))
        assert [found["name"] for found in shown["sharedDeal"]["proofOfEngagement"]] == ["Proof for Acme"]
    assert (await api.ask(SECTION, world.tokens["other_cam"], id=str(deal.node_id)))["sharedDeal"] is None


@pytest.mark.rule("C5")
async def test_the_cam_reads_every_link_of_its_partner_attached_or_not(api: Api, world: World) -> None:
    link = await world.link()
    document = "query($id: ID!) { confirmationLink(id: $id) { name deal { id } } }"
    for who in ("cam", "pdm"):
        shown = await api.ask(document, world.tokens[who], id=str(link.node_id))
        assert shown["confirmationLink"] == {"name": "Proof for Acme", "deal": None}


@pytest.mark.rule("C2", "B19")
async def test_a_link_that_was_never_sent_loses_its_client_with_its_deal(api: Api, world: World) -> None:
    link, deal = await world.link(), world.ours.shared[0]
    who = world.tokens["partner_admin"]
    await attach(api, who, link, deal)
    payload = await detach(api, who, link, deal)
    assert payload["deal"]["proofOfEngagement"] == []
    assert payload["confirmationLink"]["client"] is None
    assert payload["confirmationLink"]["stage"] == "UNASSIGNED"
    again = await attach(api, who, link, world.ours.shared[1])
    assert again["confirmationLink"]["client"]["name"] == "Globex 1"


@pytest.mark.rule("C2")
async def test_a_sent_link_keeps_its_client_and_fits_only_that_clients_deals(api: Api, world: World) -> None:
    link, deal = await world.link(), world.ours.shared[0]
    who = world.tokens["partner_admin"]
    await attach(api, who, link, deal)
    await check_out(api, world.tokens["checkout"], deal)
    detached = await detach(api, who, link, deal)
    assert detached["confirmationLink"]["client"]["name"] == "Acme 0"
    for other in (world.ours.shared[1], world.ours.clientless):
        assert other is not None
        assert refusals(await attach(api, who, link, other)) == [("DEAL_MISMATCH", ["dealId"])]
    assert refusals(await attach(api, who, link, deal)) == []


@pytest.mark.rule("B31", "C2")
async def test_what_one_client_answered_by_its_url_is_never_put_on_anothers_deal(
    api: Api, world: World
) -> None:
    link, deal = await world.link(), world.ours.shared[0]
    who = world.tokens["partner_admin"]
    await attach(api, who, link, deal)
    await confirm(api, link)
    detached = await detach(api, who, link, deal)
    assert detached["confirmationLink"]["client"]["name"] == "Acme 0"
    assert refusals(await attach(api, who, link, world.ours.shared[1])) == [("DEAL_MISMATCH", ["dealId"])]
    assert refusals(await attach(api, who, link, deal)) == []


@pytest.mark.rule("C2")
async def test_a_link_on_a_deal_without_a_client_gets_the_client_when_it_is_sent(
    api: Api, world: World
) -> None:
    link, deal = await world.link(), world.ours.clientless
    assert deal is not None
    attached = await attach(api, world.tokens["partner_admin"], link, deal)
    assert attached["confirmationLink"]["stage"] == "UNASSIGNED"
    async with world.database.write(By(None, "CRM")) as writing:
        row = await writing.session.get_one(rows.Deal, deal.id)
        row.client_id = world.ours.clients[2].id
    await check_out(api, world.tokens["checkout"], deal)
    assert (await world.fresh(link)).client_id == world.ours.clients[2].id


@pytest.mark.rule("C2", "C19")
async def test_a_deal_of_another_partner_does_not_fit_even_for_a_cam_of_both(api: Api, world: World) -> None:
    link, deal = await world.link(), world.theirs.shared[0]
    async with world.database.write(By(None, "CRM")) as writing:
        place = (world.theirs.partner.id, Position.PARTNER_DEVELOPMENT_MANAGER)
        (await writing.session.get_one(rows.Assignment, place)).staff_member_id = world.ours.cam.id
    payload = await attach(api, world.tokens["cam"], link, deal)
    assert refusals(payload) == [("DEAL_MISMATCH", ["dealId"])]
    assert (await world.fresh(link)).deal_id is None


@pytest.mark.rule("C19")
async def test_a_link_is_on_one_deal_at_a_time(api: Api, world: World) -> None:
    link, who = await world.link(), world.tokens["partner_admin"]
    await attach(api, who, link, world.ours.shared[0])
    for deal in world.ours.shared[:2]:
        payload = await attach(api, who, link, deal)
        assert refusals(payload) == [("ALREADY_ATTACHED", ["confirmationLinkId"])]
        assert payload["cursor"] is None
    assert (await world.fresh(link)).deal_id == world.ours.shared[0].id


@pytest.mark.rule("C19")
async def test_a_rejected_link_cannot_be_attached(api: Api, world: World) -> None:
    link = await world.link()
    await reject(api, link)
    payload = await attach(api, world.tokens["partner_admin"], link, world.ours.shared[0])
    assert refusals(payload) == [("LINK_REJECTED", ["confirmationLinkId"])]
    assert (await world.fresh(link)).deal_id is None


@pytest.mark.rule("C19", "B19")
async def test_a_confirmed_link_can_be_attached_and_removed_and_that_is_recorded(
    api: Api, world: World
) -> None:
    link, deal, who = await world.link(), world.ours.shared[0], world.tokens["partner_admin"]
    await confirm(api, link)
    assert refusals(await attach(api, who, link, deal)) == []
    assert refusals(await detach(api, who, link, deal)) == []
    document = "query($id: ID!) { sharedDeal(id: $id) { activities { nodes { kind actorName } } } }"
    shown = await api.ask(document, who, id=str(deal.node_id))
    assert shown["sharedDeal"]["activities"]["nodes"] == [
        {"kind": "LINK_DETACHED", "actorName": "Ada Northwind"},
        {"kind": "LINK_ATTACHED", "actorName": "Ada Northwind"},
    ]


@pytest.mark.rule("B19")
async def test_only_the_deal_that_a_link_is_on_can_lose_it(api: Api, world: World) -> None:
    link, who = await world.link(), world.tokens["partner_admin"]
    assert refusals(await detach(api, who, link, world.ours.shared[0])) == [
        ("NOT_ATTACHED", ["confirmationLinkId"])
    ]
    await attach(api, who, link, world.ours.shared[0])
    payload = await detach(api, who, link, world.ours.shared[1])
    assert refusals(payload) == [("NOT_ATTACHED", ["confirmationLinkId"])]
    assert (await world.fresh(link)).deal_id == world.ours.shared[0].id


@pytest.mark.rule("D12", "C19")
async def test_links_and_deals_of_others_are_not_found(api: Api, world: World) -> None:
    ours, theirs = await world.link(), await world.link(world.theirs)
    who, deal = world.tokens["partner_admin"], world.ours.shared[0]
    for verb in (attach, detach):
        other_link = await verb(api, who, theirs, deal)
        other_deal = await verb(api, who, ours, world.theirs.shared[0])
        assert refusals(other_link) == [("NOT_FOUND", ["confirmationLinkId"])]
        assert refusals(other_deal) == [("NOT_FOUND", ["dealId"])]
        assert (other_deal["deal"], other_link["confirmationLink"]) == (None, None)
    assert refusals(await attach(api, who, ours, deal, dealId="\0 no id")) == [("NOT_FOUND", ["dealId"])]


@pytest.mark.rule("B14", "B1")
async def test_who_only_reads_may_not_attach(api: Api, world: World) -> None:
    link = await world.link()
    document = "mutation($i: AttachConfirmationLinkInput!) { attachConfirmationLink(input: $i) { cursor } }"
    given = {"confirmationLinkId": str(link.node_id), "dealId": str(world.ours.shared[0].node_id)}
    for who in ("staff_admin", "checkout", "crm_sync", "renewal_manager"):
        assert await api.code(document, world.tokens[who], i=given) == "FORBIDDEN"
    assert await api.code(document, i=given) == "UNAUTHENTICATED"
    assert (await world.fresh(link)).deal_id is None
