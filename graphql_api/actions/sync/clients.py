"""Clients and the people there, as the vendor's CRM knows them (A14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from graphql_api.actions.sync.checks import domain_of
from graphql_api.actions.sync.contacts import (
    CONTACT_FIELDS,
    People,
    check_contacts,
    contact_counts,
    contact_facts,
    contacts_of,
    put_contacts,
    remove_missing,
)
from graphql_api.actions.sync.given import Field, Given
from graphql_api.actions.sync.upsert import Edit, Noun, SyncCounts, assign, begin, counts_of, find, put
from graphql_api.database import Writing
from graphql_api.models import rows
from graphql_api.models.keys import new_key
from graphql_api.models.refusal import Invalid, refuse
from graphql_api.models.text import line_of

FIELDS = (
    Field("external_id", line_of, needed=True),
    Field("partner_external_id", line_of, needed=True),
    Field("name", line_of, needed=True),
    Field("domain", domain_of, null=None),
    Field("contacts", items=CONTACT_FIELDS, null=()),
)
LIST_FIELDS = (
    Field("client_external_id", line_of, needed=True),
    Field("contacts", items=CONTACT_FIELDS, null=(), needed=True),
)


class Clients(Noun[rows.Client]):
    """Clients, by their external id, with the contacts of each."""

    action = "client.sync"

    def __init__(self, people: dict[UUID, People]) -> None:
        """`people`: the contacts of each client there is."""
        self.people = people

    def make(self, given: Given, writing: Writing) -> rows.Client:
        """Without contacts as yet."""
        client = rows.Client(id=new_key(), external_id=given.values["external_id"], created_at=writing.now)
        self.people[client.id] = {}
        return client

    def fill(self, row: rows.Client, given: Given) -> None:
        """Its own columns."""
        assign(row, given.values, "partner_id", "name", "domain")

    async def clear(self, session: AsyncSession, edits: Sequence[Edit[rows.Client]]) -> None:
        """Contacts and roles go before others take their slots."""
        for edit in edits:
            if "contacts" in edit.given.values:
                await remove_missing(session, edit.given.values["contacts"], self.people[edit.row.id])

    def finish(self, session: AsyncSession, edit: Edit[rows.Client]) -> None:
        """The contacts listed."""
        put_contacts(session, edit.row.id, edit.given.values.get("contacts", ()), self.people[edit.row.id])

    def facts(self, row: rows.Client) -> dict[str, object]:
        """Each contact is a fact of its own. A client never changes its partner, so that is none."""
        own = {"externalId": row.external_id, "name": row.name, "domain": row.domain}
        return own | contact_facts(self.people[row.id])

    def partner_id(self, row: rows.Client) -> UUID:
        """Its partner's log."""
        return row.partner_id


async def sync_clients(writing: Writing, records: Sequence[Mapping[str, Any]]) -> SyncCounts:
    """Create or update clients by external id. A list of contacts says all of them: others are removed.

    Raises:
        Refused: with everything that is wrong with any of them; nothing is changed then.
        LimitExceeded: more than 500.

    """
    session = writing.session
    batch = await begin(writing, "clients", records, FIELDS, "external_id")
    partners = await find(session, rows.Partner.external_id, batch.named("partner_external_id"))
    known = await find(session, rows.Client.external_id, batch.named("external_id"), lock=True)
    people = await contacts_of(session, (client.id for client in known.values()))
    pairs = [(given, known.get(given.values.get("external_id"))) for given in batch.givens]
    for given, client in pairs:
        given.resolve("partner_external_id", "partner_id", partners)
        _check(given, client, people)
    refuse(batch.refusals)
    return counts_of(await put(writing, Clients(people), pairs))


async def sync_contacts(writing: Writing, records: Sequence[Mapping[str, Any]]) -> SyncCounts:
    """Replace the contacts of clients that exist, by a list for each; counts contacts, not clients.

    Raises:
        Refused: with everything that is wrong with any of them; nothing is changed then.
        LimitExceeded: more than 500 clients.

    """
    session = writing.session
    batch = await begin(writing, "contacts", records, LIST_FIELDS, "client_external_id")
    known = await find(session, rows.Client.external_id, batch.named("client_external_id"), lock=True)
    people = await contacts_of(session, (client.id for client in known.values()))
    pairs = [(given, known.get(given.values.get("client_external_id"))) for given in batch.givens]
    for given, client in pairs:
        given.need(LIST_FIELDS)
        given.resolve("client_external_id", "client_id", known)
        check_contacts(given.values.get("contacts", ()), people[client.id] if client else {})
    refuse(batch.refusals)
    edits = await put(writing, Clients(people), pairs)
    counts = [contact_counts(edit.before, people[edit.row.id]) for edit in edits]
    return SyncCounts(*map(sum, zip(*counts, strict=True)))


def _check(given: Given, client: rows.Client | None, people: Mapping[UUID, People]) -> None:
    if client is None:
        given.need(FIELDS)
    elif given.values.get("partner_id", client.partner_id) != client.partner_id:
        given.refuse(Invalid, "partner_external_id", message="a client stays with its partner")
    check_contacts(given.values.get("contacts", ()), people[client.id] if client else {})
