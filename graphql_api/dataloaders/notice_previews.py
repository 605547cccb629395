"""Who would get clients' next notices, for many clients at once (D5).

What does not depend on the owner that is supposed (who owns them today, their contacts, the partner's people) is
loaded once for all that is supposed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from graphql_api.actions.renewal_owners import check_named
from graphql_api.models import rows
from graphql_api.models.client_error import BadUserInput, ClientError, NotFound
from graphql_api.models.refusal import PointOfContactInvalid, PointOfContactRequired
from graphql_api.models.renewal import AWAITED
from graphql_api.models.renewal_ownership import Ownership, RenewalOwner, RenewalOwnershipSource
from graphql_api.models.renewal_routing import People, Recipient, Routing, route

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from graphql_api.access.sight import Sight
    from graphql_api.database import View
    from graphql_api.dataloaders.batches import Batch
    from graphql_api.dataloaders.loaders import Loaders
    from graphql_api.models.renewal_notice import Milestone


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


class Unanswerable(NamedTuple):
    """What one client's preview fails with; the others' are not to fail with it."""

    error: ClientError


class Supposed(NamedTuple):
    """The owner that is supposed, and the key of the point of contact; None where it is as today."""

    owner: RenewalOwner | None = None
    contact_id: UUID | None = None

    def instead_of(self, today: Ownership, partner_id: UUID, contact: rows.Actor | None) -> Ownership:
        """The ownership that an override like that would give.

        Raises:
            BadUserInput: the mutation would refuse it (C9).

        """
        if self == Supposed():
            return today
        owner = self.owner or today.owner
        kept = owner is RenewalOwner.PARTNER and self.contact_id is None and today.point_of_contact_id
        if not kept:
            check_supposed(partner_id, owner, self.contact_id, contact)
        contact_id = kept or self.contact_id or today.fallback_id
        source = RenewalOwnershipSource.CLIENT_OVERRIDE
        return Ownership(owner, contact_id, source, today.version, fallback_id=today.fallback_id)


def check_supposed(
    partner_id: UUID, owner: RenewalOwner, contact_id: UUID | None, contact: rows.Actor | None
) -> None:
    """Whether an owner and point of contact can be set like that.

    Raises:
        BadUserInput: the mutation would refuse it (C9).

    """
    try:
        check_named(partner_id, owner, contact_id, contact)
    except (PointOfContactRequired, PointOfContactInvalid) as refusal:
        raise BadUserInput(f"pointOfContactId: {refusal.message}") from None


def previews(loaders: Loaders, today: date, milestones: Sequence[Milestone], supposed: Supposed) -> Batch:
    """The preview of each (client, partner) under what is supposed, or Unanswerable."""

    async def batch(_database: View, _sight: Sight, keys: Sequence[tuple[UUID, UUID]]) -> list[Any]:
        owned = await loaders.level("ownership", keys)
        contact = (await loaders.level("actor", [supposed.contact_id]))[0]
        then = [_then(key, one, supposed, contact) for key, one in zip(keys, owned, strict=True)]
        known = [(key, one) for key, one in zip(keys, then, strict=True) if isinstance(one, Ownership)]
        made = iter(await _routed(loaders, partial(next_due, today, milestones), known))
        return [next(made) if isinstance(one, Ownership) else one for one in then]

    return batch


def _then(
    key: tuple[UUID, UUID], today: Ownership | None, supposed: Supposed, contact: rows.Actor | None
) -> Ownership | Unanswerable:
    if today is None:
        return Unanswerable(NotFound())
    try:
        return supposed.instead_of(today, key[1], contact)
    except BadUserInput as error:
        return Unanswerable(error)


async def _routed(
    loaders: Loaders, due: Batch, owned: Sequence[tuple[tuple[UUID, UUID], Ownership]]
) -> list[NoticePreview]:
    clients, partners = [key[0] for key, _ in owned], [key[1] for key, _ in owned]
    ownerships = [one for _, one in owned]
    contacts = await loaders.level("contacts in roles", clients)
    admins = await loaders.level("admins of partner", partners)
    named = await loaders.level("actor", [one.point_of_contact_id for one in ownerships])
    fallbacks = await loaders.level("actor", [one.fallback_id for one in ownerships])
    days = await loaders.every("next due", due, clients)
    people = map(People, contacts, named, fallbacks, admins)
    return [
        NoticePreview(ownership, route(ownership.owner, those), day)
        for ownership, those, day in zip(ownerships, people, days, strict=True)
    ]


async def next_due(
    today: date, milestones: Sequence[Milestone], database: View, _sight: Sight, keys: Sequence[UUID]
) -> list[date | None]:
    """The day on which each client's next notice falls due: today where one has, and is not decided yet."""
    async with database.read() as session:
        decided = await _decided(session, today, keys)
        renewal = rows.Renewal
        coming = await session.execute(
            select(renewal.client_id, renewal.id, renewal.renews_on).where(
                renewal.client_id.in_(keys), renewal.status.in_(AWAITED), renewal.renews_on >= today
            )
        )
    days = defaultdict(list)
    for client_id, key, renews_on in coming:
        if day := _due_on(renews_on, decided[key, renews_on], milestones, today):
            days[client_id].append(day)
    return [min(days[key], default=None) for key in keys]


async def _decided(
    session: AsyncSession, today: date, client_ids: Sequence[UUID]
) -> defaultdict[tuple[UUID, date], set[int]]:
    """The milestones for which a notice was decided, of each renewal that lies ahead, by its date."""
    notice = rows.RenewalNotice
    known = await session.execute(
        select(notice.renewal_id, notice.renews_on, notice.days_before).where(
            notice.client_id.in_(client_ids), notice.renews_on >= today
        )
    )
    decided = defaultdict(set)
    for renewal_id, renews_on, days_before in known:
        decided[renewal_id, renews_on].add(days_before)
    return decided


def _due_on(renews_on: date, decided: set[int], milestones: Sequence[Milestone], today: date) -> date | None:
    left = (renews_on - today).days
    for milestone in milestones:
        if milestone.days_before < left:
            return renews_on - timedelta(days=milestone.days_before)
        if milestone.until <= left and milestone.days_before not in decided:
            return today
    return None
