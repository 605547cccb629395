"""Cloning, whatever the status; deleting, only while pending."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.models import rows
from tests.api import Api, refusals
from tests.confirmation_links.steps import (
    LINK,
    all_of,
    attach,
    check_out,
    confirm,
    id_of,
    link_of,
    reject,
    stored,
    token_of,
)  # fmt: skip
from tests.factories import World


@pytest.mark.rule("B35", "C16")
async def test_a_link_in_any_status_is_cloned_as_a_new_pending_one_on_the_same_terms(
    api: Api, world: World
) -> None:
    token = world.tokens["partner_member"]
    terms: dict[str, Any] = {"provides_onboarding": True, "onboarding_duration": "OVER_SIX_MONTHS"}
    for name, decide in {"pending": None, "confirmed": confirm, "rejected": reject}.items():
        link = await world.link(name=name, **terms)
        await attach(api, token, link, world.ours.shared[0])
        if decide:
            await decide(api, link)
        original = await link_of(api, token, link)
        clone = (
            await api.change("cloneConfirmationLink", token, f"confirmationLink {{ {LINK} }}", id=id_of(link))
        )["confirmationLink"]
        assert (clone["name"], clone["status"], clone["stage"], clone["version"]) == (
            f"{name} (copy)",
            "PENDING",
            "UNASSIGNED",
            1,
        )
        assert clone["client"] is clone["deal"] is clone["decision"] is clone["sentAt"] is None
        assert clone["url"] != original["url"]
        assert clone["clonedFrom"] == {"id": original["id"]}
        assert clone["createdBy"] == {"name": world.ours.member.name}
        same = ("products", "providesOnboarding", "onboardingDuration")
        assert [clone[field] for field in same] == [original[field] for field in same]
        assert await link_of(api, token, link) == original


@pytest.mark.rule("C16")
async def test_a_clone_takes_the_name_given_or_the_old_one_shortened_to_fit(api: Api, world: World) -> None:
    names = {None: "Proof for Acme (copy)", " Second ": "Second"}
    link = await world.link()
    for given, kept in names.items():
        payload = await api.change(
            "cloneConfirmationLink",
            world.tokens["partner_admin"],
            "confirmationLink { name }",
            id=id_of(link),
            name=given,
        )
        assert payload["confirmationLink"] == {"name": kept}
    for length, kept in {193: "n" * 193, 194: "n" * 193, 200: "n" * 193}.items():
        long = await world.link(name="n" * length)
        payload = await api.change(
            "cloneConfirmationLink",
            world.tokens["partner_admin"],
            "confirmationLink { name }",
            id=id_of(long),
        )
        assert payload["confirmationLink"] == {"name": f"{kept} (copy)"}


@pytest.mark.rule("C16")
async def test_a_blank_or_long_name_for_a_clone_is_refused(api: Api, world: World) -> None:
    link = await world.link()
    before = await stored(world.database)
    for name, code in {" ": "BLANK", "n" * 201: "TOO_LONG"}.items():
        payload = await api.change(
            "cloneConfirmationLink",
            world.tokens["partner_admin"],
            "confirmationLink { id }",
            id=id_of(link),
            name=name,
        )
        assert refusals(payload) == [(code, ["name"])]
    assert await stored(world.database) == before


@pytest.mark.rule("B36", "C17")
async def test_deleting_a_pending_link_removes_it_from_its_deal_and_its_url_answers_like_none(
    api: Api, world: World
) -> None:
    link, deal, token = await world.link(), world.ours.shared[0], world.tokens["partner_admin"]
    await attach(api, token, link, deal)
    payload = await api.change("deleteConfirmationLink", token, "deletedId cursor", id=id_of(link))
    assert payload["deletedId"] == id_of(link)
    assert await link_of(api, token, link) is None
    found = await api.ask(
        "query($id: ID!) { sharedDeal(id: $id) { proofOfEngagement { id } activities { nodes {"
        " kind confirmationLinkName confirmationLink { id } actorName } } } }", token, id=id_of(deal),
    )  # fmt: skip
    assert found["sharedDeal"]["proofOfEngagement"] == []
    line = {"confirmationLinkName": link.name, "confirmationLink": None, "actorName": world.ours.admin.name}
    assert found["sharedDeal"]["activities"]["nodes"] == [
        line | {"kind": "LINK_DELETED"},
        line | {"kind": "LINK_ATTACHED"},
    ]
    gone, never = token_of(api, link), "A" * 43
    pages = [await api.http.get(f"/c/{token}") for token in (gone, never)]
    assert [page.status_code for page in pages] == [404, 404]
    assert pages[0].text.replace(gone, "") == pages[1].text.replace(never, "")
    asked = [
        await api.ask("query($t: String!) { confirmationInvitation(token: $t) { linkName } }", None, t=t)
        for t in (gone, never)
    ]
    assert asked == [{"confirmationInvitation": None}] * 2


@pytest.mark.rule("C17", "D10")
async def test_the_audit_log_keeps_what_a_deleted_link_was(api: Api, world: World) -> None:
    link, token = await world.link(), world.tokens["partner_admin"]
    await api.change("deleteConfirmationLink", token, "deletedId", id=id_of(link))
    read = await api.ask(
        "{ partner { auditLog(first: 1) { nodes { action actorName subjectId changes { field before after } } }"
        " events { events { kind subjectId subject { id } } } } }", token,
    )  # fmt: skip
    [entry] = read["partner"]["auditLog"]["nodes"]
    assert (entry["action"], entry["subjectId"]) == ("confirmation_link.delete", id_of(link))
    assert {"field": "name", "before": link.name, "after": None} in entry["changes"]
    assert {"field": "products", "before": "MKT-PRO (GUIDED)", "after": None} in entry["changes"]
    told = [(event["kind"], event["subject"]) for event in read["partner"]["events"]["events"]]
    assert told == [("LINK_CREATED", None), ("LINK_DELETED", None)]


@pytest.mark.rule("B36")
async def test_a_decided_link_cannot_be_deleted(api: Api, world: World) -> None:
    link = await world.link()
    await reject(api, link)
    payload = await api.change(
        "deleteConfirmationLink",
        world.tokens["partner_admin"],
        "deletedId confirmationLink { status }",
        id=id_of(link),
    )
    assert refusals(payload) == [("NOT_PENDING", ["id"])]
    assert (payload["deletedId"], payload["confirmationLink"]) == (None, {"status": "REJECTED"})


@pytest.mark.rule("D4")
async def test_deleting_a_stale_version_conflicts(api: Api, world: World) -> None:
    link, token = await world.link(), world.tokens["partner_admin"]
    await api.change("updateConfirmationLink", token, "cursor", id=id_of(link), name="Other")
    payload = await api.change(
        "deleteConfirmationLink",
        token,
        "deletedId confirmationLink { name version }",
        id=id_of(link),
        expectedVersion=1,
    )
    assert refusals(payload) == [("CONFLICT", ["expectedVersion"])]
    assert payload["confirmationLink"] == {"name": "Other", "version": 2}


async def test_a_link_that_was_sent_asked_for_cloned_and_told_of_can_still_be_deleted(
    api: Api, world: World
) -> None:
    link, token = await world.link(), world.tokens["partner_admin"]
    asked = {"confirmationLinkId": id_of(link), "dealName": "Big deal"}
    await api.change("requestConfirmationLinkAttachment", token, "cursor", **asked)
    await attach(api, token, link, world.ours.shared[0])
    await check_out(api, world, world.ours.shared[0])
    clone = await api.change("cloneConfirmationLink", token, "confirmationLink { id }", id=id_of(link))
    await api.http.get(f"/c/{token_of(api, link)}")
    payload = await api.change("deleteConfirmationLink", token, "deletedId", id=id_of(link))
    assert payload == {"deletedId": id_of(link), "userErrors": []}
    assert (await link_of(api, token, clone["confirmationLink"]["id"]))["clonedFrom"] is None
    bell = "{ viewer { notifications { nodes { kind subject { id } } } } }"
    told = (await api.ask(bell, world.tokens["cam"]))["viewer"]["notifications"]["nodes"]
    assert {"kind": "ATTACHMENT_REQUESTED", "subject": None} in told
    assert (await api.ask("{ attachmentRequests { totalCount nodes { id } } }", token))["attachmentRequests"][
        "totalCount"
    ] == 0
    [checkout] = await all_of(world.database, rows.Checkout)
    node = "query($id: ID!) { node(id: $id) { ... on Checkout { confirmationLinks { id } } } }"
    assert (await api.ask(node, world.tokens["checkout"], id=id_of(checkout)))["node"] == {
        "confirmationLinks": []
    }


async def test_deleting_twice_finds_nothing(api: Api, world: World) -> None:
    link, token = await world.link(), world.tokens["partner_admin"]
    await api.change("deleteConfirmationLink", token, "deletedId", id=id_of(link))
    again = await api.change("deleteConfirmationLink", token, "deletedId", id=id_of(link))
    assert refusals(again) == [("NOT_FOUND", ["id"])]
