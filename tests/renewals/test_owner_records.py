"""What a change of owner leaves behind: an event, a line in the audit log, and history."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from graphql_api.models import rows
from tests.api import Api
from tests.clock import Clock
from tests.factories import World
from tests.renewals.steps import (
    OWNERSHIP,
    brief,
    clear,
    client_of,
    everything,
    id_of,
    ownership,
    set_default,
    set_override,
)

Doing = Callable[[], Awaitable[dict[str, Any]]]
EVENTS = """query($after: Cursor) { partner { eventCursor events(after: $after) {
  events { cursor kind subjectId subject { __typename id } } } } }"""
AUDIT = """{ partner { auditLog { nodes {
  action actorName subjectId changes { field before after } } } } }"""


@pytest.mark.rule("D2", "D1")
async def test_each_change_is_an_event_of_the_partner_or_the_client_at_its_cursor(
    api: Api, world: World
) -> None:
    ada, acme = world.tokens["partner_admin"], world.ours.clients[0]
    start = (await api.ask(EVENTS, ada))["partner"]["eventCursor"]
    done = [
        await set_default(api, ada, "HUBSPOT", world.ours.admin),
        await set_override(api, ada, acme, "PARTNER", world.ours.member),
        await clear(api, ada, acme),
    ]
    events = (await api.ask(EVENTS, ada, after=start))["partner"]["events"]["events"]
    assert [event["cursor"] for event in events] == [one["cursor"] for one in done]
    assert {event["kind"] for event in events} == {"RENEWAL_OWNERSHIP_CHANGED"}
    partner = {"__typename": "Partner", "id": id_of(world.ours.partner)}
    client = {"__typename": "Client", "id": id_of(acme)}
    assert [event["subject"] for event in events] == [partner, client, client]
    assert [event["subjectId"] for event in events] == [partner["id"], client["id"], client["id"]]


@pytest.mark.rule("D10")
async def test_the_audit_log_says_who_changed_which_owner_from_what_to_what(api: Api, world: World) -> None:
    ada, acme = world.tokens["partner_admin"], world.ours.clients[0]
    await set_default(api, ada, "PARTNER", world.ours.member)
    await set_override(api, world.tokens["partner_member"], acme, "HUBSPOT", world.ours.admin)
    await clear(api, world.tokens["cam"], acme)
    lines = (await api.ask(AUDIT, ada))["partner"]["auditLog"]["nodes"][::-1]
    admin, member = id_of(world.ours.admin), id_of(world.ours.member)
    own, follows = "CLIENT_OVERRIDE", "PARTNER_DEFAULT"
    expected = [
        ("partner.set_renewal_owner", "Ada Northwind", id_of(world.ours.partner), {
            "owner": ("HUBSPOT", "PARTNER"), "pointOfContact": (None, member), "source": ("PROGRAM_DEFAULT", follows),
        }),
        ("client.set_renewal_owner", "Max Northwind", id_of(acme), {
            "owner": ("PARTNER", "HUBSPOT"), "pointOfContact": (member, admin), "source": (follows, own),
        }),
        ("client.clear_renewal_owner", "Cam Northwind", id_of(acme), {
            "owner": ("HUBSPOT", "PARTNER"), "pointOfContact": (admin, member), "source": (own, follows),
        }),
    ]  # fmt: skip
    found = [
        (
            line["action"],
            line["actorName"],
            line["subjectId"],
            {change["field"]: (change["before"], change["after"]) for change in line["changes"]},
        )
        for line in lines
    ]
    assert found == expected


@pytest.mark.rule("D9")
async def test_the_owner_can_be_asked_for_as_of_any_past_moment(api: Api, world: World, clock: Clock) -> None:
    ada, acme = world.tokens["partner_admin"], world.ours.clients[0]
    history = [(clock(), await ownership(api, ada, acme))]
    changes: list[Doing] = [
        lambda: set_default(api, ada, "PARTNER", world.ours.admin),
        lambda: set_override(api, ada, acme, "HUBSPOT"),
        lambda: set_default(api, ada, "HUBSPOT", world.ours.member),
        lambda: clear(api, ada, acme),
        lambda: set_override(api, ada, acme, "PARTNER", world.ours.member),
        lambda: set_default(api, ada, "HUBSPOT"),
    ]
    for change in changes:
        clock.advance(days=1)
        await change()
        clock.advance(hours=1)
        history.append((clock(), await ownership(api, ada, acme)))
    for moment, expected in history:
        assert await at(api, ada, acme, moment.isoformat()) == expected
        assert await at(api, ada, acme, (moment + timedelta(hours=22)).isoformat()) == expected
    assert await at(api, ada, acme, "2001-01-01T00:00:00Z") == history[0][1]
    assert await at(api, ada, acme, "2999-01-01T00:00:00+14:00") == history[-1][1]


@pytest.mark.rule("D9")
async def test_an_owner_holds_from_the_very_moment_it_was_set(api: Api, world: World) -> None:
    ada, acme = world.tokens["partner_admin"], world.ours.clients[0]
    await set_override(api, ada, acme, "PARTNER", world.ours.admin)
    [setting] = await everything(world, rows.RenewalOwnership)
    just_before = setting.set_at - timedelta(microseconds=1)
    assert brief(await at(api, ada, acme, setting.set_at.isoformat()))[0] == "PARTNER"
    assert brief(await at(api, ada, acme, just_before.isoformat())) == ("HUBSPOT", None, "PROGRAM_DEFAULT")


@pytest.mark.rule("A11", "A6")
async def test_clients_are_found_by_their_owner_and_by_whether_it_is_their_own(
    api: Api, world: World
) -> None:
    ada, (acme, globex, _) = world.tokens["partner_admin"], world.ours.clients
    cleared = await client_of(world, world.ours, "Cleared")
    await set_override(api, ada, acme, "PARTNER", world.ours.admin)
    await set_override(api, ada, globex, "HUBSPOT")
    await set_override(api, ada, cleared, "PARTNER", world.ours.admin)
    await clear(api, ada, cleared)
    for owner in ("HUBSPOT", "PARTNER"):
        done = await set_default(api, ada, owner, world.ours.admin)
        assert done["userErrors"] == []
        for wanted in (
            {"renewalOwner": chosen, "hasOverride": override}
            for chosen in (None, "HUBSPOT", "PARTNER")
            for override in (None, True, False)
        ):
            await check_filter(api, ada, wanted)


async def check_filter(api: Api, who: str, wanted: dict[str, Any]) -> None:
    """The filter finds what a look at every client finds; at the root and below the partner."""
    inner = "totalCount nodes { id renewalOwnership { owner source } }"
    document = f"""query($filter: ClientFilter) {{ all: clients {{ {inner} }} clients(filter: $filter) {{ {inner} }}
      partner {{ clients(filter: $filter) {{ {inner} }} }} }}"""
    read = await api.ask(document, who, filter=wanted)
    expected = [
        client
        for client in read["all"]["nodes"]
        if wanted["renewalOwner"] in (None, client["renewalOwnership"]["owner"])
        and wanted["hasOverride"] in (None, client["renewalOwnership"]["source"] == "CLIENT_OVERRIDE")
    ]
    assert read["clients"] == {"totalCount": len(expected), "nodes": expected}
    assert read["partner"]["clients"] == read["clients"]


async def at(api: Api, who: str, client: rows.Client, moment: str) -> dict[str, Any]:
    """Who owned the client's renewals at a moment."""
    document = f"""query($id: ID!, $at: DateTime!) {{ client(id: $id) {{
      renewalOwnershipAt(at: $at) {{ {OWNERSHIP} }} }} }}"""
    found = await api.ask(document, who, id=id_of(client), at=moment)
    return dict(found["client"]["renewalOwnershipAt"])
