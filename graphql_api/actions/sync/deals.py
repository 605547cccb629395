"""Deals, shared or direct, as the vendor's CRM knows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from graphql_api.actions.record import Change, audit
from graphql_api.actions.sync.checks import flag_of
from graphql_api.actions.sync.engagement import Attached, attached_links, check_links, follow_client
from graphql_api.actions.sync.given import Field, Given
from graphql_api.actions.sync.upsert import Edit, Noun, SyncCounts, assign, begin, counts_of, find, put
from graphql_api.database import Writing
from graphql_api.models import rows
from graphql_api.models.day import day_of
from graphql_api.models.keys import new_key
from graphql_api.models.money import money, money_of
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.models.refusal import Invalid, refuse
from graphql_api.models.text import line_of

FIELDS = (
    Field("external_id", line_of, needed=True),
    Field("name", line_of, needed=True),
    Field("is_shared", flag_of, needed=True),
    Field("partner_external_id", line_of, null=None),
    Field("client_external_id", line_of, null=None),
    Field("stage", line_of, needed=True),
    Field("amount", money_of, null=None),
    Field("closes_on", day_of, null=None),
)


class Deals(Noun[rows.Deal]):
    """Deals, by their external id, with the links attached to each."""

    action = "deal.sync"

    def __init__(self, attached: Attached) -> None:
        """`attached`: the links on each deal that gets another client."""
        self.attached = attached
        self.seen_by: dict[UUID, UUID | None] = {}

    def make(self, given: Given, writing: Writing) -> rows.Deal:
        """In its first version."""
        return rows.Deal(
            id=new_key(), external_id=given.values["external_id"], version=1, created_at=writing.now
        )

    def fill(self, row: rows.Deal, given: Given) -> None:
        """Its own columns."""
        self.seen_by[row.id] = _seen_by(row)
        assign(row, given.values, "name", "is_shared", "partner_id", "client_id", "stage", "closes_on")
        if "amount" in given.values:
            amount, currency = given.values["amount"] or (None, None)
            assign(row, {"amount": amount, "currency": currency}, "amount", "currency")

    def facts(self, row: rows.Deal) -> dict[str, object]:
        """Partner and client by their global ids."""
        return {
            "externalId": row.external_id,
            "name": row.name,
            "isShared": row.is_shared,
            "partnerId": row.partner_id and NodeId(NodeKind.PARTNER, row.partner_id),
            "clientId": row.client_id and NodeId(NodeKind.CLIENT, row.client_id),
            "stage": row.stage,
            "amount": money(row.amount, row.currency),
            "closesOn": row.closes_on,
        }

    def partner_id(self, row: rows.Deal) -> UUID | None:
        """Its partner's log."""
        return row.partner_id

    def note(self, writing: Writing, edit: Edit[rows.Deal], changes: list[Change]) -> None:
        """Count the change. What the deal was is not told to a partner that could not see it then (D12)."""
        deal = edit.row
        if not edit.is_new:
            deal.version += 1
            follow_client(writing, deal, self.attached.get(deal.id, ()))
            if self.seen_by[deal.id] != deal.partner_id:
                changes = [change._replace(staff_only=True) for change in changes]
        staff_only = not deal.is_shared
        audit(writing, self.action, deal.node_id, changes, partner_id=deal.partner_id, staff_only=staff_only)


async def sync_deals(writing: Writing, records: Sequence[Mapping[str, Any]]) -> SyncCounts:
    """Create or update deals by external id. Pending links go along to a new client, until one is sent.

    Raises:
        Refused: with everything that is wrong with any of them; nothing is changed then.
        LimitExceeded: more than 500.

    """
    session = writing.session
    batch = await begin(writing, "deals", records, FIELDS, "external_id")
    partners = await find(session, rows.Partner.external_id, batch.named("partner_external_id"))
    named = await find(session, rows.Client.external_id, batch.named("client_external_id"))
    known = await find(session, rows.Deal.external_id, batch.named("external_id"), lock=True)
    pairs = [(given, known.get(given.values.get("external_id"))) for given in batch.givens]
    for given, deal in pairs:
        if deal is None:
            given.need(FIELDS)
        given.resolve("partner_external_id", "partner_id", partners)
        given.resolve("client_external_id", "client_id", named)
    held = {given.kept("client_id", deal) for given, deal in pairs} - {None}
    clients = await find(session, rows.Client.id, held)
    moved = [deal for given, deal in pairs if deal and _moves(given, deal)]
    attached = await attached_links(session, moved)
    for given, deal in pairs:
        _check_client(given, deal, clients)
        if deal:
            check_links(given, deal, attached.get(deal.id, ()))
    refuse(batch.refusals)
    return counts_of(await put(writing, Deals(attached), pairs))


def _seen_by(deal: rows.Deal) -> UUID | None:
    return deal.partner_id if deal.is_shared else None


def _moves(given: Given, deal: rows.Deal) -> bool:
    return any(given.kept(key, deal) != getattr(deal, key) for key in ("partner_id", "client_id"))


def _check_client(given: Given, deal: rows.Deal | None, clients: Mapping[UUID, rows.Client]) -> None:
    client_id, partner_id = given.kept("client_id", deal), given.kept("partner_id", deal)
    if client_id is None or partner_id is None or clients[client_id].partner_id == partner_id:
        return
    key = "client_external_id" if given.values.get("client_external_id") else "partner_external_id"
    given.refuse(Invalid, key, message="the client is another partner's")
