"""Syncs of many records, several at once, and again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from graphql_api.actions.sync.clients import sync_clients
from graphql_api.actions.sync.deals import sync_deals
from graphql_api.actions.sync.partners import sync_partners
from graphql_api.actions.sync.products import sync_products
from graphql_api.actions.sync.renewals import sync_renewals
from graphql_api.database import Database
from graphql_api.models import rows
from tests.sync.examples import ANA, BEN, CRM, Record, Verb, all_of, client, partner, settle, sync

EUROS = {"amount": "10", "currency": "EUR"}


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that the writer sends meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(database._writer.sync_engine, "before_cursor_execute", note)
    yield sent
    event.remove(database._writer.sync_engine, "before_cursor_execute", note)


def product(number: int, version: str) -> Record:
    types = [{"code": "guided", "name": f"Guided {version}"}]
    named = {"code": f"X{number}", "name": f"Product {version}", "edition": "STARTER"}
    return {**named, "onboarding_types": types}


def firm(number: int, version: str) -> Record:
    user = {"email": "uma@firm.example", "name": f"Uma {version}"}
    return partner(f"X{number}", name=f"Firm {version}", users=[user])


def customer(number: int, version: str) -> Record:
    return client(f"X{number}", name=f"Customer {version}", contacts=[{**ANA, "name": f"Ana {version}"}, BEN])


def renewal(number: int, version: str) -> Record:
    named = {"external_id": f"X{number}", "client_external_id": "C1", "product_codes": ["crm-s"]}
    return {**named, "renews_on": date(2027, 1, len(version)), "current_mrr": EUROS}


def deal(number: int, version: str) -> Record:
    named = {"external_id": f"X{number}", "name": f"Deal {version}", "is_shared": True, "stage": "Won"}
    return {**named, "partner_external_id": "P1", "client_external_id": "C1", "amount": EUROS}


KINDS = [
    pytest.param(sync_products, product, id="products"),
    pytest.param(sync_partners, firm, id="partners"),
    pytest.param(sync_clients, customer, id="clients"),
    pytest.param(sync_renewals, renewal, id="renewals"),
    pytest.param(sync_deals, deal, id="deals"),
]


@pytest.mark.parametrize(("verb", "record"), KINDS)
@pytest.mark.parametrize("version", ["a", "bb"], ids=["created", "updated"])
async def test_the_number_of_statements_does_not_grow_with_the_records(
    database: Database, verb: Verb, record: Any, version: str
) -> None:
    await settle(database)
    if version == "bb":
        await sync(database, verb, *(record(n, "a") for n in range(410)))
    with counted(database) as few:
        await sync(database, verb, *(record(n, version) for n in range(10)))
    with counted(database) as many:
        await sync(database, verb, *(record(n, version) for n in range(10, 410)))
    assert len(many) <= len(few) + 2


@pytest.mark.parametrize(("verb", "record"), KINDS)
async def test_records_that_change_nothing_write_nothing(database: Database, verb: Verb, record: Any) -> None:
    await settle(database)
    records = [record(n, "a") for n in range(30)]
    await sync(database, verb, *records)
    with counted(database) as sent:
        assert (await sync(database, verb, *records))[:3] == (0, 0, 30)
    assert [statement for statement in sent if not statement.startswith(("SELECT", "BEGIN"))] == []


async def test_two_syncs_of_the_same_new_records_make_them_once(database: Database) -> None:
    """Without the lock in `begin`, PostgreSQL refuses the second with a broken unique constraint."""
    await settle(database)
    start = asyncio.Event()

    async def run() -> tuple[int, ...]:
        await start.wait()
        async with database.write(CRM) as writing:
            counts = await sync_clients(writing, [customer(n, "a") for n in range(50)])
            await asyncio.sleep(0.05)
        return counts[:3]

    runs = [asyncio.create_task(run()) for _ in range(4)]
    start.set()
    assert sorted(await asyncio.gather(*runs)) == [(0, 0, 50)] * 3 + [(50, 0, 0)]
    assert len(await all_of(database, rows.Client)) == 52


EMAILS = st.sampled_from(["a@x.example", "B@x.example", "c@x.example", "d@x.example"])


@st.composite
def contact_lists(draw: st.DrawFn) -> list[Record]:
    """Lists that the rules have nothing against: each role goes to one of the contacts at most."""
    emails = draw(st.lists(EMAILS, unique=True, max_size=4))
    roles = {email: set[str]() for email in emails}
    for role in ["PRIMARY", "BILLING", "DECISION_MAKER"] if emails else []:
        roles[draw(st.sampled_from(emails))].add(role)
    names = st.text(min_size=1, max_size=20).filter(lambda text: any(map(str.isalnum, text)))
    return [{"email": email, "name": draw(names), "roles": roles[email]} for email in emails]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contacts=contact_lists(), domain=st.sampled_from([None, "x.example", "Y.example."]))
async def test_whatever_was_there_a_second_sync_changes_nothing(
    database: Database, contacts: list[Record], domain: str | None
) -> None:
    if not await all_of(database, rows.Partner):
        await settle(database)
    record = client("C1", contacts=contacts, domain=domain)
    await sync(database, sync_clients, record)
    assert (await sync(database, sync_clients, record))[:3] == (0, 0, 1)
