"""A deal's proof of engagement: links are attached and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.actions.locks import lock, lock_link
from graphql_api.actions.record import Change, audit, change_of_client, record
from graphql_api.models import rows
from graphql_api.models.refusal import NotFound
from graphql_api.models.stream import PartnerEventKind

if TYPE_CHECKING:
    from uuid import UUID

    from graphql_api.access.sight import Sight
    from graphql_api.database import Writing

Attached = tuple[rows.Deal, rows.ConfirmationLink]


async def attach(
    writing: Writing, sight: Sight, link_id: UUID, deal_id: UUID, request_id: UUID | None = None
) -> Attached:
    """Put a link on a deal (B13, B16); by a CAM or PDM also in answer to a partner's request (B21).

    Raises:
        NotFound: the deal, the link or the request is not there, or is not the viewer's to see.
        LinkRejected, AlreadyAttached, DealMismatch, NotPending: the link or the request does not fit.

    """
    deal = await lock(writing, sight, rows.Deal, deal_id, "dealId")
    link = await lock_link(writing, sight, link_id, "confirmationLinkId")
    client_before = link.client_id
    link.attach(deal, writing.now)
    if request_id is not None:
        await _fulfil(writing, sight, link, request_id)
    changes = [_of_deal(deal, None, str(deal.node_id)), *change_of_client(client_before, link.client_id)]
    record(writing, PartnerEventKind.LINK_ATTACHED, link, changes)
    return deal, link


async def detach(writing: Writing, sight: Sight, link_id: UUID, deal_id: UUID) -> Attached:
    """Take a link off a deal (B19), a confirmed one too (C19).

    Raises:
        NotFound: the deal or the link is not there, or is not the viewer's to see.
        NotAttached: the link is not on this deal.

    """
    deal = await lock(writing, sight, rows.Deal, deal_id, "dealId")
    link = await lock_link(writing, sight, link_id, "confirmationLinkId")
    client_before = link.client_id
    link.detach(deal, writing.now)
    changes = [_of_deal(deal, str(deal.node_id), None), *change_of_client(client_before, link.client_id)]
    record(writing, PartnerEventKind.LINK_DETACHED, link, changes, deal_id=deal.id)
    return deal, link


async def _fulfil(writing: Writing, sight: Sight, link: rows.ConfirmationLink, request_id: UUID) -> None:
    found = await lock(writing, sight, rows.AttachmentRequest, request_id, "attachmentRequestId")
    if found.link_id != link.id:
        raise NotFound("attachmentRequestId")
    found.fulfil(writing.now, "attachmentRequestId")
    changes = [Change("status", "OPEN", "FULFILLED")]
    audit(writing, "attachment_request.fulfil", found.node_id, changes, partner_id=found.partner_id)


def _of_deal(deal: rows.Deal, before: str | None, after: str | None) -> Change:
    return Change("deal", before, after, staff_only=not deal.is_shared)
