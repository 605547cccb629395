"""Clients and their contacts, from the CRM."""

from __future__ import annotations

import pytest

from graphql_api.actions.sync.clients import sync_clients
from graphql_api.database import Database
from graphql_api.models import rows
from tests.sync.examples import (
    ANA,
    BEN,
    all_of,
    client,
    contacts_of,
    count_of,
    last_audit,
    one_of,
    refusals,
    settle,
    sync,
)


@pytest.fixture(autouse=True)
async def settled(database: Database) -> None:
    await settle(database)


async def test_a_client_comes_with_its_contacts(database: Database) -> None:
    counts = await sync(database, sync_clients, client("C9", domain="Acme.Example", contacts=[ANA, BEN]))
    assert counts[:3] == (1, 0, 0)
    assert (await one_of(database, rows.Client, "C9")).domain == "acme.example"
    roles = {"ana@acme.example": ["PRIMARY", "BILLING"], "ben@acme.example": ["DECISION_MAKER"]}
    assert await contacts_of(database, "C9") == roles


async def test_the_same_again_changes_nothing(database: Database) -> None:
    same = client("C9", domain="acme.example", contacts=[ANA, BEN])
    await sync(database, sync_clients, same)
    entries = await count_of(database, rows.AuditEntry)
    assert (await sync(database, sync_clients, same))[:3] == (0, 0, 1)
    assert await count_of(database, rows.AuditEntry) == entries


async def test_what_is_left_out_stays_and_null_clears(database: Database) -> None:
    await sync(database, sync_clients, client("C9", domain="acme.example", contacts=[ANA]))
    assert (await sync(database, sync_clients, {"external_id": "C9", "name": None}))[:3] == (0, 0, 1)
    assert (await sync(database, sync_clients, {"external_id": "C9", "domain": None}))[:3] == (0, 1, 0)
    found = await one_of(database, rows.Client, "C9")
    assert (found.name, found.domain) == ("Client C9", None)
    assert list(await contacts_of(database, "C9")) == ["ana@acme.example"]


@pytest.mark.rule("D10")
async def test_a_change_is_in_the_audit_log_field_by_field(database: Database) -> None:
    await sync(database, sync_clients, client("C9", contacts=[ANA]))
    await sync(database, sync_clients, client("C9", name="Acme", contacts=[{**ANA, "name": "Ana María"}]))
    entry = await last_audit(database, "client.sync")
    mine = await one_of(database, rows.Client, "C9")
    changed = {change["field"]: (change["before"], change["after"]) for change in entry.changes}
    contact = ("Ana, PRIMARY, BILLING, ES", "Ana María, PRIMARY, BILLING, ES")
    assert changed == {"name": ("Client C9", "Acme"), "contacts.ana@acme.example": contact}
    assert (entry.actor_name, entry.subject_id, entry.partner_id) == ("CRM", mine.node_id, mine.partner_id)


async def test_contacts_swap_their_roles_in_one_sync(database: Database) -> None:
    await sync(database, sync_clients, client("C9", contacts=[ANA, BEN]))
    swapped = [{**ANA, "roles": ["DECISION_MAKER"]}, {**BEN, "roles": ["PRIMARY", "BILLING"]}]
    assert (await sync(database, sync_clients, client("C9", contacts=swapped)))[:3] == (0, 1, 0)
    roles = {"ana@acme.example": ["DECISION_MAKER"], "ben@acme.example": ["PRIMARY", "BILLING"]}
    assert await contacts_of(database, "C9") == roles


async def test_a_contact_takes_the_role_of_one_who_left(database: Database) -> None:
    await sync(database, sync_clients, client("C9", contacts=[ANA, BEN]))
    eva = {"email": "eva@acme.example", "name": "Eva", "roles": ["DECISION_MAKER"]}
    await sync(database, sync_clients, client("C9", contacts=[ANA, eva]))
    roles = {"ana@acme.example": ["PRIMARY", "BILLING"], "eva@acme.example": ["DECISION_MAKER"]}
    assert await contacts_of(database, "C9") == roles


