"""What a sync leaves out stays as it was, also where the schema has a default for it: that is what a new row gets."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.models import rows
from graphql_api.models.actor import Locale, Role
from graphql_api.models.renewal import RenewalStatus
from tests.api import Api
from tests.factories import World
from tests.renewals.steps import renewal_of
from tests.setting import set_rows

ADA = {"email": "ada@northwind.example", "name": "Ada Northwind"}
BY_VARIABLE = """mutation($users: [SyncPartnerUserInput!]!) {
  syncPartners(input: { partners: [{ %s, users: $users }] }) %s }"""
BY_LITERAL = "mutation { syncPartners(input: { partners: [{ %s, users: [{ %s }] }] }) %s }"
PARTNER = 'externalId: "northwind", name: "Northwind Digital"'
COUNTS = "{ created updated unchanged userErrors { code } }"


async def as_literal(api: Api, world: World, **user: str) -> Any:
    written = ", ".join(f'{name}: "{value}"' for name, value in user.items())
    answer = await api.ask(BY_LITERAL % (PARTNER, written, COUNTS), world.tokens["crm_sync"])
    return answer["syncPartners"]


async def as_variable(api: Api, world: World, **user: Any) -> Any:
    answer = await api.ask(BY_VARIABLE % (PARTNER, COUNTS), world.tokens["crm_sync"], users=[user])
    return answer["syncPartners"]


@pytest.mark.parametrize("bring_in", [as_literal, as_variable])
async def test_a_user_whose_role_and_state_are_left_out_keeps_them(
    api: Api, world: World, bring_in: Any
) -> None:
    kept = {"role": Role.ADMIN, "is_active": False, "locale": Locale.ES}
    await set_rows(world.database, rows.Actor, rows.Actor.id == world.ours.admin.id, **kept)
    assert (await bring_in(api, world, **ADA))["unchanged"] == 1
    assert (await bring_in(api, world, **ADA | {"name": "Ada N."}))["updated"] == 1
    ada = await world.fresh(world.ours.admin)
    assert {name: getattr(ada, name) for name in kept} == kept


async def test_what_is_given_is_taken_though_it_is_the_default(api: Api, world: World) -> None:
    kept = {"role": Role.ADMIN, "is_active": False, "locale": Locale.ES}
    await set_rows(world.database, rows.Actor, rows.Actor.id == world.ours.admin.id, **kept)
    given = {"role": "MEMBER", "isActive": True, "locale": "EN"}
    assert (await as_variable(api, world, **ADA, **given))["updated"] == 1
    ada = await world.fresh(world.ours.admin)
    assert (ada.role, ada.is_active, ada.locale) == (Role.MEMBER, True, Locale.EN)


async def test_a_new_user_gets_the_defaults(api: Api, world: World) -> None:
    await as_literal(api, world, email="new@northwind.example", name="New")
    read = "{ partner { users { email role isActive locale } } }"
    users = (await api.ask(read, world.tokens["partner_admin"]))["partner"]["users"]
    [new] = [user for user in users if user["email"] == "new@northwind.example"]
    assert (new["role"], new["isActive"], new["locale"]) == ("MEMBER", True, "EN")


async def test_a_renewal_and_a_contact_keep_what_is_left_out(api: Api, world: World) -> None:
    client, crm = world.ours.clients[0], world.tokens["crm_sync"]
    renewal = await renewal_of(world, client, 30, RenewalStatus.RENEWED, external_id="R-1")
    row: dict[str, Any] = {
        "externalId": "R-1",
        "clientExternalId": client.external_id,
        "productCodes": [],
        "renewsOn": "2030-01-01",
    }
    done = await api.change("syncRenewals", crm, "updated", renewals=[row])
    assert (done["updated"], (await world.fresh(renewal)).status) == (1, RenewalStatus.RENEWED)
    ana = {"email": "ana@acme.example", "name": "Ana", "roles": ["PRIMARY"]}
    named = {"externalId": client.external_id, "partnerExternalId": "northwind", "name": client.name}
    for contact in ({**ana, "locale": "ES"}, {**ana, "name": "Ana A."}):
        await api.change("syncClients", crm, "updated", clients=[{**named, "contacts": [contact]}])
    read = await api.ask("{ clients { nodes { contacts { name locale } } } }", world.tokens["partner_admin"])
    assert {"name": "Ana A.", "locale": "ES"} in [
        one for node in read["clients"]["nodes"] for one in node["contacts"]
    ]
