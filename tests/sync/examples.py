"""What the tests of the syncs start from, and how they ask what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, select

from graphql_api.actions.sync.clients import sync_clients
from graphql_api.actions.sync.partners import sync_partners
from graphql_api.actions.sync.products import sync_products
from graphql_api.actions.sync.staff import sync_staff
from graphql_api.actions.sync.upsert import SyncCounts
from graphql_api.database import Database, Writing
from graphql_api.models import rows
from graphql_api.models.by import By
from graphql_api.models.keys import new_key
from graphql_api.models.refusal import Refusal, Refused

Record = Mapping[str, Any]
Verb = Callable[[Writing, Sequence[Record]], Awaitable[SyncCounts]]
Model = TypeVar("Model", bound=rows.Base)

CRM = By(None, "CRM")

STAFF = [
    {"email": "cam@vendor.example", "name": "Cam", "role": "CHANNEL_ACCOUNT_MANAGER"},
    {"email": "pdm@vendor.example", "name": "Pam", "role": "PARTNER_DEVELOPMENT_MANAGER"},
    {"email": "rm@vendor.example", "name": "Rem", "role": "RENEWAL_MANAGER"},
]
STARTER = {"code": "crm-s", "name": "CRM Starter", "edition": "STARTER", "onboarding_types": []}
PRO = {
    "code": "crm-p",
    "name": "CRM Professional",
    "edition": "PROFESSIONAL",
    "onboarding_types": [{"code": "guided", "name": "Guided"}, {"code": "self", "name": "Self-service"}],
}
ANA = {"email": "ana@acme.example", "name": "Ana", "roles": ["PRIMARY", "BILLING"], "locale": "ES"}
BEN = {"email": "ben@acme.example", "name": "Ben", "roles": ["DECISION_MAKER"]}


def partner(external_id: str, **more: object) -> Record:
    return {"external_id": external_id, "name": f"Partner {external_id}", **more}


def client(external_id: str, partner_external_id: str = "P1", **more: object) -> Record:
    named = {"external_id": external_id, "partner_external_id": partner_external_id}
    return {**named, "name": f"Client {external_id}", **more}


async def sync(database: Database, verb: Verb, *records: Record) -> SyncCounts:
    async with database.write(CRM) as writing:
        return await verb(writing, records)


async def refusals(database: Database, verb: Verb, *records: Record) -> set[tuple[str, tuple[str, ...]]]:
    """Code and field of everything that stands against the records."""
    with pytest.raises((Refused, Refusal)) as caught:
        await sync(database, verb, *records)
    found = caught.value.exceptions if isinstance(caught.value, Refused) else [caught.value]
    return {(one.code.value, one.field) for one in found if isinstance(one, Refusal)}


async def settle(database: Database) -> None:
    """Staff, two products, two partners with a client each."""
    await sync(database, sync_staff, *STAFF)
    await sync(database, sync_products, STARTER, PRO)
    await sync(database, sync_partners, partner("P1"), partner("P2"))
    await sync(database, sync_clients, client("C1"), client("C2", "P2"))


async def all_of(database: Database, model: type[Model]) -> Sequence[Model]:
    keyed: Any = model
    async with database.read() as session:
        return (await session.scalars(select(model).order_by(keyed.id))).all()


async def one_of(database: Database, model: type[Model], external_id: str) -> Model:
    named: Any = model
    async with database.read() as session:
        return (await session.scalars(select(model).where(named.external_id == external_id))).one()


async def count_of(database: Database, model: type[rows.Base]) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(model)) or 0


async def last_audit(database: Database, action: str) -> rows.AuditEntry:
    return [entry for entry in await all_of(database, rows.AuditEntry) if entry.action == action][-1]


async def contacts_of(database: Database, external_id: str) -> dict[str, list[str]]:
    """The roles of each contact of a client, by e-mail."""
    mine = await one_of(database, rows.Client, external_id)
    found = await all_of(database, rows.ClientContact)
    return {contact.email: [*contact.roles] for contact in found if contact.client_id == mine.id}


async def attached_link(database: Database, deal: rows.Deal, **more: object) -> rows.ConfirmationLink:
    """A link of the deal's partner, on the deal, with the deal's client."""
    async with database.write(CRM) as writing:
        author = rows.Integration(id=new_key(), name="CRM", created_at=writing.now)
        writing.session.add(author)
        await writing.session.flush()
        values: dict[str, Any] = {
            "partner_id": deal.partner_id,
            "client_id": deal.client_id,
            "deal_id": deal.id,
            "provides_onboarding": False,
            "created_by_id": author.id,
            "created_at": writing.now,
            "updated_at": writing.now,
        }
        link = rows.ConfirmationLink(id=new_key(), name="Link", **(values | more))
        writing.session.add(link)
    return link
