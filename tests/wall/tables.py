"""Whose each row is, said once more and apart from the wall: what it is held against."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table, Uuid, literal_column, select

from graphql_api.database import Database
from graphql_api.models.rows import Base

OPEN: Final = {
    "idempotency_keys": "each use is found by the caller's own token or link, never listed; no partner is named",
    "onboarding_types": "the catalogue, which everybody sees",
    "products": "the catalogue, which everybody sees",
    "streams": "how far each stream has moved, and nothing of what moved it",
}
"""Tables without a wall, and why."""

OWNERS: Final = {
    "actors": "partner_id",
    "api_tokens": "actor_id",
    "assignments": "partner_id",
    "attachment_requests": "partner_id",
    "audit_entries": "partner_id",
    "checkout_links": "(SELECT partner_id FROM confirmation_links WHERE id = link_id)",
    "checkouts": "(SELECT partner_id FROM deals WHERE id = deal_id)",
    "client_contacts": "(SELECT partner_id FROM clients WHERE id = client_id)",
    "clients": "partner_id",
    "confirmation_links": "partner_id",
    "contact_roles": "(SELECT partner_id FROM clients WHERE id = client_id)",
    "deal_activities": "partner_id",
    "deals": "partner_id",
    "decisions": "(SELECT partner_id FROM confirmation_links WHERE id = link_id)",
    "link_products": "(SELECT partner_id FROM confirmation_links WHERE id = link_id)",
    "notifications": "recipient_id",
    "outbox_mails": "partner_id",
    "partner_events": "partner_id",
    "partners": "id",
    "renewal_notices": "partner_id",
    "renewal_ownerships": "partner_id",
    "renewal_products": "(SELECT partner_id FROM renewals WHERE id = renewal_id)",
    "renewals": "partner_id",
}
"""Tables behind the wall, with the key of the partner or person whose a row is; a member of the staff is nobody's."""

TABLES: Final = {table.name: table for table in Base.metadata.sorted_tables}
Row = tuple[Any, ...]


def keys(table: Table) -> list[Any]:
    """The columns that tell rows apart."""
    return list(table.primary_key.columns)


async def owners_of(database: Database, name: str) -> dict[Row, UUID | None]:
    """Every row of the table, by its key, with whose it is."""
    owner = literal_column(OWNERS[name], Uuid()).label("owner")
    async with database.read() as session:
        found = await session.execute(select(*keys(TABLES[name]), owner).select_from(TABLES[name]))
        return {tuple(row[:-1]): row[-1] for row in found.all()}


def of(owners: dict[Row, UUID | None], name: str, seen: Collection[UUID]) -> set[Row]:
    """Those that are to be seen by who may see rows of these."""
    common = {None} if name == "actors" else set()
    return {key for key, owner in owners.items() if owner in {*seen, *common}}
