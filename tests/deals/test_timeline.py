"""A deal's timeline: who, what, when, of every change of its proof of engagement."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.models import rows
from graphql_api.models.by import By
from tests.api import Api, refusals
from tests.clock import Clock
from tests.factories import World
from tests.steps import attach, check_out, confirm, delete, detach, edit, reject

TIMELINE = """query($id: ID!) { sharedDeal(id: $id) { activities(last: 100) { totalCount nodes {
  kind actorName actor { name } summary confirmationLinkName confirmationLink { id } occurredAt deal { id }
} } } }"""


async def timeline(api: Api, who: str, deal: rows.Deal) -> list[dict[str, Any]]:
    """The deal's timeline, oldest first."""
    shown = await api.ask(TIMELINE, who, id=str(deal.node_id))
    return list(reversed(shown["sharedDeal"]["activities"]["nodes"]))


@pytest.mark.rule("B20")
async def test_every_change_stands_there_with_who_and_what(api: Api, world: World) -> None:
    link, deal = await world.link(), world.ours.shared[0]
    ada, cam = world.tokens["partner_admin"], world.tokens["cam"]
    await attach(api, cam, link, deal)
    await edit(api, ada, link, name="Proof, edited")
    await check_out(api, world.tokens["checkout"], deal)
    await confirm(api, link, seenVersion=2)
    await detach(api, ada, link, deal)
    assert [
        (line["kind"], line["actorName"], line["summary"]) for line in await timeline(api, ada, deal)
    ] == [
        ("LINK_ATTACHED", "Cam Northwind", "Cam Northwind attached “Proof for Acme”"),
        ("LINK_EDITED", "Ada Northwind", "Ada Northwind edited “Proof, edited”"),
        ("LINK_SENT", "Checkout", "Checkout sent “Proof, edited” to the client"),
        ("LINK_CONFIRMED", "Ana Ruiz", "Ana Ruiz confirmed “Proof, edited”"),
        ("LINK_DETACHED", "Ada Northwind", "Ada Northwind removed “Proof, edited”"),
    ]


@pytest.mark.rule("B20")
async def test_each_line_says_when_and_of_which_deal_and_link(api: Api, world: World, clock: Clock) -> None:
    link, deal, ada = await world.link(), world.ours.shared[0], world.tokens["partner_admin"]
    await attach(api, ada, link, deal)
    clock.advance(hours=3)
    await reject(api, link)
    attached, rejected = await timeline(api, ada, deal)
    assert attached["occurredAt"] < rejected["occurredAt"]
    assert (await world.fresh(link)).updated_at.strftime("%Y-%m-%dT%H:%M:%S") == rejected["occurredAt"][:19]
    assert attached["actor"] == {"name": "Ada Northwind"}
    assert (rejected["actor"], rejected["actorName"]) == (None, "Ana Ruiz")
    assert rejected["deal"] == {"id": str(deal.node_id)}
    assert rejected["confirmationLink"] == {"id": str(link.node_id)}


@pytest.mark.rule("B20", "B36", "C17")
async def test_a_deleted_link_leaves_its_name_behind(api: Api, world: World) -> None:
    link, deal, ada = await world.link(), world.ours.shared[0], world.tokens["partner_admin"]
    await attach(api, ada, link, deal)
    assert refusals(await delete(api, ada, link)) == []
    lines = await timeline(api, ada, deal)
    assert [(line["kind"], line["confirmationLinkName"], line["confirmationLink"]) for line in lines] == [
        ("LINK_ATTACHED", "Proof for Acme", None),
        ("LINK_DELETED", "Proof for Acme", None),
    ]
    document = "query($id: ID!) { sharedDeal(id: $id) { proofOfEngagement { id } } }"
    shown = await api.ask(document, ada, id=str(deal.node_id))
    assert shown["sharedDeal"]["proofOfEngagement"] == []


@pytest.mark.rule("B20")
async def test_what_happens_off_the_deal_is_not_on_its_timeline(api: Api, world: World) -> None:
    link, deal, ada = await world.link(), world.ours.shared[0], world.tokens["partner_admin"]
    await edit(api, ada, link, name="Before")
    await attach(api, ada, link, deal)
    await detach(api, ada, link, deal)
    await edit(api, ada, link, name="After")
    await confirm(api, link, seenVersion=3)
    kinds = [line["kind"] for line in await timeline(api, ada, deal)]
    assert kinds == ["LINK_ATTACHED", "LINK_DETACHED"]


@pytest.mark.rule("B20")
async def test_what_was_refused_leaves_no_line(api: Api, world: World) -> None:
    link, deal, ada = await world.link(), world.ours.shared[0], world.tokens["partner_admin"]
    await attach(api, ada, link, deal)
    await attach(api, ada, link, deal)
    await edit(api, ada, link, name="  ")
    await edit(api, ada, link, name="Proof for Acme")
    await reject(api, link, reason="")
    await detach(api, ada, link, world.ours.shared[1])
    assert [line["kind"] for line in await timeline(api, ada, deal)] == ["LINK_ATTACHED"]


@pytest.mark.rule("D12", "B20")
async def test_a_deals_next_partner_does_not_see_what_was_before(api: Api, world: World) -> None:
    link, deal = await world.link(), world.ours.shared[0]
    ours, theirs = world.tokens["partner_admin"], world.tokens["other_partner_admin"]
    await attach(api, ours, link, deal)
    await detach(api, ours, link, deal)
    key = (await api.ask("query($id: ID!) { sharedDeal(id: $id) { activities(first: 1) { nodes { id } } } }", ours,
           id=str(deal.node_id)))["sharedDeal"]["activities"]["nodes"][0]["id"]  # fmt: skip
    async with world.database.write(By(None, "CRM")) as writing:
        row = await writing.session.get_one(rows.Deal, deal.id)
        row.partner_id, row.client_id = world.theirs.partner.id, world.theirs.clients[0].id
    assert await timeline(api, theirs, deal) == []
    for who in (theirs, world.tokens["other_cam"], ours):
        assert await api.ask("query($id: ID!) { node(id: $id) { id } }", who, id=key) == {"node": None}
    theirs_link = await world.link(world.theirs)
    await attach(api, theirs, theirs_link, deal)
    assert [line["kind"] for line in await timeline(api, theirs, deal)] == ["LINK_ATTACHED"]
    assert len(await timeline(api, world.tokens["staff_admin"], deal)) == 3
