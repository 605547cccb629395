"""Checkout: the client confirms its purchase, and its deal's pending links go out to it (B4, C23)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from graphql_api.actions.locks import lock
from graphql_api.actions.record import Change, audit, change_of_client, record
from graphql_api.actions.statements import statements_of
from graphql_api.mail.messages import checkout_mail
from graphql_api.mail.outbox import enqueue
from graphql_api.models import rows
from graphql_api.models.keys import new_key
from graphql_api.models.refusal import NoConfirmationLinks, Refusal, refuse
from graphql_api.models.stream import PartnerEventKind
from graphql_api.models.text import email_of, line_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from graphql_api.access.link_token import LinkTokens
    from graphql_api.access.sight import Sight
    from graphql_api.database import Writing
    from graphql_api.models.actor import Locale


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is buying, as the checkout knows them."""

    name: str
    email: str
    locale: Locale


async def start(
    writing: Writing, sight: Sight, tokens: LinkTokens, deal_id: UUID, recipient: Recipient
) -> tuple[rows.Checkout, UUID]:
    """Send the deal's pending links to the client, in one mail; decided ones are only returned.

    With the checkout comes the partner whose stream tells of it.

    Raises:
        NotFound: there is no such deal.
        Refused: the recipient's name or address.
        NoConfirmationLinks: the deal has none.

    """
    name, email = _checked(recipient)
    deal = await lock(writing, sight, rows.Deal, deal_id, "dealId")
    links = await _links_of(writing, deal)
    if not links:
        raise NoConfirmationLinks("dealId")
    checkout = rows.Checkout(
        id=new_key(),
        deal_id=deal.id,
        recipient_name=name,
        recipient_email=email,
        locale=recipient.locale,
        started_by_id=writing.by.actor_id,
        started_at=writing.now,
    )
    writing.session.add(checkout)
    await writing.session.flush()
    pending = [link for link in links if link.is_pending]
    writing.session.add_all(
        rows.CheckoutLink(checkout_id=checkout.id, link_id=link.id, was_sent=link.is_pending)
        for link in links
    )
    changes = [Change("deal", None, str(deal.node_id)), Change("recipientEmail", None, email)]
    audit(
        writing,
        "checkout.start",
        checkout.node_id,
        changes,
        partner_id=deal.partner_id,
        staff_only=not deal.is_shared,
    )
    await _send(writing, tokens, deal, checkout, pending)
    return checkout, links[0].partner_id


def _checked(recipient: Recipient) -> tuple[str, str]:
    refusals: list[Refusal] = []
    checked = []
    for check, value, field in (
        (line_of, recipient.name, "recipientName"),
        (email_of, recipient.email, "recipientEmail"),
    ):
        try:
            checked.append(check(value, field))
        except Refusal as refusal:
            refusals.append(refusal)
    refuse(refusals)
    name, email = checked
    return name, email


async def _links_of(writing: Writing, deal: rows.Deal) -> Sequence[rows.ConfirmationLink]:
    links = (
        select(rows.ConfirmationLink)
        .where(rows.ConfirmationLink.deal_id == deal.id)
        .order_by(rows.ConfirmationLink.id)
        .options(selectinload(rows.ConfirmationLink.products))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await writing.session.scalars(links)).all()


async def _send(
    writing: Writing,
    tokens: LinkTokens,
    deal: rows.Deal,
    checkout: rows.Checkout,
    pending: Sequence[rows.ConfirmationLink],
) -> None:
    clients_before = {link.id: link.client_id for link in pending}
    for link in pending:
        link.send(deal, writing.now)
    statements = await statements_of(writing.session, [link.id for link in pending])
    sent_to = Change("sentTo", None, checkout.recipient_email, staff_only=not deal.is_shared)
    for link in pending:
        changes = [sent_to, *change_of_client(clients_before[link.id], link.client_id)]
        record(writing, PartnerEventKind.LINK_SENT, link, changes)
    offered = [(statements[link.id], tokens.url_of(link.id)) for link in pending]
    if offered:
        enqueue(writing, [checkout_mail(checkout, pending[0].partner_id, offered, writing.now)])
