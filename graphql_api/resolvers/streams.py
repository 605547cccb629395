"""Subscriptions: a stream's rows, each seen with the viewer's own eyes at the moment of its delivery (D1, D12)."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graphql_api.context import Context
from graphql_api.models import rows
from graphql_api.models.client_error import BadUserInput, NotFound
from graphql_api.models.confirmation_link import LinkStatus
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.models.stream import PartnerEventKind
from graphql_api.resolvers.info import Info
from graphql_api.resolvers.partners import start_of
from graphql_api.schema.inputs.arguments import AfterEvent, Id, PartnerId

LinkId = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only this link, and so its partner.")
]
Kinds = Annotated[
    list[PartnerEventKind] | None, strawberry.argument(description="Only these kinds; all by default.")
]
DECISIONS = {
    PartnerEventKind.LINK_CONFIRMED: LinkStatus.CONFIRMED,
    PartnerEventKind.LINK_REJECTED: LinkStatus.REJECTED,
}


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A client confirmed or rejected."""

    cursor: str
    link: rows.ConfirmationLink
    previous_status: LinkStatus
    status: LinkStatus
    reason: str | None
    occurred_at: datetime


async def status_changes(
    info: Info, confirmation_link_id: LinkId = None, partner_id: PartnerId = None, after: AfterEvent = None
) -> AsyncGenerator[StatusChange, None]:
    """Each time a client confirms or rejects."""
    context = info.context
    only = None if confirmation_link_id is None else await _link_of(context, confirmation_link_id)
    named = (
        await _partner_of(context, partner_id) if only is None or partner_id is not None else only.partner_id
    )
    if only is not None and only.partner_id != named:
        raise NotFound
    async with aclosing(_events(context, named, after)) as events:
        async for event in events:
            if event.kind in DECISIONS and (only is None or event.subject_id == only.node_id):
                yield await _status_change(context, event)


async def partner_events(
    info: Info, partner_id: PartnerId = None, kinds: Kinds = None, after: AfterEvent = None
) -> AsyncGenerator[rows.PartnerEvent, None]:
    """Everything that happens to what a partner can see."""
    named = await _partner_of(info.context, partner_id)
    async with aclosing(_events(info.context, named, after)) as events:
        async for event in events:
            if kinds is None or event.kind in kinds:
                yield event


async def deal_activities(info: Info, deal_id: Id) -> AsyncGenerator[rows.DealActivity, None]:
    """Each new line of a deal's timeline."""
    context = info.context
    deal = await context.loaders.relation("deal").load(NodeId.key_in(deal_id, NodeKind.DEAL))
    if deal is None:
        raise NotFound
    if deal.partner_id is None:
        return
    async with aclosing(_events(context, deal.partner_id, None)) as events:
        async for event in events:
            activity = event.activity_id and await _activity(context, event.activity_id)
            if activity and activity.deal_id == deal.id:
                yield activity


async def notifications(info: Info) -> AsyncGenerator[rows.Notification, None]:
    """Each new notification of the viewer."""
    context = info.context
    feed = context.service.notifications
    person = context.viewer.actor.id
    async with aclosing(feed.follow(person, await feed.position(person))) as news:
        async for notification in news:
            await context.renew()
            yield notification


async def _events(
    context: Context, partner_id: UUID, after: str | None
) -> AsyncGenerator[rows.PartnerEvent, None]:
    """The partner's events after the cursor, or from now on, for as long as the viewer may see that partner."""
    feed = context.service.events
    position = (
        await feed.position(partner_id) if after is None else await start_of(context, partner_id, after)
    )
    async with aclosing(feed.follow(partner_id, position)) as events:
        async for event in events:
            await context.renew()
            await _check_partner(context, partner_id)
            yield event


async def _check_partner(context: Context, partner_id: UUID) -> None:
    async with context.database.read() as session:
        works_with = context.sight.partners(rows.Partner.id)
        found = await session.scalar(
            context.sight.select(rows.Partner).where(rows.Partner.id == partner_id, works_with)
        )
    if found is None:
        raise NotFound


async def _partner_of(context: Context, given: str | None) -> UUID:
    """The partner whose stream it is: the viewer's own, or, on the vendor's side, the one named."""
    own = context.viewer.partner_id
    if given is None and own is None:
        msg = "Name a partner"
        raise BadUserInput(msg)
    named = own if given is None else NodeId.key_in(given, NodeKind.PARTNER)
    assert named is not None  # noqa: S101 - one of the two is there
    await _check_partner(context, named)
    return named


async def _link_of(context: Context, given: str) -> rows.ConfirmationLink:
    link: rows.ConfirmationLink | None = await context.loaders.relation("link").load(
        NodeId.key_in(given, NodeKind.CONFIRMATION_LINK)
    )
    if link is None:
        raise NotFound
    return link


async def _status_change(context: Context, event: rows.PartnerEvent) -> StatusChange:
    link = await context.loaders.relation("link").load(event.subject_id.key)
    decision = await context.loaders.relation("decision").load(event.subject_id.key)
    return StatusChange(
        context.cursor(event.partner_id, event.position),
        link,
        LinkStatus.PENDING,
        DECISIONS[event.kind],
        decision.reason,
        event.occurred_at,
    )


async def _activity(context: Context, key: UUID) -> Any:
    return await context.loaders.relation("node").load(NodeId(NodeKind.DEAL_ACTIVITY, key))
