"""Importing a vendor's CSV exports."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from graphql_api.database import Database
from graphql_api.importing.folder import import_folder
from graphql_api.models import rows
from tests.importing.folders import FILES, count_of, counts, imported, written

CLIENTS = "external_id,partner_external_id,name,domain\n"
CONTACTS = "client_external_id,email,name,roles\n"


async def test_a_folder_is_imported_and_a_second_time_changes_nothing(
    database: Database, tmp_path: Path
) -> None:
    folder = written(tmp_path, **FILES)
    first = await imported(database, folder)
    assert (first.imported, first.messages, first.notes) == (True, [], [])
    assert {name: found[:2] for name, found in counts(first).items()} == {
        **dict.fromkeys(FILES, (1, 0)),
        **dict.fromkeys(["products", "clients", "deals"], (2, 0)),
    }
    entries = await count_of(database, rows.AuditEntry)
    again = counts(await imported(database, folder))
    assert {
        name: (made, changed, *others) for name, (made, changed, _, *others) in again.items()
    } == dict.fromkeys(FILES, (0, 0, 0, 0))
    assert await count_of(database, rows.AuditEntry) == entries


async def test_any_of_the_files_will_do(database: Database, tmp_path: Path) -> None:
    await imported(database, written(tmp_path, partners="external_id,name\nP1,One\n"))
    (tmp_path / "partners.csv").unlink()
    report = await imported(database, written(tmp_path, clients=FILES["clients"]))
    assert counts(report) == {"clients": (2, 0, 0, 0, 0)}


async def test_excels_export_is_taken(database: Database, tmp_path: Path) -> None:
    """A byte order mark, semicolons, CRLF, blank rows, and a name with quotes, a line break and a semicolon."""
    rows_ = 'External_ID;partner_external_id;name;domain\r\n\r\nC1; P1 ;"Ana ""A""\r\nLtd; Co";\r\n;;;\r\n'
    await imported(database, written(tmp_path, partners="\ufeffexternal_id,name\nP1,Uno\n"))
    report = await imported(database, written(tmp_path, clients=b"\xef\xbb\xbf" + rows_.encode()))
    assert report.messages == []
    async with database.read() as session:
        client = (await session.scalars(select(rows.Client))).one()
    assert (client.name, client.domain) == ('Ana "A" Ltd; Co', None)


async def test_columns_left_out_stay_and_empty_cells_clear(database: Database, tmp_path: Path) -> None:
    folder = written(tmp_path, **FILES)
    await imported(database, folder)
    fewer = "external_id,partner_external_id,name\nC1,P1,Acme\n"
    assert counts(await imported(database, written(folder, clients=fewer)))["clients"] == (0, 0, 1, 0, 0)
    empty = CLIENTS + "C1,P1,Acme,\n"
    assert counts(await imported(database, written(folder, clients=empty)))["clients"] == (0, 1, 0, 0, 0)
    async with database.read() as session:
        assert await session.scalar(select(rows.Client.domain).where(rows.Client.external_id == "C1")) is None


async def test_bad_rows_are_told_by_line_and_column_and_nothing_is_imported(
    database: Database, tmp_path: Path
) -> None:
    bad = {
        "products": "code,name,edition,onboarding_types\ns1,S,HUGE,g:\np1,P,STARTER,\n",
        "partners": "external_id,name,cam_email\nP1,One,who@v.example\n",
        "clients": CLIENTS + 'C1,P1,"two\nlines",no domain\nC2,P7,,\nC1,P1,Again,\nC3,P1\n',
        "renewals": (
            "external_id,client_external_id,product_codes,renews_on,current_mrr,currency\n"
            "R1,C9,s1|x1,tomorrow,1e5,EURO\nR2,C9,p1,2027-02-30,,EUR\n"
        ),
        "deals": "external_id,name,shared,stage,amount\nD1,Deal,maybe,Won,12\n",
    }
    report = await imported(database, written(tmp_path, **bad))
    assert report.messages == [
        "products.csv:2: edition: is none of STARTER, PROFESSIONAL, ENTERPRISE",
        "products.csv:2: onboarding_types: g:: must not be blank",
        "partners.csv:2: cam_email: not found: who@v.example",
        "clients.csv:2: domain: is not a domain, as in acme.example",
        "clients.csv:2: partner_external_id: partners.csv:2 is bad",
        "clients.csv:4: name: must not be blank",
        "clients.csv:4: partner_external_id: not found: P7",
        "clients.csv:5: external_id: is on line 2 already",
        "clients.csv:6: has 2 cells where the header has 4",
        "renewals.csv:2: renews_on: is not a date, as in 2026-07-31",
        "renewals.csv:2: current_mrr: is not a decimal below 10^12 with at most 4 places",
        "renewals.csv:2: currency: is not a currency of ISO 4217",
        "renewals.csv:2: client_external_id: not found: C9",
        "renewals.csv:2: product_codes: products.csv:2 is bad",
        "renewals.csv:2: product_codes: not found: x1",
        "renewals.csv:3: renews_on: is not a date, as in 2026-07-31",
        "renewals.csv:3: current_mrr: is missing where a currency is given",
        "renewals.csv:3: client_external_id: not found: C9",
        "deals.csv:2: shared: is neither true nor false",
        "deals.csv:2: currency: is missing, with an amount",
    ]
    assert (report.imported, await count_of(database, rows.Product)) == (False, 0)


async def test_a_day_that_nobody_can_mean_is_a_bad_row(database: Database, tmp_path: Path) -> None:
    await imported(database, written(tmp_path, **FILES))
    for name, column, day in (("renewals", "renews_on", "2027-01-31"), ("deals", "closes_on", "2026-12-01")):
        bad = FILES[name].replace(day, "0001-01-01")
        report = await imported(database, written(tmp_path, **{**FILES, name: bad}))
        assert report.messages == [f"{name}.csv:2: {column}: is not between 2000-01-01 and 2099-12-31"]


@pytest.mark.rule("B21")
async def test_somebody_who_cannot_look_after_a_partner_is_a_bad_row(
    database: Database, tmp_path: Path
) -> None:
    await imported(database, written(tmp_path, **FILES))
    moved = FILES["staff"].replace("CHANNEL_ACCOUNT_MANAGER", "RENEWAL_MANAGER")
    report = await imported(database, written(tmp_path, staff=moved))
    [says] = report.messages
    assert says.startswith("partners.csv:2: cam_email: has the role RENEWAL_MANAGER; it takes ")


async def test_the_rest_is_imported_where_bad_rows_are_skipped(database: Database, tmp_path: Path) -> None:
    files = {
        "partners": "external_id,name,cam_email\nP1,One,\nP2,Two,who@v.example\n",
        "clients": CLIENTS + "C1,P1,Acme,\nC2,P2,Bolt,\n",
    }
    report = await imported(database, written(tmp_path, **files), skip_bad_rows=True)
    assert report.messages[1:] == ["clients.csv:3: partner_external_id: partners.csv:3 is bad"]
    assert counts(report) == {"partners": (1, 0, 0, 0, 1), "clients": (1, 0, 0, 0, 1)}
    assert (report.imported, await count_of(database, rows.Client)) == (True, 1)


async def test_an_old_row_that_turns_bad_can_still_be_named(database: Database, tmp_path: Path) -> None:
    await imported(database, written(tmp_path, **FILES))
    bad = "external_id,name,cam_email\nP1,One,who@v.example\n"
    report = await imported(database, written(tmp_path, partners=bad), skip_bad_rows=True)
    assert report.messages == ["partners.csv:2: cam_email: not found: who@v.example"]
    assert counts(report)["clients"] == (0, 0, 2, 0, 0)


async def test_contacts_that_the_rows_of_a_client_leave_out_are_removed(
    database: Database, tmp_path: Path
) -> None:
    await imported(database, written(tmp_path, **FILES))
    others = (
        CONTACTS + "C2,e@bolt.example,Eva,\nC1,b@acme.example,Ben,PRIMARY\nC2,f@bolt.example,Flo,BILLING\n"
    )
    report = await imported(database, written(tmp_path, contacts=others))
    assert counts(report)["contacts"] == (3, 0, 0, 1, 0)
    assert str(report.files[5]) == "contacts.csv: 3 created, 0 updated, 0 unchanged, 1 removed"
    (tmp_path / "contacts.csv").write_text(CONTACTS + "C1,b@acme.example,Ben,PRIMARY\n")
    assert counts(await imported(database, tmp_path))["contacts"] == (0, 0, 1, 0, 0)
    assert await count_of(database, rows.ClientContact) == 3


@pytest.mark.parametrize("odd", ["C1,a@acme.example,Ana,BOSS", "C1,a@acme.example", "C1,b@acme.example,Ben,"])
async def test_a_bad_contact_keeps_its_clients_contacts_as_they_were(
    database: Database, tmp_path: Path, odd: str
) -> None:
    """Without the bad row, the list would say that the contact is to be removed."""
    await imported(database, written(tmp_path, **FILES))
    broken = CONTACTS + f"C1,b@acme.example,Ben,\n{odd}\nC2,e@bolt.example,Eva,\n"
    report = await imported(database, written(tmp_path, contacts=broken), skip_bad_rows=True)
    left_out = "contacts.csv:2: client_external_id: left out with the bad row on line 3, which has the same"
    assert report.messages[0] == left_out
    assert counts(report)["contacts"] == (1, 0, 0, 0, 2)
    async with database.read() as session:
        emails = set(await session.scalars(select(rows.ClientContact.email)))
    assert emails == {"a@acme.example", "e@bolt.example"}


async def test_contacts_of_an_unknown_client_are_all_bad(database: Database, tmp_path: Path) -> None:
    two = CONTACTS + "C7,a@acme.example,Ana,\nC7,b@acme.example,Ben,\n"
    report = await imported(database, written(tmp_path, contacts=two))
    assert report.messages == [f"contacts.csv:{n}: client_external_id: not found: C7" for n in (2, 3)]


async def test_too_many_of_a_role_are_told_at_the_row_that_is_too_many(
    database: Database, tmp_path: Path
) -> None:
    two = CONTACTS + "C1,a@acme.example,Ana,PRIMARY\nC1,b@acme.example,Ben,PRIMARY\n"
    report = await imported(database, written(tmp_path, **(FILES | {"contacts": two})))
    assert "contacts.csv:3: roles: a client has at most 1 with the role PRIMARY" in report.messages


async def test_more_rows_than_one_sync_takes_are_imported_in_one_transaction(
    database: Database, tmp_path: Path
) -> None:
    many = [f"C{n},{'P1' if n != 1203 else 'P9'},Client {n},\n" for n in range(1300)]
    folder = written(tmp_path, partners="external_id,name\nP1,One\n", clients=CLIENTS + "".join(many))
    report = await imported(database, folder)
    assert report.messages == ["clients.csv:1205: partner_external_id: not found: P9"]
    assert await count_of(database, rows.Client) == 0
    assert counts(await imported(database, folder, skip_bad_rows=True))["clients"] == (1299, 0, 0, 0, 1)


async def test_progress_reaches_the_end_of_each_file(database: Database, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    many = "".join(f"P{n},Partner\n" for n in range(700))
    folder = written(tmp_path, partners="external_id,name\n" + many)
    await import_folder(database, folder, skip_bad_rows=False, progress=lambda *step: told.append(step))
    assert told == [("partners.csv", 0, 700), ("partners.csv", 500, 700), ("partners.csv", 700, 700)]
