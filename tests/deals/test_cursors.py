"""Every mutation returns the cursor of its change, and the stream tells a partner only of what it may see."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api import Api
from tests.factories import World
from tests.steps import ask_for, attach, check_out, confirm, decline, delete, detach, edit

EVENTS = """query($id: ID, $after: Cursor) { partner(id: $id) { eventCursor
  events(after: $after) { hasMore endCursor events { cursor kind subjectId subject { id } } } } }"""
LOG = """query($id: ID) { partner(id: $id) { auditLog {
  nodes { action subjectId changes { field before after } } } } }"""


async def events(api: Api, who: str, **variables: Any) -> list[dict[str, Any]]:
    """The partner's events."""
    shown = await api.ask(EVENTS, who, **variables)
    found: list[dict[str, Any]] = shown["partner"]["events"]["events"]
    assert shown["partner"]["eventCursor"] == shown["partner"]["events"]["endCursor"]
    return found


@pytest.mark.rule("D2")
async def test_each_mutations_cursor_is_the_position_of_its_event(api: Api, world: World) -> None:
    link, deal, ada = await world.link(), world.ours.shared[0], world.tokens["partner_admin"]
    cursors = [
        (await edit(api, ada, link, name="Edited"))["cursor"],
        (await attach(api, ada, link, deal))["cursor"],
        (await detach(api, ada, link, deal))["cursor"],
        (await attach(api, world.tokens["cam"], link, deal))["cursor"],
        (await check_out(api, world.tokens["checkout"], deal))["cursor"],
        (await delete(api, ada, link))["cursor"],
    ]
    found = await events(api, ada)
    kinds = ["CREATED", "EDITED", "ATTACHED", "DETACHED", "ATTACHED", "SENT", "DELETED"]
    assert [event["kind"] for event in found] == [f"LINK_{kind}" for kind in kinds]
    assert [event["cursor"] for event in found[1:]] == cursors
    assert cursors == sorted(cursors)
    assert {event["subjectId"] for event in found} == {str(link.node_id)}


@pytest.mark.rule("D2", "B21")
async def test_requests_and_their_refusal_have_cursors_too(api: Api, world: World) -> None:
    link, ada = await world.link(), world.tokens["partner_admin"]
    asked = await ask_for(api, ada, link)
    declined = await decline(api, world.tokens["pdm"], asked["attachmentRequest"]["id"])
    found = (await events(api, ada))[1:]
    assert [(event["kind"], event["cursor"]) for event in found] == [
        ("ATTACHMENT_REQUESTED", asked["cursor"]),
        ("ATTACHMENT_DECLINED", declined["cursor"]),
    ]
    assert {event["subjectId"] for event in found} == {asked["attachmentRequest"]["id"]}


@pytest.mark.rule("D2")
async def test_what_changes_nothing_returns_where_the_stream_stood(api: Api, world: World) -> None:
    link, deal, ada = await world.link(), world.ours.shared[0], world.tokens["partner_admin"]
    await attach(api, ada, link, deal)
    await confirm(api, link)
    before = (await events(api, ada))[-1]["cursor"]
    again = await check_out(api, world.tokens["checkout"], deal)
    assert again["cursor"] == before
    refused = await edit(api, ada, link, name="Too late")
    assert refused["cursor"] is None


@pytest.mark.rule("D2", "D12", "B21")
async def test_a_direct_deal_shows_in_the_partners_stream_only_as_the_links_change(
    api: Api, world: World
) -> None:
    link, deal, cam = await world.link(), world.ours.direct, world.tokens["cam"]
    assert deal is not None
    attached = await attach(api, cam, link, deal)
    ada = world.tokens["partner_admin"]
    document = EVENTS.replace("subject { id }", "subject { ... on ConfirmationLink { name deal { id } } }")
    shown = (await api.ask(document, ada))["partner"]["events"]["events"][-1]
    assert (shown["kind"], shown["cursor"]) == ("LINK_ATTACHED", attached["cursor"])
    assert shown["subject"] == {"name": "Proof for Acme", "deal": None}
    as_cam = await api.ask(document, cam, id=str(world.ours.partner.node_id))
    assert as_cam["partner"]["events"]["events"][-1]["subject"]["deal"] == {"id": str(deal.node_id)}


@pytest.mark.rule("D2", "D12", "D10")
async def test_a_direct_deal_is_not_in_the_audit_log_that_the_partner_reads(api: Api, world: World) -> None:
    link, deal, cam = await world.link(), world.ours.direct, world.tokens["cam"]
    assert deal is not None
    await attach(api, cam, link, deal)
    await check_out(api, world.tokens["checkout"], deal)
    await detach(api, cam, link, deal)
    mine = (await api.ask(LOG, world.tokens["partner_admin"]))["partner"]["auditLog"]["nodes"]
    assert [entry["action"].split(".")[1] for entry in mine] == ["detach", "send", "attach", "create"]
    assert str(deal.node_id) not in str(mine)
    assert "ana@acme.example" not in str(mine)
    theirs = (await api.ask(LOG, cam, id=str(world.ours.partner.node_id)))["partner"]["auditLog"]["nodes"]
    assert [entry["action"] for entry in theirs].count("checkout.start") == 1
    assert str(deal.node_id) in str(theirs)
