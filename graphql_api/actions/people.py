"""Who is told of what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Uuid, and_, bindparam, select

from graphql_api.models import rows
from graphql_api.models.actor import ActorKind, Role
from graphql_api.reading.prepared import Prepared
from graphql_api.reading.records import columns_of, maker_of, names_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncSession


class Account(NamedTuple):
    """A partner, and who looks after it; to be read only."""

    partner: rows.Partner
    team: Sequence[rows.Actor]
    """Its CAM and PDM, whichever it has, each person once (C3)."""


def _account(_kind: str) -> Select[Any]:
    partner, held = rows.Partner, rows.Assignment
    assigned = select(held.staff_member_id).where(held.partner_id == partner.id)
    team = and_(rows.Actor.id.in_(assigned), rows.Actor.is_active)
    beside = select(*columns_of(partner), *columns_of(rows.Actor)).outerjoin(rows.Actor, team)
    return beside.where(partner.id == bindparam("partner", None, Uuid())).order_by(rows.Actor.id)


ACCOUNT = Prepared(_account)


async def account_of(session: AsyncSession, partner_id: UUID) -> Account:
    """The partner's account."""
    found = list(await ACCOUNT(session, partner=partner_id))
    width, make = len(names_of(rows.Partner)), maker_of(rows.Actor)
    team = [make(values[width:]) for values in found if values[width] is not None]
    return Account(maker_of(rows.Partner)(found[0][:width]), team)


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
