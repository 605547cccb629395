"""The default, and one client's override."""

from __future__ import annotations

import pytest

from graphql_api.models import rows
from graphql_api.models.keys import new_key
from tests.api import Api, refusals
from tests.factories import World
from tests.renewals.steps import (
    TEST,
    brief,
    clear,
    client_of,
    default,
    everything,
    id_of,
    ownership,
    set_default,
    set_override,
)

PROGRAM = ("HUBSPOT", None, "PROGRAM_DEFAULT")


@pytest.mark.rule("C8", "A2")
async def test_never_configured_hubspot_owns_it_nobody_is_copied_and_nobody_made_it_so(
    api: Api, world: World
) -> None:
    ada = world.tokens["partner_admin"]
    for found in (
        await default(api, ada, world.ours),
        await ownership(api, ada, world.ours.clients[0]),
    ):
        assert brief(found) == PROGRAM
        assert (found["version"], found["updatedAt"], found["updatedBy"]) == (0, None, None)


@pytest.mark.rule("A2", "A3", "A4", "A6", "A9")
async def test_a_default_holds_for_every_client_and_for_those_that_come_later(api: Api, world: World) -> None:
    ada, max_ = world.tokens["partner_admin"], world.ours.member
    done = await set_default(api, ada, "PARTNER", max_)
    expected = ("PARTNER", max_.name, "PARTNER_DEFAULT")
    assert done["userErrors"] == []
    assert brief(done["partner"]["defaultRenewalOwnership"]) == expected
    later = await client_of(world, world.ours, "Later")
    for client in (*world.ours.clients, later):
        found = await ownership(api, ada, client)
        assert brief(found) == expected
        assert found["updatedBy"] == {"name": world.ours.admin.name}
    assert (
        brief(await ownership(api, world.tokens["other_partner_admin"], world.theirs.clients[0])) == PROGRAM
    )


@pytest.mark.rule("A11", "A12", "A17")
async def test_an_override_changes_one_client_and_a_later_default_does_not_touch_it(
    api: Api, world: World
) -> None:
    ada, (acme, globex, _) = world.tokens["partner_admin"], world.ours.clients
    await set_default(api, ada, "PARTNER", world.ours.member)
    done = await set_override(api, ada, acme, "PARTNER", world.ours.admin)
    own = ("PARTNER", world.ours.admin.name, "CLIENT_OVERRIDE")
    assert brief(done["client"]["renewalOwnership"]) == own
    assert brief(await ownership(api, ada, globex)) == ("PARTNER", world.ours.member.name, "PARTNER_DEFAULT")
    before = await ownership(api, ada, acme)
    await set_default(api, ada, "HUBSPOT")
    assert await ownership(api, ada, acme) == before
    assert brief(await ownership(api, ada, globex)) == ("HUBSPOT", None, "PARTNER_DEFAULT")


@pytest.mark.rule("C6")
async def test_an_override_hubspot_copies_its_own_contact_or_else_the_defaults(
    api: Api, world: World
) -> None:
    ada, (acme, globex, _) = world.tokens["partner_admin"], world.ours.clients
    await set_default(api, ada, "PARTNER", world.ours.admin)
    await set_override(api, ada, acme, "HUBSPOT", world.ours.member)
    await set_override(api, ada, globex, "HUBSPOT")
    assert brief(await ownership(api, ada, acme)) == ("HUBSPOT", world.ours.member.name, "CLIENT_OVERRIDE")
    assert brief(await ownership(api, ada, globex)) == ("HUBSPOT", world.ours.admin.name, "CLIENT_OVERRIDE")
    await set_default(api, ada, "PARTNER", world.ours.member)
    assert brief(await ownership(api, ada, globex))[1] == world.ours.member.name


@pytest.mark.rule("C7")
async def test_a_cleared_override_follows_the_default_and_says_so(api: Api, world: World) -> None:
    ada, acme = world.tokens["partner_admin"], world.ours.clients[0]
    await set_override(api, ada, acme, "PARTNER", world.ours.member)
    done = await clear(api, ada, acme)
    assert brief(done["client"]["renewalOwnership"]) == PROGRAM
    await set_default(api, ada, "HUBSPOT", world.ours.admin)
    assert brief(await ownership(api, ada, acme)) == ("HUBSPOT", world.ours.admin.name, "PARTNER_DEFAULT")


