"""Creating links: one call, and what it must hold."""

from __future__ import annotations

import pytest

from tests.api import Api, refusals
from tests.confirmation_links.steps import LINK, link_of, stored
from tests.factories import World

DURATIONS = [
    "UNDER_ONE_MONTH",
    "ONE_TO_TWO_MONTHS",
    "TWO_TO_THREE_MONTHS",
    "THREE_TO_SIX_MONTHS",
    "OVER_SIX_MONTHS",
]


@pytest.mark.rule("B2", "B3", "B6", "B12", "C13")
async def test_one_call_creates_a_link_with_products_onboarding_and_name(api: Api, world: World) -> None:
    payload = await api.change(
        "createConfirmationLink", world.tokens["partner_member"], f"cursor confirmationLink {{ {LINK} }}",
        name="  Proof \t for\nAcme ", products=world.chosen("MKT-STARTER", "SALES-ENT"),
        providesOnboarding=True, onboardingDuration="ONE_TO_TWO_MONTHS",
    )  # fmt: skip
    link = payload["confirmationLink"]
    assert payload["userErrors"] == []
    assert payload["cursor"]
    assert (link["name"], link["status"], link["stage"], link["version"]) == (
        "Proof for Acme",
        "PENDING",
        "UNASSIGNED",
        1,
    )
    assert [p["product"]["code"] for p in link["products"]] == ["MKT-STARTER", "SALES-ENT"]
    assert [p["onboardingType"] for p in link["products"]] == [None, {"code": "GUIDED"}]
    assert (link["providesOnboarding"], link["onboardingDuration"]) == (True, "ONE_TO_TWO_MONTHS")
    assert (link["partner"]["name"], link["createdBy"]["name"]) == (
        "Northwind Digital",
        world.ours.member.name,
    )
    assert link["client"] is link["deal"] is link["decision"] is link["sentAt"] is link["viewedAt"] is None
    assert await link_of(api, world.tokens["partner_admin"], link["id"]) == link


@pytest.mark.rule("B1", "B3")
@pytest.mark.parametrize("who", ["partner_admin", "partner_member", "cam", "pdm"])
async def test_a_partners_users_its_cam_and_its_pdm_create_links(api: Api, world: World, who: str) -> None:
    named = {"partnerId": str(world.ours.partner.node_id)} if who in {"cam", "pdm"} else {}
    payload = await api.change(
        "createConfirmationLink", world.tokens[who], "confirmationLink { partner { name } }",
        name="Proof", products=world.chosen("MKT-PRO"), **named,
    )  # fmt: skip
    assert payload == {"confirmationLink": {"partner": {"name": "Northwind Digital"}}, "userErrors": []}


async def test_staff_must_say_for_which_partner(api: Api, world: World) -> None:
    payload = await api.change(
        "createConfirmationLink",
        world.tokens["cam"],
        "confirmationLink { id }",
        name="Proof",
        products=world.chosen("MKT-PRO"),
    )
    assert refusals(payload) == [("BLANK", ["partnerId"])]


@pytest.mark.rule("B7")
async def test_a_link_needs_at_least_one_product(api: Api, world: World) -> None:
    before = await stored(world.database)
    payload = await api.change(
        "createConfirmationLink",
        world.tokens["partner_admin"],
        "confirmationLink { id } cursor",
        name="Proof",
        products=[],
    )
    assert refusals(payload) == [("NO_PRODUCTS", ["products"])]
    assert payload["confirmationLink"] is payload["cursor"] is None
    assert await stored(world.database) == before


@pytest.mark.rule("B8", "C14")
@pytest.mark.parametrize("code", ["MKT-PRO", "SALES-ENT"])
@pytest.mark.parametrize("provides", [True, False])
async def test_a_professional_or_enterprise_product_requires_an_onboarding_type(
    api: Api, world: World, code: str, *, provides: bool
) -> None:
    payload = await api.change(
        "createConfirmationLink", world.tokens["partner_admin"], "confirmationLink { id }",
        name="Proof", products=[*world.chosen("MKT-STARTER"), {"productId": world.product(code)}],
        providesOnboarding=provides, onboardingDuration="OVER_SIX_MONTHS" if provides else None,
    )  # fmt: skip
    assert refusals(payload) == [("ONBOARDING_REQUIRED", ["products", "1", "onboardingTypeCode"])]


@pytest.mark.rule("B8")
@pytest.mark.parametrize("code", [None, "GUIDED"])
async def test_a_starter_product_may_have_an_onboarding_type_or_none(
    api: Api, world: World, code: str | None
) -> None:
    payload = await api.change(
        "createConfirmationLink", world.tokens["partner_admin"],
        "confirmationLink { products { onboardingType { code } } }",
        name="Proof", products=[{"productId": world.product("MKT-STARTER"), "onboardingTypeCode": code}],
    )  # fmt: skip
    assert payload["confirmationLink"]["products"] == [{"onboardingType": code and {"code": code}}]


