"""Renewal owners do not exist for who may not see them (A1)."""

from __future__ import annotations

import pytest

from graphql_api.models import rows
from tests.access.places import renewal_manager_of
from tests.api import Api, refusals
from tests.factories import World
from tests.renewals.steps import (
    brief,
    clear,
    default,
    everything,
    id_of,
    ownership,
    renewal_of,
    set_default,
    set_override,
)

FIELDS = (
    "renewalOwnership { owner }",
    'renewalOwnershipAt(at: "2030-01-01T00:00:00Z") { owner }',
    "renewalNoticePreview { explanation }",
)
OF_PARTNER = (
    "defaultRenewalOwnership { owner }",
    "renewalOwnershipImpact(owner: HUBSPOT) { changedClients }",
)


@pytest.mark.rule("A1")
async def test_the_vendors_admin_and_machines_read_owners_and_change_none(api: Api, world: World) -> None:
    acme, mine = world.ours.clients[0], id_of(world.ours.partner)
    await set_override(api, world.tokens["cam"], acme, "PARTNER", world.ours.admin)
    mutations = [
        f'setDefaultRenewalOwner(input: {{ partnerId: "{mine}", owner: HUBSPOT }})',
        f'setClientRenewalOwner(input: {{ clientId: "{id_of(acme)}", owner: HUBSPOT }})',
        f'clearClientRenewalOwner(input: {{ clientId: "{id_of(acme)}" }})',
    ]
    for who in ("staff_admin", "crm_sync", "checkout"):
        token = world.tokens[who]
        assert brief(await ownership(api, token, acme))[0] == "PARTNER"
        assert brief(await default(api, token, world.ours))[0] == "HUBSPOT"
        for mutation in mutations:
            assert await api.code(f"mutation {{ {mutation} {{ cursor }} }}", token) == "FORBIDDEN"
    assert len(await everything(world, rows.RenewalOwnership)) == 1


@pytest.mark.rule("A1", "D12")
async def test_for_another_partner_and_another_cam_there_is_no_client_to_set_an_owner_for(
    api: Api, world: World
) -> None:
    acme, mine = world.ours.clients[0], id_of(world.ours.partner)
    for who in ("other_partner_admin", "other_cam"):
        token = world.tokens[who]
        assert refusals(await set_override(api, token, acme, "HUBSPOT")) == [("NOT_FOUND", ["clientId"])]
        assert refusals(await clear(api, token, acme)) == [("NOT_FOUND", ["clientId"])]
        stale = await set_override(api, token, acme, "HUBSPOT", expectedVersion=7)
        assert (refusals(stale), stale["client"]) == ([("NOT_FOUND", ["clientId"])], None)
        for partner_id in (mine, "malformed", id_of(acme)):
            done = await set_default(api, token, "HUBSPOT", partnerId=partner_id)
            assert (refusals(done), done["partner"]) == ([("NOT_FOUND", ["partnerId"])], None)
    assert await everything(world, rows.RenewalOwnership) == []


@pytest.mark.rule("A1")
async def test_a_renewal_manager_sees_the_client_but_no_owner_of_its_renewals(api: Api, world: World) -> None:
    acme = world.ours.clients[0]
    token = await renewal_manager_of(world, await renewal_of(world, acme, 30))
    await set_override(api, world.tokens["cam"], acme, "PARTNER", world.ours.admin)
    for field in FIELDS:
        document = f'{{ client(id: "{id_of(acme)}") {{ {field} }} }}'
        assert await api.code(document, token) == "NOT_FOUND"
    for field in OF_PARTNER:
        document = f'{{ partner(id: "{id_of(world.ours.partner)}") {{ {field} }} }}'
        assert await api.code(document, token) == "NOT_FOUND"
    for wanted in (
        "renewalOwner: PARTNER",
        "renewalOwner: HUBSPOT",
        "hasOverride: true",
        "hasOverride: false",
    ):
        listed = await api.ask(
            f"{{ clients(filter: {{ {wanted} }}) {{ totalCount nodes {{ id }} }} }}", token
        )
        assert listed["clients"] == {"totalCount": 0, "nodes": []}
    mutation = f'clearClientRenewalOwner(input: {{ clientId: "{id_of(acme)}" }})'
    assert await api.code(f"mutation {{ {mutation} {{ cursor }} }}", token) == "FORBIDDEN"


@pytest.mark.rule("A1")
async def test_nobody_signed_in_asks_or_changes_anything(api: Api, world: World) -> None:
    acme = id_of(world.ours.clients[0])
    documents = [f'{{ client(id: "{acme}") {{ {field} }} }}' for field in FIELDS]
    documents.append(f'mutation {{ clearClientRenewalOwner(input: {{ clientId: "{acme}" }}) {{ cursor }} }}')
    documents.append("mutation { setDefaultRenewalOwner(input: { owner: HUBSPOT }) { cursor } }")
    for document in documents:
        assert await api.code(document) == "UNAUTHENTICATED"
