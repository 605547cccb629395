"""Reading what is in a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, select, true

from graphql_api.models.notification import Notification
from graphql_api.models.stream import PartnerEvent
from graphql_api.reading.records import columns_of, maker_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession


async def events_after(
    session: AsyncSession,
    partner_id: UUID,
    position: int,
    limit: int,
    visible: ColumnElement[bool] | None = None,
) -> Sequence[PartnerEvent]:
    """A partner's events that follow a position, in order."""
    following = select(*columns_of(PartnerEvent)).where(
        PartnerEvent.partner_id == partner_id, PartnerEvent.position > position
    )
    seen = following.where(true() if visible is None else visible)
    found = await session.execute(seen.order_by(PartnerEvent.position).limit(limit))
    return list(map(maker_of(PartnerEvent), found))


async def notifications_after(
    session: AsyncSession, person_id: UUID, position: int, limit: int
) -> Sequence[Notification]:
    """A person's notifications that follow a position, in order."""
    following = select(*columns_of(Notification)).where(
        Notification.recipient_id == person_id, Notification.position > position
    )
    found = await session.execute(following.order_by(Notification.position).limit(limit))
    return list(map(maker_of(Notification), found))
