"""A partner asks for its link on a deal that it cannot see; its CAM or PDM answers (B21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from graphql_api.actions.locks import lock, lock_link
from graphql_api.actions.notify import News, tell
from graphql_api.actions.people import account_of, partner_audience
from graphql_api.actions.record import Change, audit, record_event
from graphql_api.mail.messages import attachment_declined, attachment_requested
from graphql_api.mail.outbox import enqueue
from graphql_api.models import rows
from graphql_api.models.attachment_request import AttachmentRequestStatus
from graphql_api.models.keys import new_key
from graphql_api.models.notification import NotificationKind
from graphql_api.models.refusal import Refusal, refuse
from graphql_api.models.stream import PartnerEventKind
from graphql_api.models.text import line_of, message_of

if TYPE_CHECKING:
    from uuid import UUID

    from graphql_api.access.sight import Sight
    from graphql_api.database import Writing


async def request(
    writing: Writing, sight: Sight, link_id: UUID, deal_name: str, message: str | None
) -> rows.AttachmentRequest:
    """Ask for a link on a direct deal; CAM and PDM are told.

    Raises:
        NotFound: there is no such link.
        LinkRejected, AlreadyAttached: it cannot go on any deal now.
        Refused: the deal's name or the message.

    """
    name, words = _checked(deal_name, message)
    link = await lock_link(writing, sight, link_id, "confirmationLinkId")
    if why := link.why_not_attach("confirmationLinkId"):
        raise why
    asked = rows.AttachmentRequest(
        id=new_key(),
        partner_id=link.partner_id,
        link_id=link.id,
        deal_name=name,
        message=words,
        status=AttachmentRequestStatus.OPEN,
        requested_by_id=writing.by.actor_id,
        created_at=writing.now,
    )
    writing.session.add(asked)
    changes = [Change("confirmationLink", None, str(link.node_id)), Change("dealName", None, name)]
    record_event(writing, link.partner_id, PartnerEventKind.ATTACHMENT_REQUESTED, asked.node_id)
    audit(writing, "attachment_request.create", asked.node_id, changes, partner_id=link.partner_id)
    await _tell_team(writing, asked, link)
    return asked


async def decline(writing: Writing, sight: Sight, request_id: UUID, reason: str) -> rows.AttachmentRequest:
    """Say no to a partner's request; who asked is told why.

    Raises:
        NotFound: there is no such request.
        Blank, TooLong: the reason.
        NotPending: it has been answered already.

    """
    words = message_of(reason, "reason")
    asked = await lock(writing, sight, rows.AttachmentRequest, request_id, "id")
    asked.decline(words, writing.now)
    record_event(writing, asked.partner_id, PartnerEventKind.ATTACHMENT_DECLINED, asked.node_id)
    changes = [Change("status", "OPEN", "DECLINED"), Change("reason", None, words)]
    audit(writing, "attachment_request.decline", asked.node_id, changes, partner_id=asked.partner_id)
    await _tell_requester(writing, asked)
    return asked


def _checked(deal_name: str, message: str | None) -> tuple[str, str | None]:
    refusals: list[Refusal] = []
    name, words = "", None
    try:
        name = line_of(deal_name, "dealName")
    except Refusal as refusal:
        refusals.append(refusal)
    try:
        words = message_of(message, "message") if message and message.strip() else None
    except Refusal as refusal:
        refusals.append(refusal)
    refuse(refusals)
    return name, words


async def _tell_team(writing: Writing, asked: rows.AttachmentRequest, link: rows.ConfirmationLink) -> None:
    partner, team = await account_of(writing.session, asked.partner_id)
    title = f"{partner.name} asks for “{link.name}” on {asked.deal_name}"
    news = News(
        NotificationKind.ATTACHMENT_REQUESTED,
        asked.partner_id,
        asked.node_id,
        title,
        asked.message or "No message.",
    )
    tell(writing, team, news)
    by, now = writing.by.name, writing.now
    enqueue(writing, attachment_requested(asked, link.name, partner.name, team, by, now))


async def _tell_requester(writing: Writing, asked: rows.AttachmentRequest) -> None:
    name = await writing.session.scalar(
        select(rows.ConfirmationLink.name).where(rows.ConfirmationLink.id == asked.link_id)
    )
    people = await partner_audience(writing.session, asked.partner_id, asked.requested_by_id)
    title = f"“{name}” was not attached to {asked.deal_name}"
    news = News(
        NotificationKind.ATTACHMENT_DECLINED,
        asked.partner_id,
        asked.node_id,
        title,
        asked.declined_because or "",
    )
    tell(writing, people, news)
    enqueue(writing, attachment_declined(asked, name or "", people, writing.by.name, writing.now))
