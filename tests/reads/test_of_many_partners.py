"""What the vendor's side asks of many partners costs so many statements, however many they are."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.models import rows
from graphql_api.models.keys import new_key
from graphql_api.models.stream import PartnerEventKind
from tests.api import Api
from tests.factories import World
from tests.renewals.steps import add, bring_in_contacts, client_of, id_of, set_override
from tests.statements import counted, one_read_at_a_time

IMPACT = "{ changedClients overriddenClients clients(first: 2) { totalCount nodes { name } } }"
EVENTS = "{ endCursor hasMore events { cursor kind subjectId } }"
FIELDS = f"""id name channelAccountManager {{ name }} partnerDevelopmentManager {{ name }} users {{ name }}
  all: users(activeOnly: false) {{ name }} summary {{ pendingLinks alerts {{ code }} }} eventCursor
  defaultRenewalOwnership {{ owner source }} events(first: 2) {EVENTS} more: events {EVENTS}
  a: renewalOwnershipImpact(owner: HUBSPOT) {IMPACT}"""
FEW, MANY = 5, 25


async def more_partners(world: World, count: int) -> None:
    """So many more, each with a client and some events."""
    for n in range(count):
        partner = rows.Partner(id=new_key(), name=f"More {count} {n}", created_at=world.database.clock())
        await add(world, partner)
        client = rows.Client(
            id=new_key(), partner_id=partner.id, name=f"Client {n}", created_at=world.database.clock()
        )
        events = [
            rows.PartnerEvent(
                partner_id=partner.id,
                position=position,
                kind=PartnerEventKind.LINK_EDITED,
                subject_id=client.node_id,
                occurred_at=world.database.clock(),
            )
            for position in range(1, n % 5 + 1)
        ]
        await add(world, client, *events)


async def test_no_partner_costs_another_statement(api: Api, world: World) -> None:
    counts = []
    for count in (FEW, MANY):
        await more_partners(world, count)
        for turn in (1, 2):
            with one_read_at_a_time(world.database), counted(world.database) as statements:
                found = await api.ask(
                    f"{{ partners(first: 100) {{ nodes {{ {FIELDS} }} }} }}",
                    world.tokens["staff_admin"],
                    turn=turn,
                )
            assert len(found["partners"]["nodes"]) >= count
            counts.append(len(statements))
    assert counts[:2] == counts[2:]
    assert max(counts) < 40


@pytest.mark.rule("D5", "D1")
async def test_many_partners_answers_are_what_each_ones_is(api: Api, world: World) -> None:
    admin, ours = world.tokens["staff_admin"], world.ours
    await more_partners(world, FEW)
    await set_override(api, world.tokens["cam"], ours.clients[0], "PARTNER", ours.admin)
    await bring_in_contacts(api, world, ours.clients[1], Pia="PRIMARY")
    await bring_in_contacts(api, world, ours.clients[2], **{"ada@northwind.example": "PRIMARY"})
    theirs = await client_of(world, world.theirs, "Also Ada's")
    await bring_in_contacts(api, world, theirs, **{"ada@northwind.example": "BILLING"})
    supposed = f'b: renewalOwnershipImpact(owner: PARTNER, pointOfContactId: "{id_of(ours.admin)}") {IMPACT}'
    for turn in (1, 2):
        found = await api.ask(f"{{ partners(first: 100) {{ nodes {{ {FIELDS} }} }} }}", admin, turn=turn)
        for node in found["partners"]["nodes"]:
            document = f"query($id: ID!) {{ partner(id: $id) {{ {FIELDS} }} }}"
            assert (await api.ask(document, admin, id=node["id"]))["partner"] == node
        answer: Any = await api.send(f"{{ partners {{ nodes {{ id {supposed} }} }} }}", admin, turn=turn)
        assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}
        mine = await api.ask(f"{{ partner {{ {supposed} }} }}", world.tokens["partner_admin"], turn=turn)
        assert mine["partner"]["b"]["changedClients"] > 0
