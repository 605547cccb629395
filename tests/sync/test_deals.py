"""Deals from the CRM, and what a change means for the links attached to them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from graphql_api.actions.sync.clients import sync_clients
from graphql_api.actions.sync.deals import sync_deals
from graphql_api.database import Database
from graphql_api.models import rows
from graphql_api.models.confirmation_link import LinkStatus
from tests.sync.examples import (
    Record,
    all_of,
    attached_link,
    client,
    last_audit,
    one_of,
    refusals,
    settle,
    sync,
)

CLIENT_FIELD = ("deals", "0", "clientExternalId")
PARTNER_FIELD = ("deals", "0", "partnerExternalId")


def deal(external_id: str = "D1", **more: object) -> Record:
    named: dict[str, Any] = {
        "external_id": external_id,
        "name": "Big sale",
        "is_shared": True,
        "stage": "Proposal",
    }
    return {**named, "partner_external_id": "P1", "client_external_id": "C1", **more}


@pytest.fixture(autouse=True)
async def settled(database: Database) -> None:
    await settle(database)
    await sync(database, sync_clients, client("C3"))


async def synced(database: Database) -> rows.Deal:
    await sync(database, sync_deals, deal())
    return await one_of(database, rows.Deal, "D1")


async def the_link(database: Database) -> rows.ConfirmationLink:
    (link,) = await all_of(database, rows.ConfirmationLink)
    return link


async def test_a_deal_moves_its_version_only_when_something_changes(database: Database) -> None:
    full = deal(amount={"amount": "1200.50", "currency": "EUR"}, closes_on=date(2026, 12, 24))
    assert (await sync(database, sync_deals, full))[:3] == (1, 0, 0)
    assert (await sync(database, sync_deals, full))[:3] == (0, 0, 1)
    assert (await one_of(database, rows.Deal, "D1")).version == 1
    assert (await sync(database, sync_deals, deal(stage="Won")))[:3] == (0, 1, 0)
    found = await one_of(database, rows.Deal, "D1")
    assert (found.version, found.stage, found.amount) == (2, "Won", Decimal("1200.50"))


async def test_null_clears_what_a_deal_may_lack(database: Database) -> None:
    await sync(
        database, sync_deals, deal(amount={"amount": "1", "currency": "EUR"}, closes_on=date(2026, 12, 24))
    )
    nothing: dict[str, Any] = dict.fromkeys(
        ["partner_external_id", "client_external_id", "amount", "closes_on"]
    )
    await sync(database, sync_deals, deal(**nothing))
    found = await one_of(database, rows.Deal, "D1")
    assert (found.partner_id, found.client_id, found.amount, found.currency, found.closes_on) == (None,) * 5


async def test_bad_deals_are_refused_with_their_fields(database: Database) -> None:
    found = await refusals(
        database,
        sync_deals,
        deal(client_external_id="C2", stage=""),
        deal("D2", partner_external_id="P7", amount={"amount": "1", "currency": "EURO"}),
        {"external_id": "D3", "client_external_id": "C7"},
    )
    assert found == {
        ("INVALID", CLIENT_FIELD),
        ("BLANK", ("deals", "0", "stage")),
        ("NOT_FOUND", ("deals", "1", "partnerExternalId")),
        ("INVALID", ("deals", "1", "amount", "currency")),
        ("BLANK", ("deals", "2", "name")),
        ("BLANK", ("deals", "2", "isShared")),
        ("BLANK", ("deals", "2", "stage")),
        ("NOT_FOUND", ("deals", "2", "clientExternalId")),
    }


async def test_a_deal_does_not_take_its_client_to_another_partner(database: Database) -> None:
    await synced(database)
    moved = {"external_id": "D1", "partner_external_id": "P2"}
    assert await refusals(database, sync_deals, moved) == {("INVALID", PARTNER_FIELD)}
    await sync(database, sync_deals, {**moved, "client_external_id": "C2"})


@pytest.mark.rule("C19")
async def test_a_deal_with_links_stays_with_its_partner(database: Database) -> None:
    await attached_link(database, await synced(database))
    moved = deal(partner_external_id="P2", client_external_id="C2")
    assert ("DEAL_MISMATCH", PARTNER_FIELD) in await refusals(database, sync_deals, moved)


@pytest.mark.rule("C2")
async def test_pending_links_follow_their_deal_to_its_new_client(database: Database) -> None:
    await attached_link(database, await synced(database))
    await sync(database, sync_deals, deal(client_external_id="C3"))
    link, new = await the_link(database), await one_of(database, rows.Client, "C3")
    assert (link.client_id, link.version) == (new.id, 1)
    entry = await last_audit(database, "confirmation_link.sync")
    assert [change["after"] for change in entry.changes] == [str(new.node_id)]
    await sync(database, sync_deals, deal(client_external_id=None))
    assert (await the_link(database)).client_id is None


@pytest.mark.rule("C2")
@pytest.mark.parametrize("status", [LinkStatus.PENDING, LinkStatus.CONFIRMED])
async def test_a_deal_with_a_link_that_was_sent_keeps_its_client(
    database: Database, status: LinkStatus
) -> None:
    was = await synced(database)
    await attached_link(database, was, sent_at=was.created_at, status=status)
    found = await refusals(database, sync_deals, deal(client_external_id="C3"))
    assert found == {("DEAL_MISMATCH", CLIENT_FIELD)}
    assert await sync(database, sync_deals, deal(name="Another name")) == (0, 1, 0, 0)


@pytest.mark.rule("C2")
async def test_a_link_sent_before_its_deal_had_a_client_gets_that_client(database: Database) -> None:
    await sync(database, sync_deals, deal(client_external_id=None))
    was = await one_of(database, rows.Deal, "D1")
    await attached_link(database, was, sent_at=was.created_at)
    await sync(database, sync_deals, deal())
    assert (await the_link(database)).client_id == (await one_of(database, rows.Client, "C1")).id


async def test_links_stay_on_a_deal_that_is_shared_no_longer(database: Database) -> None:
    was = await synced(database)
    await attached_link(database, was)
    await sync(database, sync_deals, deal(is_shared=False))
    assert (await the_link(database)).deal_id == was.id


@pytest.mark.rule("D12")
async def test_a_partner_is_not_told_of_direct_deals(database: Database) -> None:
    await sync(database, sync_deals, deal(is_shared=False))
    assert (await last_audit(database, "deal.sync")).staff_only
    await sync(database, sync_deals, deal(name="Shared now"))
    entry = await last_audit(database, "deal.sync")
    assert not entry.staff_only
    assert [(change["field"], change["staff_only"]) for change in entry.changes] == [
        ("name", True),
        ("isShared", True),
    ]