@pytest.mark.rule("B7")
@pytest.mark.parametrize("code", ["FREESTYLE", "", "guided", "GUIDED\x00"])
async def test_the_onboarding_type_is_one_that_the_product_offers(api: Api, world: World, code: str) -> None:
    payload = await api.change(
        "createConfirmationLink", world.tokens["partner_admin"], "confirmationLink { id }",
        name="Proof", products=[{"productId": world.product("MKT-PRO"), "onboardingTypeCode": code}],
    )  # fmt: skip
    assert refusals(payload) == [("ONBOARDING_TYPE_INVALID", ["products", "0", "onboardingTypeCode"])]


@pytest.mark.rule("B9", "B10")
@pytest.mark.parametrize("duration", DURATIONS)
async def test_who_provides_the_onboarding_says_how_long_it_takes(
    api: Api, world: World, duration: str
) -> None:
    payload = await api.change(
        "createConfirmationLink", world.tokens["partner_admin"],
        "confirmationLink { providesOnboarding onboardingDuration }",
        name="Proof", products=world.chosen("MKT-PRO"), providesOnboarding=True, onboardingDuration=duration,
    )  # fmt: skip
    assert payload["confirmationLink"] == {"providesOnboarding": True, "onboardingDuration": duration}


@pytest.mark.rule("C14")
@pytest.mark.parametrize(
    ("provides", "duration", "code"),
    [(True, None, "DURATION_REQUIRED"), (False, "OVER_SIX_MONTHS", "DURATION_NOT_ALLOWED")],
)
async def test_a_duration_goes_with_an_onboarding_and_only_with_one(
    api: Api, world: World, *, provides: bool, duration: str | None, code: str
) -> None:
    payload = await api.change(
        "createConfirmationLink", world.tokens["partner_admin"], "confirmationLink { id }",
        name="Proof", products=world.chosen("MKT-PRO"), providesOnboarding=provides, onboardingDuration=duration,
    )  # fmt: skip
    assert refusals(payload) == [(code, ["onboardingDuration"])]


@pytest.mark.rule("B10")
async def test_a_duration_off_the_list_is_bad_input(api: Api, world: World) -> None:
    given = {
        "name": "Proof",
        "products": world.chosen("MKT-PRO"),
        "providesOnboarding": True,
        "onboardingDuration": "LONG",
    }
    document = (
        "mutation($input: CreateConfirmationLinkInput!) { createConfirmationLink(input: $input) { cursor } }"
    )
    assert await api.code(document, world.tokens["partner_admin"], input=given) == "BAD_USER_INPUT"


@pytest.mark.rule("C15")
async def test_products_and_their_onboarding_types_are_data(api: Api, world: World) -> None:
    given = {
        "code": "DATA-PRO", "name": "Data Hub", "edition": "PROFESSIONAL",
        "onboardingTypes": [{"code": "NEW", "name": "A new way"}],
    }  # fmt: skip
    synced = await api.change("syncProducts", world.tokens["crm_sync"], "created", products=[given])
    assert synced == {"created": 1, "userErrors": []}
    listed = (
        await api.ask("{ products { id code onboardingTypes { code } } }", world.tokens["partner_member"])
    )["products"]
    [added] = [product for product in listed if product["code"] == "DATA-PRO"]
    payload = await api.change(
        "createConfirmationLink", world.tokens["partner_member"],
        "confirmationLink { products { onboardingType { name } } }",
        name="Proof", products=[{"productId": added["id"], "onboardingTypeCode": "NEW"}],
    )  # fmt: skip
    assert payload["confirmationLink"] == {"products": [{"onboardingType": {"name": "A new way"}}]}


async def test_the_position_of_the_change_comes_back(api: Api, world: World) -> None:
    payload = await api.change(
        "createConfirmationLink", world.tokens["partner_admin"], "cursor confirmationLink { id }",
        name="Proof", products=world.chosen("MKT-PRO"),
    )  # fmt: skip
    read = await api.ask(
        "{ partner { eventCursor events { endCursor events { kind subjectId } } } }", world.tokens["cam"]
    )
    assert read["partner"] is None
    read = await api.ask(
        "{ partner { eventCursor events { endCursor events { kind subjectId } } } }",
        world.tokens["partner_admin"],
    )
    assert read["partner"]["eventCursor"] == read["partner"]["events"]["endCursor"] == payload["cursor"]
    assert read["partner"]["events"]["events"] == [
        {"kind": "LINK_CREATED", "subjectId": payload["confirmationLink"]["id"]}
    ]