@pytest.mark.rule("A5")
async def test_an_owner_is_hubspot_or_partner_and_nothing_else(api: Api, world: World) -> None:
    for owner in ("CLIENT", "hubspot", "", None):
        document = "mutation($o: RenewalOwner!) { setDefaultRenewalOwner(input: { owner: $o }) { cursor } }"
        answer = await api.send(document, world.tokens["partner_admin"], o=owner)
        assert answer.get("data") is None
        assert answer["errors"][0]["extensions"]["code"] in {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}
    assert await everything(world, rows.RenewalOwnership) == []


@pytest.mark.rule("A4", "A3")
async def test_a_member_sets_and_clears_an_override_but_not_the_default(api: Api, world: World) -> None:
    member, acme = world.tokens["partner_member"], world.ours.clients[0]
    assert (await set_override(api, member, acme, "HUBSPOT", world.ours.admin))["userErrors"] == []
    assert (await clear(api, member, acme))["userErrors"] == []
    document = "mutation { setDefaultRenewalOwner(input: { owner: HUBSPOT }) { cursor } }"
    assert await api.code(document, member) == "FORBIDDEN"
    assert len(await everything(world, rows.RenewalOwnership)) == 2


@pytest.mark.rule("A4")
async def test_cam_and_pdm_set_the_default_of_the_partner_they_name(api: Api, world: World) -> None:
    mine = id_of(world.ours.partner)
    for who, owner in (("cam", "PARTNER"), ("pdm", "HUBSPOT")):
        done = await set_default(api, world.tokens[who], owner, world.ours.admin, partnerId=mine)
        assert done["userErrors"] == []
        assert done["partner"]["defaultRenewalOwnership"]["owner"] == owner
    assert refusals(await set_default(api, world.tokens["cam"], "HUBSPOT")) == [("BLANK", ["partnerId"])]
    own = await set_default(api, world.tokens["partner_admin"], "PARTNER", world.ours.member, partnerId=mine)
    assert own["userErrors"] == []


@pytest.mark.rule("A4")
async def test_a_partners_own_machine_sets_overrides_and_no_default(api: Api, world: World) -> None:
    machine = rows.Integration(
        id=new_key(), name="Sync", partner_id=world.ours.partner.id, created_at=world.database.clock()
    )
    async with world.database.write(TEST) as writing:
        writing.session.add(machine)
    token = await world.token_for(machine)
    done = await set_override(api, token, world.ours.clients[0], "PARTNER", world.ours.admin)
    assert done["client"]["renewalOwnership"]["updatedBy"] == {"name": "Sync"}
    document = "mutation { setDefaultRenewalOwner(input: { owner: HUBSPOT }) { cursor } }"
    assert await api.code(document, token) == "FORBIDDEN"


@pytest.mark.rule("D2", "A18")
async def test_setting_what_is_set_already_changes_nothing(api: Api, world: World) -> None:
    ada, acme, max_ = world.tokens["partner_admin"], world.ours.clients[0], world.ours.member
    first = await set_default(api, ada, "PARTNER", max_)
    second = await set_override(api, ada, acme, "HUBSPOT")
    assert await set_default(api, ada, "PARTNER", max_) == first | {"cursor": second["cursor"]}
    assert await set_override(api, ada, acme, "HUBSPOT") == second
    cleared = await clear(api, ada, acme)
    assert await clear(api, ada, acme) == cleared
    assert len(await everything(world, rows.RenewalOwnership)) == 3
    assert len(await everything(world, rows.PartnerEvent)) == 3
    assert len(await everything(world, rows.AuditEntry)) == 3


@pytest.mark.rule("A11", "C6")
async def test_naming_the_contact_that_was_inherited_makes_it_the_overrides_own(
    api: Api, world: World
) -> None:
    ada, acme, max_ = world.tokens["partner_admin"], world.ours.clients[0], world.ours.member
    await set_default(api, ada, "HUBSPOT", max_)
    await set_override(api, ada, acme, "HUBSPOT")
    await set_override(api, ada, acme, "HUBSPOT", max_)
    await set_default(api, ada, "HUBSPOT", world.ours.admin)
    assert brief(await ownership(api, ada, acme)) == ("HUBSPOT", max_.name, "CLIENT_OVERRIDE")


@pytest.mark.rule("A12")
async def test_a_client_shows_its_renewals_and_its_owner_together(api: Api, world: World) -> None:
    document = """query($id: ID!) { client(id: $id) {
      name renewalOwnership { owner source } renewals { nodes { renewsOn } } contacts { name } } }"""
    found = await api.ask(document, world.tokens["partner_member"], id=id_of(world.ours.clients[0]))
    assert found["client"] == {
        "name": "Acme 0",
        "renewalOwnership": {"owner": "HUBSPOT", "source": "PROGRAM_DEFAULT"},
        "renewals": {"nodes": []},
        "contacts": [],
    }
