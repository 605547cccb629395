"""Which clients a new default would touch: counted beforehand, and compared with really setting it (D5)."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.models import rows
from tests.api import Api
from tests.factories import World
from tests.renewals.steps import (
    bring_in_contacts,
    clear,
    client_of,
    deactivate,
    everything,
    impact,
    set_default,
    set_override,
    user_of,
)

PREVIEWS = """{ partner { clients(first: 100) { nodes {
  id name renewalOwnership { source } renewalNoticePreview { to { email } cc { email } } } } } }"""


async def mixed(api: Api, world: World) -> dict[str, rows.PartnerUser]:
    """Clients of every kind, and the partner's users by name: contacts, none, overrides, users' own mailboxes."""
    ada, ours = world.tokens["cam"], world.ours
    people = {"ada": ours.admin, "max": ours.member}
    people |= {name.lower(): await user_of(world, ours, name) for name in ("Eva", "Gus")}
    for name, contacts in {
        "One contact": {"Pia": "PRIMARY"},
        "Three": {"Pia": "PRIMARY", "Bob": "BILLING", "Dee": "DECISION_MAKER"},
        "No role": {"Nil": ""},
        "Only Max": {"max@northwind.example": "BILLING"},
        "Max without role": {"max@northwind.example": "", "Pia": "PRIMARY"},
        "Max too": {"max@northwind.example": "BILLING", "Pia": "PRIMARY"},
        "Only Ada and Max": {"max@northwind.example": "BILLING", "ada@northwind.example": "PRIMARY"},
        "Eva too": {"eva@northwind.example": "DECISION_MAKER", "Pia": "PRIMARY"},
    }.items():
        client = await client_of(world, ours, name)
        await bring_in_contacts(api, world, client, **contacts)
    for name, owner, contact in (
        ("Own", "PARTNER", ours.admin),
        ("Inherits", "HUBSPOT", None),
        ("Copied", "HUBSPOT", ours.member),
        ("Was own", "PARTNER", ours.admin),
    ):
        client = await client_of(world, ours, name)
        await bring_in_contacts(api, world, client, Pia="PRIMARY")
        await set_override(api, ada, client, owner, contact)
    await clear(api, ada, client)
    return people


async def reached(api: Api, world: World) -> dict[str, Any]:
    """For each client that follows the default, by id, who would get its next notice."""
    read = await api.ask(PREVIEWS, world.tokens["partner_admin"])
    return {
        client["id"]: [
            {one["email"] for one in client["renewalNoticePreview"][side]} for side in ("to", "cc")
        ]
        for client in read["partner"]["clients"]["nodes"]
        if client["renewalOwnership"]["source"] != "CLIENT_OVERRIDE"
    }


STEPS = [
    ("HUBSPOT", None), ("HUBSPOT", "max"), ("HUBSPOT", "eva"), ("HUBSPOT", "eva"),
    ("PARTNER", "eva"), ("PARTNER", "max"), ("HUBSPOT", "max"), ("PARTNER", "max"),
    ("PARTNER", "ada"), ("HUBSPOT", None), ("PARTNER", "ada"), ("HUBSPOT", "ada"),
]  # fmt: skip


@pytest.mark.rule("D5")
async def test_the_impact_is_what_setting_the_default_then_changes(api: Api, world: World) -> None:
    people = await mixed(api, world)
    ada = world.tokens["partner_admin"]
    for owner, name in STEPS:
        contact = people[name] if name else None
        told = await impact(api, ada, world.ours, owner, contact)
        before = await reached(api, world)
        done = await set_default(api, world.tokens["cam"], owner, contact, partnerId=partner_id(world))
        assert done["userErrors"] == []
        after = await reached(api, world)
        changed = {key for key in after if before[key] != after[key]}
        assert {client["id"] for client in told["clients"]["nodes"]} == changed, (owner, name)
        assert told["changedClients"] == told["clients"]["totalCount"] == len(changed)
        assert told["overriddenClients"] == 3


@pytest.mark.rule("D5", "C9")
async def test_the_impact_counts_with_who_acts_for_a_point_of_contact_that_left(
    api: Api, world: World
) -> None:
    people = await mixed(api, world)
    ada = world.tokens["partner_admin"]
    await set_default(api, ada, "PARTNER", people["gus"])
    await deactivate(world, people["gus"])
    before = await reached(api, world)
    for name, changes in (("ada", False), ("max", True)):
        told = await impact(api, ada, world.ours, "PARTNER", people[name])
        assert told["changedClients"] == (len(before) if changes else 0)
    told = await impact(api, ada, world.ours, "HUBSPOT", people["ada"])
    await set_default(api, ada, "HUBSPOT", people["ada"])
    after = await reached(api, world)
    assert {client["id"] for client in told["clients"]["nodes"]} == {
        key for key in after if before[key] != after[key]
    }


@pytest.mark.rule("D5")
async def test_asking_for_the_impact_stores_nothing_and_no_change_touches_nobody(
    api: Api, world: World
) -> None:
    people = await mixed(api, world)
    ada = world.tokens["partner_member"]
    settings = len(await everything(world, rows.RenewalOwnership))
    found = await impact(api, ada, world.ours, "HUBSPOT")
    assert (found["changedClients"], found["overriddenClients"]) == (0, 3)
    assert found["clients"] == {"totalCount": 0, "nodes": []}
    assert (await impact(api, ada, world.ours, "PARTNER", people["max"]))["changedClients"] > 0
    assert len(await everything(world, rows.RenewalOwnership)) == settings


@pytest.mark.rule("D5")
async def test_the_touched_clients_come_by_name_in_pages(api: Api, world: World) -> None:
    await mixed(api, world)
    document = """query($id: ID, $after: String) { partner {
      renewalOwnershipImpact(owner: PARTNER, pointOfContactId: $id) {
        clients(first: 2, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } } } }"""
    contact = str(world.ours.member.node_id)
    names: list[str] = []
    after, more = None, True
    while more:
        read = await api.ask(document, world.tokens["partner_admin"], id=contact, after=after)
        page = read["partner"]["renewalOwnershipImpact"]["clients"]
        names += [client["name"] for client in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert names == sorted(names, key=str.lower)
    assert "Only Max" not in names
    assert {"Three", "Max too", "Was own", "Acme 0"} <= set(names)


def partner_id(world: World) -> str:
    """Our partner's global id."""
    return str(world.ours.partner.node_id)
