"""Every change is in the audit log: who, what, before, after, when."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api import Api, refusals
from tests.clock import Clock
from tests.factories import World
from tests.steps import ask_for, attach, check_out, confirm, decline, delete, detach, edit, reject, token_of

LOG = """query($id: ID) { partner(id: $id) { auditLog(first: 100) { totalCount nodes {
  action actorName actor { id name } subjectId occurredAt changes { field before after } } } } }"""


async def log(api: Api, who: str, **variables: Any) -> list[dict[str, Any]]:
    """The log, oldest first."""
    found = (await api.ask(LOG, who, **variables))["partner"]["auditLog"]
    assert found["totalCount"] == len(found["nodes"])
    return list(reversed(found["nodes"]))


def lines(entry: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    """What an entry says that changed."""
    return [(change["field"], change["before"], change["after"]) for change in entry["changes"]]


@pytest.mark.rule("D10")
async def test_creating_editing_and_deleting_say_what_was_before_and_after(api: Api, world: World) -> None:
    link, ada = await world.link(), world.tokens["partner_admin"]
    terms = {"providesOnboarding": True, "onboardingDuration": "OVER_SIX_MONTHS"}
    await edit(api, world.tokens["cam"], link, name="New", products=world.chosen("MKT-STARTER"), **terms)
    await delete(api, ada, link)
    created, edited, deleted = await log(api, ada)
    assert [entry["action"].split(".")[1] for entry in (created, edited, deleted)] == [
        "create",
        "edit",
        "delete",
    ]
    assert {entry["subjectId"] for entry in (created, edited, deleted)} == {str(link.node_id)}
    assert [e["actorName"] for e in (created, edited, deleted)] == [
        "Ada Northwind",
        "Cam Northwind",
        "Ada Northwind",
    ]
    assert ("name", None, "Proof for Acme") in lines(created)
    assert lines(edited) == [
        ("name", "Proof for Acme", "New"),
        ("products", "MKT-PRO (GUIDED)", "MKT-STARTER"),
        ("providesOnboarding", "false", "true"),
        ("onboardingDuration", None, "OVER_SIX_MONTHS"),
    ]
    assert ("name", "New", None) in lines(deleted)


@pytest.mark.rule("D10")
async def test_each_step_of_a_deal_is_there_with_who_did_it(api: Api, world: World) -> None:
    link, deal, ada = await world.link(), world.ours.shared[0], world.tokens["partner_admin"]
    await attach(api, ada, link, deal)
    await check_out(api, world.tokens["checkout"], deal)
    await reject(api, link)
    await detach(api, world.tokens["pdm"], link, deal)
    found = (await log(api, ada))[1:]
    deal_id, client_id = str(deal.node_id), str(world.ours.clients[0].node_id)
    assert [(entry["action"], entry["actorName"], lines(entry)) for entry in found] == [
        ("confirmation_link.attach", "Ada Northwind", [("deal", None, deal_id), ("client", None, client_id)]),
        (
            "checkout.start",
            "Checkout",
            [("deal", None, deal_id), ("recipientEmail", None, "ana@acme.example")],
        ),
        ("confirmation_link.send", "Checkout", [("sentTo", None, "ana@acme.example")]),
        (
            "confirmation_link.reject",
            "Ana Ruiz",
            [("status", "PENDING", "REJECTED"), ("reason", None, "We never met.")],
        ),
        ("confirmation_link.detach", "Pdm Northwind", [("deal", deal_id, None)]),
    ]


@pytest.mark.rule("D10")
async def test_who_is_an_actor_and_of_a_client_only_its_name(api: Api, world: World) -> None:
    link = await world.link()
    await confirm(api, link)
    created, confirmed = await log(api, world.tokens["partner_admin"])
    assert created["actor"] == {"id": str(world.ours.admin.node_id), "name": "Ada Northwind"}
    assert (confirmed["action"], confirmed["actor"]) == ("confirmation_link.confirm", None)
    assert confirmed["actorName"] == "Ana Ruiz"
    assert lines(confirmed) == [("status", "PENDING", "CONFIRMED")]


@pytest.mark.rule("D10", "C22")
async def test_a_view_is_logged_once_and_says_when(api: Api, world: World, clock: Clock) -> None:
    link = await world.link()
    clock.advance(days=2)
    for _ in range(2):
        await api.http.get(f"/c/{token_of(api, link)}")
    created, viewed = await log(api, world.tokens["partner_admin"])
    assert (viewed["action"], viewed["actorName"]) == ("confirmation_link.view", "The client")
    assert created["occurredAt"][:10] < viewed["occurredAt"][:10]


@pytest.mark.rule("D10", "B21")
async def test_requests_and_what_became_of_them_are_there(api: Api, world: World) -> None:
    link, ada, cam = await world.link(), world.tokens["partner_admin"], world.tokens["cam"]
    first = (await ask_for(api, ada, link))["attachmentRequest"]["id"]
    await decline(api, cam, first)
    second = (await ask_for(api, ada, link))["attachmentRequest"]["id"]
    assert world.ours.direct is not None
    await attach(api, cam, link, world.ours.direct, attachmentRequestId=second)
    found = [entry for entry in await log(api, ada) if entry["action"].startswith("attachment_request")]
    assert [(entry["action"].split(".")[1], entry["subjectId"]) for entry in found] == [
        ("create", first),
        ("decline", first),
        ("create", second),
        ("fulfil", second),
    ]
    assert lines(found[1]) == [("status", "OPEN", "DECLINED"), ("reason", None, "Not this deal.")]
    assert lines(found[3]) == [("status", "OPEN", "FULFILLED")]


@pytest.mark.rule("D10")
async def test_what_was_refused_or_changed_nothing_is_not_there(api: Api, world: World) -> None:
    link, deal, ada = await world.link(), world.ours.shared[0], world.tokens["partner_admin"]
    assert refusals(await detach(api, ada, link, deal)) == [("NOT_ATTACHED", ["confirmationLinkId"])]
    await edit(api, ada, link, name="Proof for Acme")
    await check_out(api, world.tokens["checkout"], deal)
    await reject(api, link, reason="")
    await attach(api, ada, link, world.theirs.shared[0])
    assert [entry["action"] for entry in await log(api, ada)] == ["confirmation_link.create"]


@pytest.mark.rule("D10", "D12")
async def test_a_log_is_its_partners_own(api: Api, world: World) -> None:
    await world.link()
    ours, theirs = world.ours.partner, world.theirs.partner
    assert await log(api, world.tokens["other_partner_admin"]) == []
    for who, partner in (("partner_admin", theirs), ("other_cam", ours), ("renewal_manager", ours)):
        assert (await api.ask(LOG, world.tokens[who], id=str(partner.node_id)))["partner"] is None
    assert len(await log(api, world.tokens["staff_admin"], id=str(ours.node_id))) == 1


@pytest.mark.rule("D10", "D12")
async def test_entries_about_direct_deals_are_no_nodes_for_the_partner(api: Api, world: World) -> None:
    link, deal = await world.link(), world.ours.direct
    assert deal is not None
    await attach(api, world.tokens["cam"], link, deal)
    await check_out(api, world.tokens["checkout"], deal)
    document = LOG.replace("nodes {", "nodes { id")
    found = (await api.ask(document, world.tokens["cam"], id=str(world.ours.partner.node_id)))["partner"]
    [started] = [entry for entry in found["auditLog"]["nodes"] if entry["action"] == "checkout.start"]
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert (await api.ask(node, world.tokens["cam"], id=started["id"]))["node"] == {"id": started["id"]}
    assert (await api.ask(node, world.tokens["partner_admin"], id=started["id"]))["node"] is None
