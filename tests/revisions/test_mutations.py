"""No mutation changes what a partner sees without moving its revision."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.schema.root import SCHEMA
from tests.api import Api, refusals
from tests.factories import World
from tests.idempotency.mutations import CHANGES
from tests.idempotency.repeating import change
from tests.revisions.watching import ALL, OURS, THEIRS, Watch

ONES_OWN = {"markNotificationsRead"}
SEEN_BY_ALL = {"syncProducts"}
OF_OTHERS = {"syncPartners", "syncDeals"}
"""Here they bring in a partner and a deal of nobody's; test_syncs.py changes what is there."""


def test_every_mutation_is_tried_here() -> None:
    mutations = SCHEMA._schema.mutation_type
    assert mutations
    assert set(mutations.fields) == set(CHANGES)


def seers(mutation: str) -> set[str]:
    """Who sees that the mutation was made."""
    if mutation in SEEN_BY_ALL:
        return {OURS, THEIRS}
    return set() if mutation in ONES_OWN | OF_OTHERS else {OURS}


def movers(mutation: str) -> set[str]:
    return {ALL} if mutation in SEEN_BY_ALL else seers(mutation)


async def test_whoever_sees_a_mutation_can_tell_by_the_revision(watch: Watch, api: Api, world: World) -> None:
    given = {mutation: await one.ready(api, world) for mutation, one in CHANGES.items()}
    before = await watch.look()
    for mutation, one in CHANGES.items():
        who = world.tokens[one.who] if one.who else None
        payload = await api.change(mutation, who, one.fields, **given[mutation])
        assert payload["userErrors"] == [], mutation
        after = await watch.look(before)
        noticed, before = before.till(after), after
        assert (noticed.seen, noticed.moved) == (seers(mutation), movers(mutation)), mutation
    before.till(await watch.look())


@pytest.mark.rule("D3")
async def test_a_repeat_or_a_refusal_moves_nothing(watch: Watch, api: Api, world: World) -> None:
    for mutation, one in CHANGES.items():
        given = await one.ready(api, world)
        who = world.tokens[one.who] if one.who else None
        await change(api, "the key", mutation, who, one.fields, **given)
        stood = await watch.revisions()
        await change(api, "the key", mutation, who, one.fields, **given)
        other = await change(api, "the key", mutation, who, one.fields, **(given | one.other))
        assert refusals(other) == [("IDEMPOTENCY_KEY_REUSED", None)], mutation
        assert await watch.revisions() == stood, mutation


REFUSED: dict[str, tuple[str, dict[str, Any]]] = {
    "createConfirmationLink": ("partner_admin", {"name": "", "products": []}),
    "createApiToken": ("partner_admin", {"name": "No", "scopes": []}),
    "syncClients": (
        "crm_sync",
        {
            "clients": [
                {"externalId": "northwind-client-0", "partnerExternalId": "northwind", "name": "Renamed"},
                {"externalId": "new", "partnerExternalId": "nobody", "name": "Refused"},
            ]
        },
    ),
}


@pytest.mark.parametrize("mutation", REFUSED)
async def test_a_refused_mutation_moves_nothing(watch: Watch, api: Api, world: World, mutation: str) -> None:
    who, given = REFUSED[mutation]
    stood = await watch.revisions()
    payload = await api.change(mutation, world.tokens[who], "__typename", **given)
    assert payload["userErrors"]
    assert await watch.revisions() == stood
