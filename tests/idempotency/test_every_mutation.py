"""Every mutation can be asked for again: the same outcome, the effect once (D3)."""

from __future__ import annotations

import pytest
from graphql import is_object_type

from graphql_api.models import rows
from graphql_api.schema.root import SCHEMA
from tests.api import Api, refusals
from tests.factories import World
from tests.idempotency.mutations import CHANGES
from tests.idempotency.repeating import change, everything_stored
from tests.races.together import everything


@pytest.mark.rule("D3")
def test_every_mutation_is_tried_here() -> None:
    mutations = SCHEMA._schema.mutation_type
    assert mutations
    assert set(mutations.fields) == set(CHANGES)


@pytest.mark.rule("D3")
async def test_a_repeat_is_answered_as_before_and_nothing_happens_again(api: Api, world: World) -> None:
    for mutation, one in CHANGES.items():
        given = await one.ready(api, world)
        who = world.tokens[one.who] if one.who else None
        before = await everything_stored(world)
        first = await change(api, "the key", mutation, who, one.fields, **given)
        assert first["userErrors"] == [], mutation
        after = await everything_stored(world)
        assert after != before, mutation
        for _ in range(2):
            assert await change(api, "the key", mutation, who, one.fields, **given) == first, mutation
        assert await everything_stored(world) == after, mutation


@pytest.mark.rule("D3")
async def test_other_input_with_the_same_key_is_refused_and_changes_nothing(api: Api, world: World) -> None:
    for mutation, one in CHANGES.items():
        given = await one.ready(api, world)
        who = world.tokens[one.who] if one.who else None
        first = await change(api, "the key", mutation, who, one.fields, **given)
        after = await everything_stored(world)
        other = await change(api, "the key", mutation, who, one.fields, **(given | one.other))
        assert refusals(other) == [("IDEMPOTENCY_KEY_REUSED", None)], mutation
        assert await everything_stored(world) == after, mutation
        assert await change(api, "the key", mutation, who, one.fields, **given) == first, mutation


@pytest.mark.rule("D3")
async def test_a_secret_is_shown_once_and_kept_nowhere(api: Api, world: World) -> None:
    ada, asked = world.tokens["partner_admin"], {"name": "Once", "scopes": ["READ"]}
    fields = "secret apiToken { id }"
    first = await change(api, "the key", "createApiToken", ada, fields, **asked)
    assert first["secret"]
    assert await change(api, "the key", "createApiToken", ada, fields, **asked) == first | {"secret": None}
    [kept] = await everything(world, rows.IdempotencyKey)
    assert first["secret"] not in str(kept.outcome)
    assert "secret" not in str(kept.outcome)
    payload = SCHEMA._schema.get_type("CreateApiTokenPayload")
    assert is_object_type(payload)
    assert "null in the answer to a repeated call" in str(payload.fields["secret"].description)
