"""The client's one answer."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.models import rows
from tests.api import Api, refusals
from tests.factories import World
from tests.mailbox import Mailbox
from tests.steps import attach, confirm, delete, edit, reject, token_of

INVITATION = """query($token: String!) { confirmationInvitation(token: $token) {
  linkName partnerName clientName providesOnboarding onboardingDuration status decidedAt version
  products { product { code name requiresOnboarding } onboardingType { code name } } } }"""
LINK = """query($id: ID!) { confirmationLink(id: $id) { status stage viewedAt version
  decision { status decidedAt decidedByName decidedByEmail reason } } }"""


async def seen(api: Api, world: World, link: rows.ConfirmationLink) -> dict[str, Any]:
    """The link as its partner sees it."""
    shown = await api.ask(LINK, world.tokens["partner_member"], id=str(link.node_id))
    found: dict[str, Any] = shown["confirmationLink"]
    return found


@pytest.mark.rule("B31", "B37", "C20", "B27")
async def test_who_holds_the_url_confirms_with_name_and_address(api: Api, world: World) -> None:
    link = await world.link()
    payload = await confirm(api, link, name="  Ana   Ruiz ", email="Ana@ACME.example")
    assert refusals(payload) == []
    assert (payload["invitation"]["status"], payload["invitation"]["version"]) == ("CONFIRMED", 1)
    shown = await seen(api, world, link)
    assert (shown["status"], shown["stage"]) == ("CONFIRMED", "DECIDED")
    assert shown["decision"]["decidedAt"] == payload["invitation"]["decidedAt"]
    assert shown["decision"] | {"decidedAt": None} == {
        "status": "CONFIRMED",
        "decidedAt": None,
        "decidedByName": "Ana Ruiz",
        "decidedByEmail": "ana@acme.example",
        "reason": None,
    }


@pytest.mark.rule("B32", "B37")
async def test_a_rejection_keeps_its_reason(api: Api, world: World) -> None:
    link = await world.link()
    payload = await reject(api, link, reason=" Not us.\n\nReally. ")
    assert payload["invitation"]["status"] == "REJECTED"
    decision = (await seen(api, world, link))["decision"]
    assert (decision["status"], decision["reason"]) == ("REJECTED", "Not us.\n\nReally.")


@pytest.mark.rule("B37")
async def test_a_rejection_without_a_reason_is_none(api: Api, world: World) -> None:
    link = await world.link()
    for reason in ("", "  \n ", "\0\x07"):
        assert refusals(await reject(api, link, reason=reason)) == [("REASON_REQUIRED", ["reason"])]
    assert (await seen(api, world, link))["status"] == "PENDING"


@pytest.mark.rule("C20", "B37")
async def test_the_first_answer_stands_and_every_later_one_sees_it(api: Api, world: World) -> None:
    link = await world.link()
    await confirm(api, link)
    for again in (
        await reject(api, link, name="Bo"),
        await confirm(api, link, name="", email="x", seenVersion=9),
        await confirm(api, link),
    ):
        assert refusals(again) == [("NOT_PENDING", ["token"])]
        assert again["invitation"]["status"] == "CONFIRMED"
    assert (await seen(api, world, link))["decision"]["decidedByName"] == "Ana Ruiz"


@pytest.mark.rule("C18")
async def test_an_answer_to_older_terms_decides_nothing_and_shows_the_new(api: Api, world: World) -> None:
    link = await world.link()
    await edit(api, world.tokens["partner_admin"], link, name="New terms")
    for stale in (1, 0, -1, 3, 2**31 - 1):
        payload = await confirm(api, link, seenVersion=stale)
        assert refusals(payload) == [("CONFLICT", ["seenVersion"])]
        assert (payload["invitation"]["linkName"], payload["invitation"]["version"]) == ("New terms", 2)
    assert (await seen(api, world, link))["status"] == "PENDING"
    assert refusals(await confirm(api, link, seenVersion=2)) == []


@pytest.mark.rule("C18")
async def test_only_edits_move_the_version(api: Api, world: World) -> None:
    link = await world.link()
    await attach(api, world.tokens["partner_admin"], link, world.ours.shared[0])
    await edit(api, world.tokens["partner_admin"], link, name="Proof for Acme")
    assert refusals(await confirm(api, link, seenVersion=1)) == []
    assert (await seen(api, world, link))["version"] == 1


@pytest.mark.rule("C20")
async def test_who_answers_is_checked_all_at_once(api: Api, world: World) -> None:
    link = await world.link()
    payload = await reject(api, link, name="", email="nobody", reason="")
    assert refusals(payload) == [("BLANK", ["name"]), ("INVALID", ["email"]), ("REASON_REQUIRED", ["reason"])]
    long = await reject(api, link, name="N" * 10_000, email="e" * 10_000, reason="R" * 10_000)
    assert refusals(long) == [
        (code, [f]) for code, f in (("TOO_LONG", f) for f in ("name", "email", "reason"))
    ]
    assert (payload["invitation"], (await seen(api, world, link))["status"]) == (None, "PENDING")


@pytest.mark.rule("C20", "C17", "D12")
async def test_tokens_that_name_nothing_are_not_found_deleted_and_made_up_alike(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    link = await world.link()
    token = token_of(api, link)
    await delete(api, world.tokens["partner_admin"], link)
    await mailbox.new()
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    for wrong in (token, changed, "", "x", "\0" * 43, "é" * 43, token + "=", "x" * 10_000, str(link.id)):
        payload = await confirm(api, link, token=wrong)
        assert refusals(payload) == [("NOT_FOUND", ["token"])]
        assert payload["userErrors"][0]["message"] == "not found"
        assert (await api.ask(INVITATION, token=wrong))["confirmationInvitation"] is None
    assert await mailbox.sent() == []


@pytest.mark.rule("C22", "B33")
async def test_the_invitation_shows_the_terms_and_records_no_view(api: Api, world: World) -> None:
    link = await world.link(products=[(world.products["SALES-ENT"].id, "TECHNICAL")])
    await attach(api, world.tokens["partner_admin"], link, world.ours.shared[0])
    for _ in range(2):
        shown = (await api.ask(INVITATION, token=token_of(api, link)))["confirmationInvitation"]
    assert (shown["linkName"], shown["partnerName"], shown["clientName"]) == (
        "Proof for Acme",
        "Northwind Digital",
        "Acme 0",
    )
    [product] = shown["products"]
    assert product["product"]["code"] == "SALES-ENT"
    assert product["onboardingType"] == {"code": "TECHNICAL", "name": "Technical consulting"}
    assert (shown["status"], shown["decidedAt"], shown["version"]) == ("PENDING", None, 1)
    assert (await seen(api, world, link))["viewedAt"] is None


@pytest.mark.rule("C22", "C1")
async def test_opening_the_page_records_the_first_view_and_decides_nothing(api: Api, world: World) -> None:
    link = await world.link()
    for _ in range(3):
        page = await api.http.get(f"/c/{token_of(api, link)}")
        assert page.status_code == 200
    shown = await seen(api, world, link)
    assert (shown["status"], shown["stage"], shown["version"]) == ("PENDING", "VIEWED", 1)
    document = "{ partner { events { events { kind } } } }"
    events = await api.ask(document, world.tokens["partner_admin"])
    kinds = [event["kind"] for event in events["partner"]["events"]["events"]]
    assert kinds == ["LINK_CREATED", "LINK_VIEWED"]
