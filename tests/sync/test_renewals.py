"""Renewals, from the subscription system."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from graphql_api.actions.sync.deals import sync_deals
from graphql_api.actions.sync.renewals import sync_renewals
from graphql_api.database import Database
from graphql_api.models import rows
from graphql_api.models.renewal import RenewalStatus
from tests.sync.examples import Record, all_of, last_audit, one_of, refusals, settle, sync


def renewal(external_id: str = "R1", **more: object) -> Record:
    values = {"client_external_id": "C1", "product_codes": ["crm-p", "crm-s"], "renews_on": date(2027, 1, 31)}
    return {"external_id": external_id, **values, **more}


def euros(amount: str) -> Record:
    return {"amount": amount, "currency": "EUR"}


@pytest.fixture(autouse=True)
async def settled(database: Database) -> None:
    await settle(database)


async def codes_of(database: Database, external_id: str) -> list[str]:
    codes = {product.id: product.code for product in await all_of(database, rows.Product)}
    return [
        codes[listed.product_id] for listed in (await one_of(database, rows.Renewal, external_id)).products
    ]


async def test_a_renewal_keeps_its_amounts_exactly_and_its_products_in_order(database: Database) -> None:
    full = renewal(current_mrr=euros("0.1"), renewal_mrr=euros("999999999999.9999"))
    assert (await sync(database, sync_renewals, full))[:3] == (1, 0, 0)
    assert (await sync(database, sync_renewals, full))[:3] == (0, 0, 1)
    found = await one_of(database, rows.Renewal, "R1")
    assert (found.current_mrr, found.renewal_mrr, found.currency) == (
        Decimal("0.1"),
        Decimal("999999999999.9999"),
        "EUR",
    )
    assert found.status is RenewalStatus.PENDING
    assert await codes_of(database, "R1") == ["crm-p", "crm-s"]


async def test_products_change_their_order_and_leave(database: Database) -> None:
    await sync(database, sync_renewals, renewal())
    await sync(database, sync_renewals, renewal(product_codes=["crm-s", "crm-p"]))
    assert await codes_of(database, "R1") == ["crm-s", "crm-p"]
    await sync(database, sync_renewals, renewal(product_codes=["crm-p"]))
    assert await codes_of(database, "R1") == ["crm-p"]
    entry = await last_audit(database, "renewal.sync")
    assert [(change["before"], change["after"]) for change in entry.changes] == [("crm-s, crm-p", "crm-p")]


async def test_amounts_are_cleared_one_by_one_and_the_currency_with_the_last(database: Database) -> None:
    await sync(database, sync_renewals, renewal(current_mrr=euros("10"), renewal_mrr=euros("12.50")))
    await sync(database, sync_renewals, renewal(current_mrr=None))
    found = await one_of(database, rows.Renewal, "R1")
    assert (found.current_mrr, found.renewal_mrr, found.currency) == (None, Decimal("12.50"), "EUR")
    await sync(database, sync_renewals, renewal(renewal_mrr=None))
    assert (await one_of(database, rows.Renewal, "R1")).currency is None


async def test_both_amounts_change_their_currency_together(database: Database) -> None:
    await sync(database, sync_renewals, renewal(current_mrr=euros("10"), renewal_mrr=euros("12")))
    dollars = {"amount": "11", "currency": "usd"}
    found = await refusals(database, sync_renewals, renewal(renewal_mrr=dollars))
    assert found == {("INVALID", ("renewals", "0", "renewalMrr", "currency"))}
    await sync(database, sync_renewals, renewal(current_mrr=dollars, renewal_mrr=dollars))
    assert (await one_of(database, rows.Renewal, "R1")).currency == "USD"


async def test_a_manager_is_named_and_taken_away(database: Database) -> None:
    await sync(database, sync_renewals, renewal(renewal_manager_email="rm@vendor.example"))
    await sync(database, sync_renewals, renewal(renewal_manager_email=None))
    entry = await last_audit(database, "renewal.sync")
    told = {"before": "rm@vendor.example", "after": None, "staff_only": False}
    assert entry.changes == [{"field": "renewalManager", **told}]


@pytest.mark.parametrize(
    "amount", ["", "1,5", "1e3", "NaN", "Infinity", "1.23456", "1000000000000", "٣", "0x1"]
)
async def test_an_amount_is_a_plain_decimal(database: Database, amount: str) -> None:
    found = await refusals(database, sync_renewals, renewal(current_mrr=euros(amount)))
    assert found == {("INVALID", ("renewals", "0", "currentMrr", "amount"))}


async def test_an_amount_is_never_a_float(database: Database) -> None:
    floating = {"amount": 1.5, "currency": "XYZ"}
    found = await refusals(database, sync_renewals, renewal(current_mrr=floating))
    assert found == {
        ("INVALID", ("renewals", "0", "currentMrr", "amount")),
        ("INVALID", ("renewals", "0", "currentMrr", "currency")),
    }


async def test_bad_renewals_are_refused_with_their_fields(database: Database) -> None:
    await sync(database, sync_renewals, renewal("R1"))
    found = await refusals(
        database,
        sync_renewals,
        renewal("R1", client_external_id="C2"),
        renewal("R2", client_external_id="C7", renewal_manager_email="who@vendor.example"),
        renewal("R3", product_codes=["crm-s", "crm-x", "crm-s"], renews_on="soon", status="LOST"),
        {"external_id": "R4"},
    )
    assert found == {
        ("INVALID", ("renewals", "0", "clientExternalId")),
        ("NOT_FOUND", ("renewals", "1", "clientExternalId")),
        ("NOT_FOUND", ("renewals", "1", "renewalManagerEmail")),
        ("NOT_FOUND", ("renewals", "2", "productCodes", "1")),
        ("DUPLICATE_PRODUCT", ("renewals", "2", "productCodes", "2")),
        ("INVALID", ("renewals", "2", "renewsOn")),
        ("INVALID", ("renewals", "2", "status")),
        ("BLANK", ("renewals", "3", "clientExternalId")),
        ("BLANK", ("renewals", "3", "productCodes")),
        ("BLANK", ("renewals", "3", "renewsOn")),
    }


@pytest.mark.parametrize("day", ["0001-01-01", "1970-01-01", "1999-12-31", "2100-01-01", "9999-12-31"])
async def test_a_day_that_only_says_that_none_is_known_is_refused(database: Database, day: str) -> None:
    found = await refusals(database, sync_renewals, renewal(renews_on=date.fromisoformat(day)))
    assert found == {("INVALID", ("renewals", "0", "renewsOn"))}
    closing = {
        "external_id": "D1",
        "name": "Sale",
        "is_shared": True,
        "stage": "Won",
        "closes_on": date.fromisoformat(day),
    }
    assert await refusals(database, sync_deals, closing) == {("INVALID", ("deals", "0", "closesOn"))}


async def test_the_first_and_the_last_day_that_can_be_meant_are_taken(database: Database) -> None:
    ends = [renewal("R1", renews_on=date(2000, 1, 1)), renewal("R2", renews_on=date(2099, 12, 31))]
    assert (await sync(database, sync_renewals, *ends))[:3] == (2, 0, 0)
