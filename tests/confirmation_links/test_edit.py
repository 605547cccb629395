"""Editing: only pending links, against the version that was read."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.models import rows
from tests.api import Api, refusals
from tests.confirmation_links.steps import all_of, attach, confirm, id_of, link_of, reject, stored, token_of
from tests.factories import World

FIELDS = """cursor confirmationLink {
  name version providesOnboarding onboardingDuration products { product { code } } updatedAt
}"""


async def edited(api: Api, world: World, link: rows.ConfirmationLink, **given: Any) -> dict[str, Any]:
    return await api.change(
        "updateConfirmationLink", world.tokens["partner_member"], FIELDS, id=id_of(link), **given
    )


@pytest.mark.rule("B34", "C18")
async def test_an_edit_changes_what_it_names_and_moves_the_version(api: Api, world: World) -> None:
    link = await world.link()
    changed = (await edited(api, world, link, products=world.chosen("SALES-ENT", "MKT-PRO")))[
        "confirmationLink"
    ]
    assert (changed["name"], changed["version"]) == (link.name, 2)
    assert [p["product"]["code"] for p in changed["products"]] == ["SALES-ENT", "MKT-PRO"]
    changed = (await edited(api, world, link, name="Other"))["confirmationLink"]
    assert (changed["name"], changed["version"], len(changed["products"])) == ("Other", 3, 2)
    events = await all_of(world.database, rows.AuditEntry, rows.AuditEntry.action == "confirmation_link.edit")
    assert [[change["field"] for change in event.changes] for event in events] == [["products"], ["name"]]


@pytest.mark.rule("C14")
async def test_switching_the_onboarding_off_clears_its_duration(api: Api, world: World) -> None:
    link = await world.link(provides_onboarding=True, onboarding_duration="OVER_SIX_MONTHS")
    changed = (await edited(api, world, link, providesOnboarding=False))["confirmationLink"]
    assert (changed["providesOnboarding"], changed["onboardingDuration"]) == (False, None)
    payload = await edited(api, world, link, providesOnboarding=True)
    assert refusals(payload) == [("DURATION_REQUIRED", ["onboardingDuration"])]
    payload = await edited(api, world, link, onboardingDuration="OVER_SIX_MONTHS")
    assert refusals(payload) == [("DURATION_NOT_ALLOWED", ["onboardingDuration"])]
    payload = await edited(api, world, link, providesOnboarding=False, onboardingDuration="OVER_SIX_MONTHS")
    assert refusals(payload) == [("DURATION_NOT_ALLOWED", ["onboardingDuration"])]


@pytest.mark.rule("C18")
async def test_an_edit_that_changes_nothing_is_none(api: Api, world: World) -> None:
    link = await world.link()
    before, read = await stored(world.database), await link_of(api, world.tokens["partner_admin"], link)
    for same in (
        {},
        {"name": f"  {link.name} "},
        {"products": world.chosen("MKT-PRO")},
        {"providesOnboarding": False},
        {"name": None, "products": None, "providesOnboarding": None, "onboardingDuration": None},
    ):
        payload = await edited(api, world, link, **same)
        assert (payload["userErrors"], payload["confirmationLink"]["version"]) == ([], 1)
    assert await stored(world.database) == before
    assert await link_of(api, world.tokens["partner_admin"], link) == read


@pytest.mark.rule("D4")
async def test_an_edit_of_a_stale_version_conflicts_and_shows_the_link_as_it_stands(
    api: Api, world: World
) -> None:
    link = await world.link()
    await edited(api, world, link, name="First", expectedVersion=1)
    before = await stored(world.database)
    payload = await edited(api, world, link, name="Second", expectedVersion=1)
    assert refusals(payload) == [("CONFLICT", ["expectedVersion"])]
    assert (payload["confirmationLink"]["name"], payload["confirmationLink"]["version"]) == ("First", 2)
    assert payload["cursor"] is None
    assert await stored(world.database) == before
    assert (await edited(api, world, link, name="Second", expectedVersion=2))["userErrors"] == []


@pytest.mark.rule("B34")
async def test_only_pending_links_can_be_edited(api: Api, world: World) -> None:
    for answer in (confirm, reject):
        link = await world.link(name=answer.__name__)
        await answer(api, link)
        payload = await edited(api, world, link, name="Other")
        assert refusals(payload) == [("NOT_PENDING", ["id"])]
        assert (payload["confirmationLink"]["name"], payload["confirmationLink"]["version"]) == (
            answer.__name__,
            1,
        )


@pytest.mark.rule("C18", "B37")
async def test_an_edit_between_reading_and_answering_conflicts_with_the_new_terms(
    api: Api, world: World
) -> None:
    link = await world.link()
    await edited(api, world, link, name="New terms")
    payload = await api.change(
        "confirmEngagement", None, "invitation { linkName version status }", token=token_of(api, link),
        name="Clara", email="clara@acme.example", seenVersion=1,
    )  # fmt: skip
    assert refusals(payload) == [("CONFLICT", ["seenVersion"])]
    assert payload["invitation"] == {"linkName": "New terms", "version": 2, "status": "PENDING"}
    assert (await confirm(api, link, 2))["invitation"] == {"status": "CONFIRMED", "version": 2}


@pytest.mark.rule("C18")
async def test_only_edits_move_the_version(api: Api, world: World) -> None:
    link, token = await world.link(), world.tokens["partner_admin"]
    await attach(api, token, link, world.ours.shared[0])
    await api.change("cloneConfirmationLink", token, "cursor", id=id_of(link))
    await confirm(api, link)
    assert (await link_of(api, token, link))["version"] == 1


@pytest.mark.rule("B20")
async def test_an_edit_of_an_attached_link_shows_in_the_deals_timeline(api: Api, world: World) -> None:
    link, deal = await world.link(), world.ours.shared[0]
    await attach(api, world.tokens["partner_admin"], link, deal)
    await edited(api, world, link, name="Better")
    found = await api.ask(
        "query($id: ID!) { sharedDeal(id: $id) { activities { nodes { kind actorName actor { id } summary } } } }",
        world.tokens["partner_admin"], id=id_of(deal),
    )  # fmt: skip
    newest = found["sharedDeal"]["activities"]["nodes"][0]
    assert (newest["kind"], newest["actorName"]) == ("LINK_EDITED", world.ours.member.name)
    assert newest["actor"]["id"] == id_of(world.ours.member)
    assert "Better" in newest["summary"]


async def test_terms_that_became_invalid_do_not_block_an_edit_of_the_name(api: Api, world: World) -> None:
    link = await world.link()
    withdrawn = {"code": "MKT-PRO", "name": "Marketing Hub Professional", "edition": "PROFESSIONAL"}
    offered = [{"code": "TECHNICAL", "name": "Technical consulting"}]
    await api.change(
        "syncProducts",
        world.tokens["crm_sync"],
        "updated",
        products=[withdrawn | {"onboardingTypes": offered}],
    )
    assert (await edited(api, world, link, name="Other"))["userErrors"] == []
    payload = await edited(api, world, link, products=world.chosen("MKT-PRO"))
    assert refusals(payload) == [("ONBOARDING_TYPE_INVALID", ["products", "0", "onboardingTypeCode"])]
    read = await link_of(api, world.tokens["partner_admin"], link)
    assert read["products"] == [{"product": {"code": "MKT-PRO"}, "onboardingType": {"code": "GUIDED"}}]
