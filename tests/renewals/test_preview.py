"""Who would get a client's next notice, under today's owner or another, and when (D5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from graphql_api.models import rows
from graphql_api.models.actor import Role
from graphql_api.models.keys import new_key
from graphql_api.models.renewal import RenewalStatus
from graphql_api.models.renewal_notice import RenewalNoticeKind
from graphql_api.models.renewal_ownership import RenewalOwner
from tests.api import Api
from tests.clock import Clock
from tests.factories import World
from tests.renewals.steps import (
    add,
    brief,
    bring_in_contacts,
    deactivate,
    everything,
    id_of,
    preview,
    reached,
    renewal_of,
    set_default,
    set_override,
    user_of,
)
from tests.setting import set_rows

PIA, BOB, DEE = "pia@client0.example", "bob@client0.example", "dee@client0.example"
ADA, MAX = "ada@northwind.example", "max@northwind.example"


async def with_contacts(api: Api, world: World) -> rows.Client:
    """A client with all three roles filled, and somebody without one."""
    acme = world.ours.clients[0]
    await bring_in_contacts(api, world, acme, Pia="PRIMARY", Bob="BILLING", Dee="DECISION_MAKER", Nil="")
    return acme


@pytest.mark.rule("D5", "A7", "A8", "A10")
async def test_today_and_under_the_other_owner_with_and_without_a_point_of_contact(
    api: Api, world: World
) -> None:
    ada, acme, max_ = world.tokens["partner_admin"], await with_contacts(api, world), world.ours.member
    named = f'pointOfContactId: "{id_of(max_)}"'
    contacts = [PIA, BOB, DEE]
    assert reached(await preview(api, ada, acme)) == (contacts, [], [ADA])
    assert reached(await preview(api, ada, acme, f"(owner: PARTNER, {named})")) == ([MAX], [], contacts)
    assert reached(await preview(api, ada, acme, f"(owner: HUBSPOT, {named})")) == (contacts, [MAX], [])
    assert reached(await preview(api, ada, acme, f"({named})")) == (contacts, [MAX], [])
    await set_default(api, ada, "PARTNER", world.ours.admin)
    assert reached(await preview(api, ada, acme)) == ([ADA], [], contacts)
    assert reached(await preview(api, ada, acme, "(owner: HUBSPOT)")) == (contacts, [ADA], [])
    assert reached(await preview(api, ada, acme, "(owner: PARTNER)")) == ([ADA], [], contacts)
    assert reached(await preview(api, ada, acme, f"({named})")) == ([MAX], [], contacts)
    [setting] = await everything(world, rows.RenewalOwnership)
    assert setting.client_id is None


@pytest.mark.rule("D5")
async def test_a_preview_is_what_setting_the_override_gives(api: Api, world: World) -> None:
    ada, acme = world.tokens["partner_admin"], await with_contacts(api, world)
    await set_default(api, ada, "HUBSPOT", world.ours.member)
    for owner, contact in (
        ("HUBSPOT", world.ours.admin),
        ("PARTNER", world.ours.member),
        ("HUBSPOT", None),
        ("PARTNER", world.ours.admin),
    ):
        named = f', pointOfContactId: "{id_of(contact)}"' if contact else ""
        supposed = await preview(api, ada, acme, f"(owner: {owner}{named})")
        await set_override(api, ada, acme, owner, contact)
        real = await preview(api, ada, acme)
        assert brief(supposed["ownership"]) == brief(real["ownership"])
        assert supposed | {"ownership": None} == real | {"ownership": None}


@pytest.mark.rule("D5", "C9")
async def test_the_explanation_says_who_owns_it_and_who_is_asked_or_copied(api: Api, world: World) -> None:
    ada, acme, max_ = world.tokens["partner_admin"], await with_contacts(api, world), world.ours.member
    says = "HubSpot owns this renewal and writes to the client's contacts. Nobody of the partner is copied."
    assert (await preview(api, ada, acme))["explanation"] == says
    await set_override(api, ada, acme, "PARTNER", max_)
    says = "The partner owns this renewal. Max Northwind, its point of contact, is asked to act."
    assert (await preview(api, ada, acme))["explanation"] == says
    await deactivate(world, max_)
    found = await preview(api, ada, acme)
    assert "Max Northwind, its point of contact, is no longer active" in found["explanation"]
    assert reached(found)[0] == [ADA]


@pytest.mark.rule("C9")
async def test_when_the_point_of_contact_left_the_clients_the_defaults_and_then_the_admins_follow(
    api: Api, world: World
) -> None:
    ada, acme, max_ = world.tokens["partner_admin"], await with_contacts(api, world), world.ours.member
    eva, ivo = await user_of(world, world.ours, "Eva"), await user_of(world, world.ours, "Ivo", Role.ADMIN)
    await set_default(api, ada, "PARTNER", max_)
    await set_override(api, ada, acme, "PARTNER", eva)
    assert reached(await preview(api, ada, acme))[0] == ["eva@northwind.example"]
    await deactivate(world, eva)
    assert reached(await preview(api, ada, acme))[0] == [MAX]
    await deactivate(world, max_)
    assert reached(await preview(api, ada, acme))[0] == [ADA, "ivo@northwind.example"]
    await deactivate(world, ivo)
    assert reached(await preview(api, ada, acme))[0] == [ADA]
    summary = await api.ask("{ partner { summary { alerts { code subject { id } } } } }", ada)
    alerts = summary["partner"]["summary"]["alerts"]
    assert {"code": "POINT_OF_CONTACT_INACTIVE", "subject": {"id": id_of(eva)}} in alerts
    assert {"code": "POINT_OF_CONTACT_INACTIVE", "subject": {"id": id_of(max_)}} in alerts


@pytest.mark.rule("C9", "A10")
async def test_under_hubspot_a_point_of_contact_who_left_is_only_not_copied(api: Api, world: World) -> None:
    ada, acme, max_ = world.tokens["partner_admin"], await with_contacts(api, world), world.ours.member
    await set_default(api, ada, "HUBSPOT", max_)
    assert reached(await preview(api, ada, acme))[1] == [MAX]
    await deactivate(world, max_)
    found = await preview(api, ada, acme)
    assert reached(found)[:2] == ([PIA, BOB, DEE], [])
    assert "Max Northwind is no longer active and not copied" in found["explanation"]
    summary = await api.ask("{ partner { summary { alerts { code } } } }", ada)
    assert summary["partner"]["summary"]["alerts"] == [{"code": "POINT_OF_CONTACT_INACTIVE"}]


@pytest.mark.rule("C9")
async def test_mails_that_cannot_be_delivered_hide_no_point_of_contact_who_left(
    api: Api, world: World
) -> None:
    ada, max_ = world.tokens["partner_admin"], world.ours.member
    await set_default(api, ada, "HUBSPOT", max_)
    await deactivate(world, max_)
    for _ in range(26):  # two mails each
        await world.link()
    refused = {"refused": ["gone@vendor.example"], "has_refusals": True}
    await set_rows(world.database, rows.OutboxMail, rows.OutboxMail.has_refusals.is_(False), **refused)
    alerts = (await api.ask("{ partner { summary { alerts { code } } } }", ada))["partner"]["summary"][
        "alerts"
    ]
    assert [alert["code"] for alert in alerts] == ["POINT_OF_CONTACT_INACTIVE"] + ["EMAIL_UNDELIVERABLE"] * 49


@pytest.mark.rule("C10")
async def test_a_client_without_contacts_is_written_to_by_nobody_not_even_in_copy(
    api: Api, world: World
) -> None:
    ada, acme = world.tokens["partner_admin"], world.ours.clients[0]
    await set_default(api, ada, "HUBSPOT", world.ours.member)
    found = await preview(api, ada, acme)
    assert reached(found) == ([], [], [MAX])
    assert "no contact to send to" in found["explanation"]
    await bring_in_contacts(api, world, acme, Nil="")
    assert reached(await preview(api, ada, acme))[:2] == ([], [])


@pytest.mark.rule("A14", "A15")
async def test_a_change_of_contacts_on_the_clients_side_alters_who_the_next_notice_reaches(
    api: Api, world: World
) -> None:
    ada, acme = world.tokens["partner_admin"], await with_contacts(api, world)
    document = "query($id: ID!) { client(id: $id) { contacts { name roles } } }"
    found = (await api.ask(document, ada, id=id_of(acme)))["client"]["contacts"]
    roles = {contact["name"]: contact["roles"] for contact in found}
    assert roles == {"Pia": ["PRIMARY"], "Bob": ["BILLING"], "Dee": ["DECISION_MAKER"], "Nil": []}
    await bring_in_contacts(api, world, acme, Bob="PRIMARY BILLING DECISION_MAKER", New="BILLING")
    found = await preview(api, ada, acme)
    assert reached(found)[0] == [BOB, "new@client0.example"]
    assert found["to"][0]["roles"] == ["PRIMARY", "BILLING", "DECISION_MAKER"]


@pytest.mark.rule("A14")
async def test_a_partner_cannot_change_a_clients_contacts(api: Api, world: World) -> None:
    acme = await with_contacts(api, world)
    row: dict[str, Any] = {
        "externalId": acme.external_id,
        "partnerExternalId": "northwind",
        "name": acme.name,
        "contacts": [],
    }
    document = "mutation($input: SyncClientsInput!) { syncClients(input: $input) { updated } }"
    for who in ("partner_admin", "partner_member", "cam", "staff_admin"):
        assert await api.code(document, world.tokens[who], input={"clients": [row]}) == "FORBIDDEN"
    assert len(await everything(world, rows.ClientContact, rows.ClientContact.client_id == acme.id)) == 4


@pytest.mark.rule("D5", "C9")
async def test_a_preview_under_an_owner_that_cannot_be_set_is_bad_input(api: Api, world: World) -> None:
    client = f'client(id: "{id_of(world.ours.clients[0])}")'
    partner = f'partner(id: "{id_of(world.ours.partner)}")'
    gone = await user_of(world, world.ours, "Gone")
    await deactivate(world, gone)
    strangers = [id_of(one) for one in (world.theirs.admin, world.ours.cam, gone)] + ["malformed"]
    arguments = ["owner: PARTNER"]
    arguments += [f'owner: {owner}, pointOfContactId: "{one}"' for one in strangers for owner in RenewalOwner]
    for given in arguments:
        for field in (
            f"{client} {{ renewalNoticePreview({given}) {{ explanation }} }}",
            f"{partner} {{ renewalOwnershipImpact({given}) {{ changedClients }} }}",
        ):
            assert await api.code(f"{{ {field} }}", world.tokens["partner_admin"]) == "BAD_USER_INPUT", field


@pytest.mark.rule("D5", "C12")
async def test_the_next_notice_is_due_at_the_next_milestone_that_no_notice_was_decided_for(
    api: Api, world: World, clock: Clock
) -> None:
    ada, acme = world.tokens["partner_admin"], world.ours.clients[0]

    async def days_until_due() -> int | None:
        due = (await preview(api, ada, acme))["nextDueOn"]
        days = [n for n in range(200) if str((clock() + timedelta(days=n)).date()) == due]
        return days[0] if days else None

    assert await days_until_due() is None
    renewal = await renewal_of(world, acme, 130)
    assert await days_until_due() == 10
    clock.advance(days=10)
    assert await days_until_due() == 0
    await add(world, decided(world, renewal, 120))
    assert await days_until_due() == 30
    clock.advance(days=35)
    assert await days_until_due() == 0
    await add(world, decided(world, renewal, 90))
    assert await days_until_due() == 25
    clock.advance(days=70)
    assert await days_until_due() == 0
    await add(world, decided(world, renewal, 50))
    assert await days_until_due() is None
    clock.advance(days=30)
    assert await days_until_due() is None


@pytest.mark.rule("D5", "C12")
async def test_of_several_renewals_the_first_to_be_heard_of_counts_and_settled_ones_do_not(
    api: Api, world: World, clock: Clock
) -> None:
    ada, acme = world.tokens["partner_admin"], world.ours.clients[0]
    for status in (RenewalStatus.RENEWED, RenewalStatus.CANCELLATION_REQUESTED):
        await renewal_of(world, acme, 100, status)
    await renewal_of(world, acme, -1)
    assert (await preview(api, ada, acme))["nextDueOn"] is None
    await renewal_of(world, acme, 200)
    assert (await preview(api, ada, acme))["nextDueOn"] == str((clock() + timedelta(days=80)).date())
    await renewal_of(world, acme, 150, RenewalStatus.CONFIRMED)
    assert (await preview(api, ada, acme))["nextDueOn"] == str((clock() + timedelta(days=30)).date())
    await renewal_of(world, acme, 0)
    assert (await preview(api, ada, acme))["nextDueOn"] == str(clock().date())


def decided(world: World, renewal: rows.Renewal, days_before: int) -> rows.RenewalNotice:
    """A notice that went to nobody, for a milestone."""
    kind = RenewalNoticeKind.NOTICE if days_before == 120 else RenewalNoticeKind.REMINDER
    return rows.RenewalNotice(
        id=new_key(), partner_id=renewal.partner_id, client_id=renewal.client_id, renewal_id=renewal.id,
        renews_on=renewal.renews_on, kind=kind, days_before=days_before, owner=RenewalOwner.HUBSPOT, to=[], cc=[],
        explanation="", created_at=world.database.clock(),
    )  # fmt: skip
