"""Subscriptions: a stream's rows, each as the viewer sees it at the moment of its delivery (D1, D12)."""

import asyncio
from collections.abc import AsyncIterable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from graphql_api.context import Context
from graphql_api.models import rows
from graphql_api.models.client_error import BadUserInput, NotFound
from graphql_api.models.confirmation_link import LinkStatus
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.models.stream import PartnerEventKind
from graphql_api.resolvers.happenings import Happenings, check_partner
from graphql_api.resolvers.info import Info
from graphql_api.schema.inputs.arguments import AfterEvent, EventKinds, Id, LinkId, PartnerId

NO_PARTNER_SECONDS = 1.0
"""How often to look whether a deal has got its partner."""
DECISIONS = {
    PartnerEventKind.LINK_CONFIRMED: LinkStatus.CONFIRMED,
    PartnerEventKind.LINK_REJECTED: LinkStatus.REJECTED,
}


@dataclass(slots=True)
class StatusChange:
    """A client confirmed or rejected: a decision's event. What it is about is loaded with its delivery."""

    partner_id: UUID
    position: int
    link_id: UUID
    status: LinkStatus
    occurred_at: datetime
    previous_status: LinkStatus = LinkStatus.PENDING

    @property
    def place(self) -> tuple[UUID, int]:
        """Where its event stands."""
        return self.partner_id, self.position


async def status_changes(
    info: Info, confirmation_link_id: LinkId = None, partner_id: PartnerId = None, after: AfterEvent = None
) -> AsyncIterable[StatusChange]:
    """Each time a client confirms or rejects."""
    context = info.context
    only = (
        None if confirmation_link_id is None else await _link_of(context, _key_of_link(confirmation_link_id))
    )
    if only is None or partner_id is not None:
        named = await _partner_of(context, partner_id)
    else:
        named = only.partner_id
    if only is not None and only.partner_id != named:
        raise NotFound

    def told(event: rows.PartnerEvent) -> StatusChange | None:
        if event.kind not in DECISIONS or (only is not None and event.subject_id != only.node_id):
            return None
        return StatusChange(
            event.partner_id,
            event.position,
            event.subject_id.key,
            DECISIONS[event.kind],
            event.occurred_at,
        )

    return Happenings(context, named, after, told)


async def reason(root: StatusChange, info: Info) -> str | None:
    """Why, on a rejection."""
    decision: rows.Decision = await info.context.loaders.relation("decision").load(root.link_id)
    return decision.reason


async def partner_events(
    info: Info, partner_id: PartnerId = None, kinds: EventKinds = None, after: AfterEvent = None
) -> AsyncIterable[rows.PartnerEvent]:
    """Everything that happens to what a partner can see."""
    named = await _partner_of(info.context, partner_id)
    chosen = PartnerEventKind if kinds is None else kinds
    return Happenings(info.context, named, after, lambda event: event if event.kind in chosen else None)


async def deal_activities(info: Info, deal_id: Id) -> AsyncIterable[rows.DealActivity]:
    """Each new line of a deal's timeline."""
    context, key = info.context, NodeId.key_in(deal_id, NodeKind.DEAL)
    partner_id = await _partner_of_deal(context, key)
    async with aclosing(context.service.events.follow(partner_id)) as events:
        async for event in events:
            activity = await _activity_on(context, key, event)
            if activity:
                await context.renew()
                await _deal_of(context, key)
                yield activity


async def notifications(info: Info) -> AsyncIterable[rows.Notification]:
    """Each new notification of the viewer."""
    context = info.context
    async with aclosing(context.service.notifications.follow(context.viewer.actor.id)) as news:
        async for notification in news:
            await context.renew()
            yield notification


async def _partner_of(context: Context, given: str | None) -> UUID:
    """The partner whose stream it is: the viewer's own, or, on the vendor's side, the one named."""
    named = context.viewer.partner_id if given is None else NodeId.key_in(given, NodeKind.PARTNER)
    if named is None:
        raise BadUserInput("Name a partner")
    await check_partner(context, named)
    return named


def _key_of_link(given: str) -> UUID:
    return NodeId.key_in(given, NodeKind.CONFIRMATION_LINK)


async def _link_of(context: Context, key: UUID) -> rows.ConfirmationLink:
    link: rows.ConfirmationLink | None = await context.loaders.relation("link").load(key)
    if link is None:
        raise NotFound
    return link


async def _deal_of(context: Context, key: UUID) -> rows.Deal:
    deal: rows.Deal | None = await context.loaders.relation("deal").load(key)
    if deal is None:
        raise NotFound
    return deal


async def _partner_of_deal(context: Context, key: UUID) -> UUID:
    """The deal's partner. A timeline is silent until there is one: only a partner's links are attached to a deal."""
    while (partner_id := (await _deal_of(context, key)).partner_id) is None:
        await asyncio.sleep(NO_PARTNER_SECONDS)
        await context.renew()
    return partner_id


async def _activity_on(context: Context, deal: UUID, event: rows.PartnerEvent) -> rows.DealActivity | None:
    """The line that the event left on this deal's timeline, if any."""
    if event.activity_id is None:
        return None
    context.database.changed()  # the replica that was chosen at the delivery before may not have the line yet
    async with context.database.read() as session:
        line = await session.get(rows.DealActivity, event.activity_id)
    return line if line and line.deal_id == deal else None
