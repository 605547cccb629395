"""A decision keeps a frozen copy of what the client saw and answered."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
import rfc8785

from graphql_api.models import rows
from graphql_api.models.by import By
from graphql_api.models.product import OnboardingType
from tests.api import Api, refusals
from tests.factories import World
from tests.steps import attach, check_out, confirm, reject, token_of

LINK = """query($id: ID!) { confirmationLink(id: $id) {
  decision { evidence evidenceHash decidedAt } preview { html name partnerName } } }"""
INVITATION = """query($token: String!) { confirmationInvitation(token: $token) {
  linkName partnerName clientName products { product { code } } } }"""


async def kept(api: Api, world: World, link: rows.ConfirmationLink) -> dict[str, Any]:
    """The decision with its evidence."""
    shown = await api.ask(LINK, world.tokens["partner_admin"], id=str(link.node_id))
    decision: dict[str, Any] = shown["confirmationLink"]["decision"]
    return decision


async def rename_everything(world: World) -> None:
    """Another product, partner, client and type of onboarding by name."""
    async with world.database.write(By(None, "CRM")) as writing:
        get = writing.session.get_one
        product = world.products["MKT-PRO"]
        (await get(rows.Product, product.id)).name = "Renamed Hub"
        (await get(OnboardingType, (product.id, "GUIDED"))).name = "Renamed onboarding"
        (await get(rows.Partner, world.ours.partner.id)).name = "Renamed Digital"
        (await get(rows.Client, world.ours.clients[0].id)).name = "Renamed client"


@pytest.mark.rule("D7")
async def test_the_evidence_is_canonical_json_and_its_hash_is_its_sha_256(api: Api, world: World) -> None:
    link = await world.link(name="Prueba “ñ” \u2028 <b>&amp;")
    await reject(api, link, name="Zoë \U0001f600", reason="No\n\tnever")
    decision = await kept(api, world, link)
    evidence = decision["evidence"]
    assert evidence.encode() == rfc8785.dumps(json.loads(evidence))
    assert decision["evidenceHash"] == hashlib.sha256(evidence.encode()).hexdigest()
    answered = json.loads(evidence)["answered"]
    assert (answered["name"], answered["reason"], answered["status"]) == (
        "Zoë \U0001f600",
        "No\n\tnever",
        "REJECTED",
    )
    assert answered["email"] == "ana@acme.example"
    assert answered["at"][:19] == decision["decidedAt"][:19]


@pytest.mark.rule("D7")
async def test_the_evidence_holds_what_the_client_saw(api: Api, world: World) -> None:
    link = await world.link(provides_onboarding=True, onboarding_duration="UNDER_ONE_MONTH")
    await attach(api, world.tokens["partner_admin"], link, world.ours.shared[0])
    await confirm(api, link)
    seen = json.loads((await kept(api, world, link))["evidence"])["seen"]
    assert (seen["confirmationLink"], seen["version"]) == (str(link.node_id), 1)
    assert seen["statement"] == {
        "linkName": "Proof for Acme",
        "partnerName": "Northwind Digital",
        "clientName": "Acme 0",
        "products": [
            {
                "code": "MKT-PRO",
                "name": "Marketing Hub Professional",
                "edition": "PROFESSIONAL",
                "onboardingTypeCode": "GUIDED",
                "onboardingTypeName": "Guided onboarding",
            }
        ],
        "providesOnboarding": True,
        "onboardingDuration": "UNDER_ONE_MONTH",
    }


@pytest.mark.rule("D7", "B33")
async def test_after_a_renaming_evidence_page_preview_and_invitation_show_what_was_answered(
    api: Api, world: World
) -> None:
    link = await world.link()
    await attach(api, world.tokens["partner_admin"], link, world.ours.shared[0])
    await confirm(api, link)
    before = await kept(api, world, link)
    await rename_everything(world)
    assert await kept(api, world, link) == before
    invitation = (await api.ask(INVITATION, token=token_of(api, link)))["confirmationInvitation"]
    assert invitation == {
        "linkName": "Proof for Acme",
        "partnerName": "Northwind Digital",
        "clientName": "Acme 0",
        "products": [{"product": {"code": "MKT-PRO"}}],
    }
    shown = await api.ask(LINK, world.tokens["partner_admin"], id=str(link.node_id))
    preview = shown["confirmationLink"]["preview"]
    assert preview["partnerName"] == "Northwind Digital"
    for html in (preview["html"], (await api.http.get(f"/c/{token_of(api, link)}")).text):
        assert "Renamed" not in html
        assert "Guided onboarding" in html


@pytest.mark.rule("D7", "C18")
async def test_nobody_confirms_names_that_were_not_shown(api: Api, world: World) -> None:
    link = await world.link()
    asked = "query($token: String!) { confirmationInvitation(token: $token) { version statementHash } }"
    shown = (await api.ask(asked, token=token_of(api, link)))["confirmationInvitation"]
    await rename_everything(world)
    now = (await api.ask(asked, token=token_of(api, link)))["confirmationInvitation"]
    assert now["version"] == shown["version"] == 1
    for verb in (confirm, reject):
        payload = await verb(api, link, seenStatementHash=shown["statementHash"])
        assert refusals(payload) == [("CONFLICT", ["seenStatementHash"])]
        assert payload["invitation"]["status"] == "PENDING"
    assert await kept(api, world, link) is None
    assert refusals(await confirm(api, link, seenStatementHash=now["statementHash"])) == []
    stated = json.loads((await kept(api, world, link))["evidence"])["seen"]["statement"]
    assert stated["partnerName"] == "Renamed Digital"


@pytest.mark.rule("D7", "B33")
async def test_while_pending_the_page_follows_the_catalogue(api: Api, world: World) -> None:
    link = await world.link()
    await rename_everything(world)
    page = await api.http.get(f"/c/{token_of(api, link)}")
    for words in ("Renamed Hub", "Renamed onboarding", "Renamed Digital"):
        assert words in page.text


@pytest.mark.rule("D7", "C19")
async def test_what_happens_to_a_confirmed_link_afterwards_leaves_its_evidence_alone(
    api: Api, world: World
) -> None:
    link = await world.link()
    await confirm(api, link)
    before = await kept(api, world, link)
    await attach(api, world.tokens["partner_admin"], link, world.ours.shared[0])
    await check_out(api, world.tokens["checkout"], world.ours.shared[0])
    assert await kept(api, world, link) == before
