"""Whoever may make a change can make it: neither wall is in the way of one's own work."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api import Api, refusals
from tests.factories import World
from tests.idempotency.mutations import CHANGES

PEOPLE = ("partner_admin", "partner_member", "cam", "pdm", "renewal_manager", "staff_admin")
REASONS = {"FORBIDDEN", "NOT_FOUND", "NOT_ALLOWED", "BLANK"}
"""Why somebody may not; the vendor's side must say for which partner."""


async def outcome(api: Api, mutation: str, token: str, asked: dict[str, Any]) -> str:
    """What came of it: done, a refusal's code, or that of an error."""
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    document = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ userErrors {{ code field }} }} }}"
    answer = await api.send(document, token, input=asked)
    if "errors" in answer:
        return str(answer["errors"][0]["extensions"]["code"])
    return next((code for code, _ in refusals(answer["data"][mutation])), "done")


@pytest.mark.parametrize("who", [*PEOPLE, "checkout", "crm_sync"])
async def test_every_change_is_made_or_refused_with_a_reason(api: Api, world: World, who: str) -> None:
    found = {}
    for mutation, one in CHANGES.items():
        asked = await one.ready(api, world)
        found[mutation] = await outcome(api, mutation, world.tokens[who], asked)
    assert set(found.values()) <= {"done", *REASONS}, found
    assert "done" in found.values()


@pytest.mark.parametrize("who", PEOPLE)
async def test_everybody_makes_and_stops_their_own_tokens(api: Api, world: World, who: str) -> None:
    own = world.tokens[who]
    made = await api.change("createApiToken", own, "apiToken { id } secret", name="Mine", scopes=["READ"])
    assert refusals(made) == []
    assert await api.ask("{ viewer { scopes } }", made["secret"]) == {"viewer": {"scopes": ["READ"]}}
    stopped = await api.change("revokeApiToken", own, "apiToken { revokedAt }", id=made["apiToken"]["id"])
    assert refusals(stopped) == []
    assert await api.code("{ viewer { scopes } }", made["secret"]) == "UNAUTHENTICATED"
