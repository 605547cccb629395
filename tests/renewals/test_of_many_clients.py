"""Owners and notices of many clients cost so many statements, however many clients and aliases there are."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.models import rows
from graphql_api.models.client import ContactRole
from graphql_api.models.keys import new_key
from graphql_api.models.renewal_ownership import RenewalOwner
from tests.api import Api
from tests.factories import World
from tests.renewals.steps import (
    RECIPIENTS,
    add,
    bring_in_contacts,
    client_of,
    id_of,
    preview,
    renewal_of,
    set_default,
    set_override,
    user_of,
)
from tests.statements import counted, one_read_at_a_time

PREVIEW = f"ownership {{ owner source version }} {RECIPIENTS} explanation nextDueOn"


async def taken(world: World, api: Api, fields: str, who: str) -> list[int]:
    """How many statements it takes to ask all clients for the fields: for the first time, and compiled."""
    counts = []
    for turn in (1, 2):  # a variable that nobody reads: no answer is kept
        with one_read_at_a_time(world.database), counted(world.database) as statements:
            found = await api.ask(
                f"{{ clients(first: 100) {{ nodes {{ {fields} }} }} }}", world.tokens[who], turn=turn
            )
        assert len(found["clients"]["nodes"]) > 10
        counts.append(len(statements))
    return counts


async def more_clients(world: World, size: int) -> None:
    """So many more clients, each with a contact, a renewal ahead and an owner of its own."""
    for n in range(size):
        client = await client_of(world, world.ours, f"More {size} {n}")
        await renewal_of(world, client, 100)
        held = [rows.HeldRole(role=ContactRole.PRIMARY, client_id=client.id, slot=1)]
        email = f"{n}@client.example"
        await add(
            world,
            rows.ClientContact(id=new_key(), client_id=client.id, email=email, name="Pia", held=held),
            rows.RenewalOwnership(
                partner_id=world.ours.partner.id,
                client_id=client.id,
                owner=list(RenewalOwner)[n % 2],
                point_of_contact_id=world.ours.member.id,
                version=100 * size + n,
                set_at=world.database.clock(),
                set_by_id=world.ours.admin.id,
            ),
        )


def previews(world: World, aliases: int) -> str:
    """So many previews, under owners and points of contact that differ."""
    people = [world.ours.admin, world.ours.member]
    supposed = ["", "(owner: HUBSPOT)"]
    supposed += [
        f'(owner: {owner}, pointOfContactId: "{id_of(one)}")'
        for owner in ("HUBSPOT", "PARTNER")
        for one in people
    ]
    given = (supposed[n % len(supposed)] for n in range(aliases))
    return " ".join(f"a{n}: renewalNoticePreview{one} {{ {PREVIEW} }}" for n, one in enumerate(given))


def moments(aliases: int) -> str:
    """So many moments."""
    at = (f'renewalOwnershipAt(at: "20{10 + n}-01-01T00:00:00Z") {{ owner }}' for n in range(aliases))
    return " ".join(f"a{n}: {one}" for n, one in enumerate(at))


@pytest.mark.parametrize("who", ["partner_admin", "cam"])
async def test_no_client_and_no_alias_costs_another_statement(api: Api, world: World, who: str) -> None:
    found = {}
    for size in (10, 40):
        await more_clients(world, size)
        for aliases in (6, 40):
            found[size, aliases] = [
                await taken(world, api, fields(aliases), who)
                for fields in (lambda n: previews(world, n), moments)
            ]
    first = found[10, 6]
    assert list(found.values()) == [first] * 4
    assert all(max(counts) <= 13 for counts in first)


@pytest.mark.rule("D5")
async def test_many_clients_previews_are_what_each_ones_is(api: Api, world: World) -> None:
    ada, eva = world.tokens["partner_admin"], await user_of(world, world.ours, "Eva")
    await set_default(api, ada, "HUBSPOT", eva)
    for client in world.ours.clients[:2]:
        await bring_in_contacts(api, world, client, Pia="PRIMARY", Bob="BILLING", Nil="")
        await renewal_of(world, client, 100)
    await set_override(api, ada, world.ours.clients[1], "PARTNER", world.ours.member)
    for given in ("", "(owner: HUBSPOT)", f'(owner: PARTNER, pointOfContactId: "{id_of(eva)}")'):
        alone = {id_of(one): await preview(api, ada, one, given) for one in world.ours.clients}
        asked = "{ ownership { owner } to { email } explanation nextDueOn }"
        fields = f"id renewalNoticePreview{given} {asked}"
        for turn in (1, 2):
            found = await api.ask(f"{{ clients {{ nodes {{ {fields} }} }} }}", ada, turn=turn)
            for node in found["clients"]["nodes"]:
                assert within(node["renewalNoticePreview"], alone[node["id"]])
            assert len(found["clients"]["nodes"]) == len(alone)


def within(part: Any, whole: Any) -> bool:
    """Whether all that the one says is so in the other."""
    if isinstance(part, dict):
        return all(within(value, whole[name]) for name, value in part.items())
    if isinstance(part, list):
        return len(part) == len(whole) and all(map(within, part, whole))
    return bool(part == whole)


@pytest.mark.rule("D5", "C9")
async def test_of_many_clients_only_those_fail_for_which_the_owner_cannot_be_set(
    api: Api, world: World
) -> None:
    ada = world.tokens["partner_admin"]
    client: rows.Client = world.ours.clients[1]
    await set_override(api, ada, client, "PARTNER", world.ours.member)
    document = (
        "{ nodes(ids: [%s]) { ... on Client { renewalNoticePreview(owner: PARTNER) { explanation } } } }"
    )
    ids = ", ".join(f'"{id_of(one)}"' for one in world.ours.clients)
    for turn in (1, 2):
        answer = await api.send(document % ids, ada, turn=turn)
        assert [node is not None for node in answer["data"]["nodes"]] == [False, True, False]
        told = {(error["path"][1], error["extensions"]["code"]) for error in answer["errors"]}
        assert told == {(0, "BAD_USER_INPUT"), (2, "BAD_USER_INPUT")}
