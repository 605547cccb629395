"""Answers about who owns renewals: now, then, and under an owner that is not set yet (D5, D9).

Who works with the partner, or reads everything, sees them; for anybody else they do not exist (A1).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from graphql_api.actions.ownerships import defaults_of, ownerships_of, people_of
from graphql_api.actions.renewal_owners import check_contact
from graphql_api.dataloaders.page import Page
from graphql_api.dataloaders.paging import PageRequest
from graphql_api.dataloaders.window import window_of
from graphql_api.models import rows
from graphql_api.models.client_error import BadUserInput, NotFound
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.models.refusal import PointOfContactInvalid, PointOfContactRequired
from graphql_api.models.renewal import AWAITED
from graphql_api.models.renewal_ownership import Ownership, RenewalOwner, RenewalOwnershipSource, owner_of
from graphql_api.models.renewal_routing import Recipient, Routing, route
from graphql_api.resolvers import listings, orders
from graphql_api.resolvers.happenings import check_partner
from graphql_api.resolvers.info import Info, check_may_list
from graphql_api.resolvers.pages import root_page
from graphql_api.resolvers.reached import reached_differently
from graphql_api.schema.inputs.arguments import (
    After,
    Before,
    ContactId,
    First,
    Last,
    Moment,
    OptionalOwner,
    Owner,
)


async def of_client(root: rows.Client, info: Info) -> Ownership:
    """The effective owner of a client's renewals (A12)."""
    found: Ownership = await info.context.loaders.relation("ownership").load((root.id, root.partner_id))
    return _shown(found)


async def of_client_at(root: rows.Client, info: Info, at: Moment) -> Ownership:
    """The owner that was in effect at a moment (D9)."""
    await check_partner(info.context, root.partner_id)
    async with info.context.database.read() as session:
        return (await ownerships_of(session, [root], at))[root.id]


async def default_of(root: rows.Partner, info: Info) -> Ownership:
    """The owner of every client without an override (A4)."""
    found: Ownership = await info.context.loaders.relation("default ownership").load(root.id)
    return _shown(found)


@dataclass(frozen=True, slots=True)
class NoticePreview:
    """Who would get a client's next notice, who would not, and why."""

    ownership: Ownership
    routing: Routing
    next_due_on: date | None

    @property
    def to(self) -> tuple[Recipient, ...]:
        """Whom it would be addressed to."""
        return self.routing.to

    @property
    def cc(self) -> tuple[Recipient, ...]:
        """Who would be copied."""
        return self.routing.cc

    @property
    def suppressed(self) -> tuple[Recipient, ...]:
        """Who would receive it under the other owner."""
        return self.routing.suppressed

    @property
    def explanation(self) -> str:
        """Why."""
        return self.routing.explanation


async def notice_preview(
    root: rows.Client, info: Info, owner: OptionalOwner = None, point_of_contact_id: ContactId = None
) -> NoticePreview:
    """Who would get the client's next notice, today or under another owner (D5)."""
    context = info.context
    await check_partner(context, root.partner_id)
    async with context.database.read() as session:
        ownership = (await ownerships_of(session, [root]))[root.id]
        if owner is not None or point_of_contact_id is not None:
            ownership = await _supposed(
                session, root, ownership, owner or ownership.owner, point_of_contact_id
            )
        people = (await people_of(session, [root], {root.id: ownership}))[root.id]
        due = await _next_due_on(session, info, root)
    return NoticePreview(ownership, route(ownership.owner, people), due)


@dataclass(frozen=True, slots=True)
class Impact:
    """Which clients a new default would touch."""

    partner: rows.Partner
    changed: ColumnElement[bool]
    changed_clients: int
    overridden_clients: int


async def impact(
    root: rows.Partner, info: Info, owner: Owner, point_of_contact_id: ContactId = None
) -> Impact:
    """Which clients a new default would touch: those that follow it and whose notices would reach others (D5)."""
    context = info.context
    await check_partner(context, root.id)
    async with context.database.read() as session:
        contact_id = await _contact_of(session, root.id, owner, point_of_contact_id)
        default = (await defaults_of(session, [root.id])).get(root.id)
        today = owner_of(default)
        then = Ownership(owner, contact_id, RenewalOwnershipSource.PARTNER_DEFAULT, fallback_id=contact_id)
        own, follows = rows.Client.partner_id == root.id, listings.overriding_owner().is_(None)
        changed = own & follows & await reached_differently(session, root, today, then, own & follows)
        count = select(func.count()).select_from(rows.Client)
        touched = await session.scalar(count.where(changed)) or 0
        overridden = await session.scalar(count.where(own, ~follows)) or 0
    return Impact(root, changed, touched, overridden)


async def changed_clients(
    root: Impact,
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Page:
    """The clients that a new default would touch, by name."""
    check_may_list(info.context)
    window = window_of(first, after, last, before)
    listing = info.context.sight.select(rows.Client).where(root.changed)
    order = orders.order_of_clients(None)
    return await root_page(
        info.context, PageRequest(rows.Client, lambda: listing, order, window, known_by=None)
    )


def _shown(found: Ownership | None) -> Ownership:
    if found is None:
        raise NotFound
    return found


async def _contact_of(
    session: AsyncSession, partner_id: UUID, owner: RenewalOwner, text: str | None
) -> UUID | None:
    """The point of contact that is supposed.

    Raises:
        BadUserInput: the mutation would refuse it (C9).

    """
    contact_id = None if text is None else NodeId.key_in(text, NodeKind.PARTNER_USER)
    try:
        await check_contact(session, partner_id, owner, contact_id)
    except (PointOfContactRequired, PointOfContactInvalid) as refusal:
        raise BadUserInput(f"pointOfContactId: {refusal.message}") from None
    return contact_id


async def _supposed(
    session: AsyncSession, client: rows.Client, today: Ownership, owner: RenewalOwner, text: str | None
) -> Ownership:
    """The ownership that an override by this owner and contact would give."""
    if text is None and owner is RenewalOwner.PARTNER and today.point_of_contact_id:
        contact_id: UUID | None = today.point_of_contact_id
    else:
        contact_id = await _contact_of(session, client.partner_id, owner, text) or today.fallback_id
    source = RenewalOwnershipSource.CLIENT_OVERRIDE
    return Ownership(owner, contact_id, source, today.version, fallback_id=today.fallback_id)


async def _next_due_on(session: AsyncSession, info: Info, client: rows.Client) -> date | None:
    """The day on which the client's next notice falls due: today where one has, and is not decided yet."""
    today = info.context.today
    renewal = rows.Renewal
    coming = select(renewal).where(
        renewal.client_id == client.id, renewal.status.in_(AWAITED), renewal.renews_on >= today
    )
    renewals = (await session.scalars(coming)).all()
    notice = rows.RenewalNotice
    known = await session.execute(
        select(notice.renewal_id, notice.renews_on, notice.days_before).where(notice.client_id == client.id)
    )
    decided = {tuple(row) for row in known}
    days = [_due_on(one, decided, info, today) for one in renewals]
    return min((day for day in days if day), default=None)


def _due_on(renewal: rows.Renewal, decided: set[tuple[object, ...]], info: Info, today: date) -> date | None:
    left = renewal.days_to_renewal(today)
    for milestone in info.context.service.milestones:
        if milestone.days_before < left:
            return renewal.renews_on - timedelta(days=milestone.days_before)
        is_latest = milestone.until <= left
        if is_latest and (renewal.id, renewal.renews_on, milestone.days_before) not in decided:
            return today
    return None
