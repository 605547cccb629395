"""Who is told of what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Uuid, bindparam, select

from graphql_api.models import rows
from graphql_api.models.actor import ActorKind, Role
from graphql_api.reading.prepared import Prepared
from graphql_api.reading.records import columns_of, maker_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncSession


def _team(_kind: str) -> Select[Any]:
    partner = bindparam("partner", None, Uuid())
    assigned = select(rows.Assignment.staff_member_id).where(rows.Assignment.partner_id == partner)
    team = select(*columns_of(rows.Actor)).where(rows.Actor.id.in_(assigned), rows.Actor.is_active)
    return team.order_by(rows.Actor.id)


TEAM = Prepared(_team)


async def account_team(session: AsyncSession, partner_id: UUID) -> Sequence[rows.Actor]:
    """The partner's CAM and PDM, whichever it has, each person once (C3); to be read only."""
    return list(map(maker_of(rows.Actor), await TEAM(session, partner=partner_id)))


async def partner_audience(
    session: AsyncSession, partner_id: UUID, *user_ids: UUID | None
) -> Sequence[rows.Actor]:
    """Those of the users who are active users of the partner, each once; if none is, the partner's admins (C21)."""
    users = select(rows.Actor).where(
        rows.Actor.kind == ActorKind.PARTNER_USER, rows.Actor.partner_id == partner_id, rows.Actor.is_active
    )
    named = users.where(rows.Actor.id.in_([user_id for user_id in user_ids if user_id])).order_by(
        rows.Actor.id
    )
    found = (await session.scalars(named)).all()
    return (
        found
        or (await session.scalars(users.where(rows.Actor.role == Role.ADMIN).order_by(rows.Actor.id))).all()
    )


async def default_point_of_contact_id(session: AsyncSession, partner_id: UUID) -> UUID | None:
    """The point of contact that the partner's default names (A9)."""
    newest = (
        select(rows.RenewalOwnership.point_of_contact_id)
        .where(rows.RenewalOwnership.partner_id == partner_id, rows.RenewalOwnership.client_id.is_(None))
        .order_by(rows.RenewalOwnership.version.desc())
        .limit(1)
    )
    return await session.scalar(newest)
