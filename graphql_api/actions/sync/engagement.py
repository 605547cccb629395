"""What a sync of a deal means for the links attached to it (C2, C19)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from graphql_api.actions.record import audit, change_of_client
from graphql_api.actions.sync.given import Given
from graphql_api.actions.sync.upsert import in_parts
from graphql_api.database import Writing
from graphql_api.models import rows
from graphql_api.models.refusal import DealMismatch

Attached = Mapping[UUID, Sequence[rows.ConfirmationLink]]
"""Links, by the deal that they are on."""


async def attached_links(session: AsyncSession, deals: Iterable[rows.Deal]) -> Attached:
    """The links on each of the deals, which are locked already, locked in the order of their keys."""
    found = defaultdict(list)
    for some in in_parts(sorted(deal.id for deal in deals)):
        statement = select(rows.ConfirmationLink).where(rows.ConfirmationLink.deal_id.in_(some))
        statement = statement.order_by(rows.ConfirmationLink.id).with_for_update(key_share=True)
        for link in await session.scalars(statement.execution_options(populate_existing=True)):
            found[link.deal_id].append(link)
    return {deal_id: links for deal_id, links in found.items() if deal_id}


def check_links(given: Given, deal: rows.Deal, links: Sequence[rows.ConfirmationLink]) -> None:
    """Refuse what would leave a link on a deal that it does not fit."""
    if links and given.kept("partner_id", deal) != deal.partner_id:
        given.refuse(DealMismatch, "partner_external_id", message="the deal has this partner's links")
    client_id = given.kept("client_id", deal)
    if client_id != deal.client_id and any(map(_is_settled, links)):
        says = "a link on the deal has been sent to its client"
        given.refuse(DealMismatch, "client_external_id", message=says)


def follow_client(writing: Writing, deal: rows.Deal, links: Iterable[rows.ConfirmationLink]) -> None:
    """Assign the deal's client to the pending links on it."""
    for link in links:
        if not link.is_pending or link.client_id == deal.client_id:
            continue
        changes = change_of_client(link.client_id, deal.client_id)
        link.client_id, link.updated_at = deal.client_id, writing.now
        audit(writing, "confirmation_link.sync", link.node_id, changes, partner_id=link.partner_id)


def _is_settled(link: rows.ConfirmationLink) -> bool:
    """Its client has been told. A link that went out before the deal had a client is still to be assigned."""
    return link.client_id is not None and (link.sent_at is not None or not link.is_pending)
