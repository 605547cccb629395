"""Points of contact that cannot be, and versions that are past: nothing is half-written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from graphql_api.models import rows
from graphql_api.models.keys import new_key
from tests.api import Api, refusals
from tests.factories import World
from tests.races.together import at_once, codes
from tests.renewals.steps import (
    Payload,
    brief,
    clear,
    deactivate,
    everything,
    id_of,
    ownership,
    set_default,
    set_override,
    user_of,
)

FIELD = ["pointOfContactId"]


async def nothing_was_written(world: World) -> bool:
    models = (rows.RenewalOwnership, rows.PartnerEvent, rows.AuditEntry)
    return [await everything(world, model) for model in models] == [[], [], []]


@pytest.mark.rule("C9", "A9")
async def test_the_owner_partner_needs_a_point_of_contact(api: Api, world: World) -> None:
    ada, acme = world.tokens["partner_admin"], world.ours.clients[0]
    for done in (
        await set_default(api, ada, "PARTNER"),
        await set_override(api, ada, acme, "PARTNER"),
        await set_override(api, ada, acme, "PARTNER", pointOfContactId=None, expectedVersion=None),
    ):
        assert refusals(done) == [("POINT_OF_CONTACT_REQUIRED", FIELD)]
        assert done["cursor"] is None
    assert await nothing_was_written(world)


@pytest.mark.rule("C9", "A9", "A17")
async def test_a_point_of_contact_is_an_active_user_of_that_partner(api: Api, world: World) -> None:
    ada, acme = world.tokens["partner_admin"], world.ours.clients[0]
    gone = await user_of(world, world.ours, "Gone")
    await deactivate(world, gone)
    unknown = rows.PartnerUser(id=new_key())
    unknown.kind = world.ours.admin.kind
    for nobody in (world.theirs.admin, world.ours.cam, gone, unknown, acme):
        for owner in ("PARTNER", "HUBSPOT"):
            for done in (
                await set_default(api, ada, owner, nobody),
                await set_override(api, ada, acme, owner, nobody),
            ):
                assert refusals(done) == [("POINT_OF_CONTACT_INVALID", FIELD)]
    malformed = await set_default(api, ada, "HUBSPOT", pointOfContactId="nobody")
    assert refusals(malformed) == [("POINT_OF_CONTACT_INVALID", FIELD)]
    assert await nothing_was_written(world)


@pytest.mark.rule("A18", "C9")
async def test_a_refused_change_leaves_owner_and_contact_as_they_were(api: Api, world: World) -> None:
    ada, acme = world.tokens["partner_admin"], world.ours.clients[0]
    await set_default(api, ada, "HUBSPOT", world.ours.member)
    await set_override(api, ada, acme, "PARTNER", world.ours.member)
    before = await ownership(api, ada, acme)
    refused: list[Payload] = [
        await set_override(api, ada, acme, "HUBSPOT", world.theirs.member),
        await set_override(api, ada, acme, "PARTNER"),
        await set_override(api, ada, acme, "HUBSPOT", expectedVersion=before["version"] - 1),
        await clear(api, ada, acme, expectedVersion=before["version"] + 1),
    ]
    assert [codes(one) for one in refused] == [
        ["POINT_OF_CONTACT_INVALID"],
        ["POINT_OF_CONTACT_REQUIRED"],
        ["CONFLICT"],
        ["CONFLICT"],
    ]
    assert await ownership(api, ada, acme) == before
    assert len(await everything(world, rows.RenewalOwnership)) == 2


@pytest.mark.rule("D4")
async def test_a_stale_version_is_a_conflict_with_the_owner_as_it_stands(api: Api, world: World) -> None:
    ada, acme = world.tokens["partner_admin"], world.ours.clients[0]
    first = await set_default(api, ada, "PARTNER", world.ours.admin, expectedVersion=0)
    assert first["userErrors"] == []
    stale = await set_default(api, ada, "HUBSPOT", expectedVersion=0)
    assert refusals(stale) == [("CONFLICT", ["expectedVersion"])]
    assert stale["partner"] == first["partner"]
    assert stale["cursor"] is None
    stale = await set_override(api, ada, acme, "HUBSPOT", expectedVersion=0)
    assert refusals(stale) == [("CONFLICT", ["expectedVersion"])]
    assert stale["client"]["renewalOwnership"] == first["partner"]["defaultRenewalOwnership"]
    assert (await clear(api, ada, acme, expectedVersion=0))["client"] == stale["client"]


@pytest.mark.rule("D4")
async def test_the_version_as_read_of_a_client_or_a_default_is_taken(api: Api, world: World) -> None:
    ada, acme = world.tokens["partner_admin"], world.ours.clients[0]
    await set_default(api, ada, "PARTNER", world.ours.admin)
    changes: list[Callable[[int], Awaitable[Payload]]] = [
        lambda version: set_override(api, ada, acme, "HUBSPOT", expectedVersion=version),
        lambda version: set_override(api, ada, acme, "PARTNER", world.ours.member, expectedVersion=version),
        lambda version: clear(api, ada, acme, expectedVersion=version),
        lambda version: set_override(api, ada, acme, "HUBSPOT", world.ours.member, expectedVersion=version),
    ]
    for change in changes:
        version = (await ownership(api, ada, acme))["version"]
        assert (await change(version))["userErrors"] == []
        assert codes(await change(version)) == ["CONFLICT"]


@pytest.mark.rule("D4")
async def test_a_clients_versions_never_repeat_whatever_is_set_cleared_or_defaulted(
    api: Api, world: World
) -> None:
    ada, acme, ours = world.tokens["partner_admin"], world.ours.clients[0], world.ours
    seen: dict[int, tuple[str, str | None, str]] = {}
    changes: list[Callable[[], Awaitable[Payload]]] = [
        lambda: set_default(api, ada, "PARTNER", ours.admin),
        lambda: set_override(api, ada, acme, "PARTNER", ours.member),
        lambda: set_default(api, ada, "HUBSPOT"),
        lambda: clear(api, ada, acme),
        lambda: set_override(api, ada, acme, "HUBSPOT"),
        lambda: set_default(api, ada, "HUBSPOT", ours.member),
        lambda: set_override(api, ada, ours.clients[1], "HUBSPOT"),
        lambda: clear(api, ada, acme),
        lambda: set_override(api, ada, acme, "PARTNER", ours.member),
        lambda: clear(api, ada, acme),
    ]
    for change in changes:
        await change()
        found = await ownership(api, ada, acme)
        assert seen.setdefault(found["version"], brief(found)) == brief(found)
        assert found["version"] == max(seen)
    assert len(seen) == 8


@pytest.mark.rule("D4", "A18")
async def test_of_changes_at_once_of_one_version_one_is_made(api: Api, world: World) -> None:
    ada, acme = world.tokens["partner_admin"], world.ours.clients[0]
    version = (await ownership(api, ada, acme))["version"]
    people = [world.ours.admin, world.ours.member]
    payloads = await at_once(
        *(set_override(api, ada, acme, "PARTNER", people[n % 2], expectedVersion=version) for n in range(8))
    )
    assert sorted(codes(payload) for payload in payloads) == [[], *[["CONFLICT"]] * 7]
    [setting] = await everything(world, rows.RenewalOwnership)
    [made] = [payload for payload in payloads if not codes(payload)]
    shown = {payload["client"]["renewalOwnership"]["pointOfContact"]["id"] for payload in payloads}
    assert shown == {made["client"]["renewalOwnership"]["pointOfContact"]["id"]}
    assert id_of(next(one for one in people if one.id == setting.point_of_contact_id)) in shown