async def test_a_contact_may_have_no_role_and_null_removes_all_contacts(database: Database) -> None:
    await sync(database, sync_clients, client("C9", contacts=[{**ANA, "roles": []}]))
    assert await contacts_of(database, "C9") == {"ana@acme.example": []}
    await sync(database, sync_clients, client("C9", contacts=None))
    assert await contacts_of(database, "C9") == {}


async def test_a_client_has_room_for_one_primary_three_billing_and_one_decision_maker(
    database: Database,
) -> None:
    many = [
        {"email": f"{n}@acme.example", "name": "N", "roles": ["BILLING"] + ["PRIMARY"] * (n < 2)}
        for n in range(4)
    ]
    found = await refusals(database, sync_clients, client("C9", contacts=many))
    assert found == {
        ("LIMIT_EXCEEDED", ("clients", "0", "contacts", "1", "roles")),
        ("LIMIT_EXCEEDED", ("clients", "0", "contacts", "3", "roles")),
    }


async def test_roles_that_are_kept_count_too(database: Database) -> None:
    await sync(database, sync_clients, client("C9", contacts=[ANA]))
    kept = [{"email": "ana@acme.example"}, {**BEN, "roles": ["PRIMARY"]}]
    found = await refusals(database, sync_clients, client("C9", contacts=kept))
    assert found == {("LIMIT_EXCEEDED", ("clients", "0", "contacts", "1", "roles"))}


async def test_every_refusal_of_every_record_is_told_and_nothing_is_written(database: Database) -> None:
    found = await refusals(
        database,
        sync_clients,
        client("C8"),
        client("", name=" ", domain="http://acme.example/"),
        client("C9", "P7", name="x" * 201, contacts=[{**ANA, "email": "nobody"}, {"email": "e@x.example"}]),
        client("C8", contacts=[ANA, {**ANA, "email": "ANA@acme.example", "roles": []}]),
    )
    assert found == {
        ("BLANK", ("clients", "1", "externalId")),
        ("BLANK", ("clients", "1", "name")),
        ("INVALID", ("clients", "1", "domain")),
        ("NOT_FOUND", ("clients", "2", "partnerExternalId")),
        ("TOO_LONG", ("clients", "2", "name")),
        ("INVALID", ("clients", "2", "contacts", "0", "email")),
        ("BLANK", ("clients", "2", "contacts", "1", "name")),
        ("INVALID", ("clients", "3", "externalId")),
        ("INVALID", ("clients", "3", "contacts", "1", "email")),
    }
    assert len(await all_of(database, rows.Client)) == 2


async def test_a_client_does_not_move_to_another_partner(database: Database) -> None:
    found = await refusals(database, sync_clients, client("C1", "P2"))
    assert found == {("INVALID", ("clients", "0", "partnerExternalId"))}


@pytest.mark.parametrize(
    "domain", ["localhost", "a b.example", "-a.example", "10.0.0.1", "x..example", "e@x.example"]
)
async def test_a_domain_is_a_plausible_host_name(database: Database, domain: str) -> None:
    found = await refusals(database, sync_clients, client("C9", domain=domain))
    assert found == {("INVALID", ("clients", "0", "domain"))}


async def test_a_domain_with_accents_is_kept_in_ascii(database: Database) -> None:
    await sync(database, sync_clients, client("C9", domain="Año.example"))
    assert (await one_of(database, rows.Client, "C9")).domain == "xn--ao-zja.example"


async def test_500_records_are_taken_and_501_are_not(database: Database) -> None:
    many = [client(f"M{n}") for n in range(501)]
    assert await refusals(database, sync_clients, *many) == {("LIMIT_EXCEEDED", ("clients",))}
    assert (await sync(database, sync_clients, *many[:500]))[:3] == (500, 0, 0)


async def test_a_list_inside_a_record_has_the_same_limit(database: Database) -> None:
    many = [{"email": f"{n}@acme.example", "name": "N", "roles": []} for n in range(501)]
    found = await refusals(database, sync_clients, client("C9", contacts=many))
    assert found == {("LIMIT_EXCEEDED", ("clients", "0", "contacts"))}
