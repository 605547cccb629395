"""Who is told of what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Uuid, and_, bindparam, or_, select

from graphql_api.models import rows
from graphql_api.models.actor import ActorKind, Role
from graphql_api.reading.prepared import Prepared
from graphql_api.reading.questions import Among
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


def _account() -> Select[Any]:
    partner, held, person = rows.Partner, rows.Assignment, rows.Actor
    return (
        select(*columns_of(partner), *columns_of(person))
        .outerjoin(held, held.partner_id == partner.id)
        .outerjoin(person, and_(person.id == held.staff_member_id, person.is_active))
        .where(partner.id == bindparam("partner", None, Uuid()))
        .order_by(person.id)
    )


ACCOUNT = Prepared(_account())


async def account_of(session: AsyncSession, partner_id: UUID) -> Account:
    """The partner's account."""
    found = list(await ACCOUNT(session, partner=partner_id))
    width, make = len(names_of(rows.Partner)), maker_of(rows.Actor)
    team = dict.fromkeys(values[width:] for values in found if values[width] is not None)
    return Account(maker_of(rows.Partner)(found[0][:width]), [make(values) for values in team])


def _users() -> Select[Any]:
    user, owned, partner_id = rows.Actor, rows.RenewalOwnership, bindparam("partner", None, Uuid())
    contact = (
        select(owned.point_of_contact_id)
        .where(owned.partner_id == partner_id, owned.client_id.is_(None))
        .order_by(owned.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    is_user = and_(user.kind == ActorKind.PARTNER_USER, user.partner_id == partner_id, user.is_active)
    may_be_told = or_(user.role == Role.ADMIN, Among(user.id), user.id == contact)
    return select(*columns_of(user), contact).where(is_user, may_be_told).order_by(user.id)


USERS = Prepared(_users())


async def partner_audience(
    session: AsyncSession, partner_id: UUID, *user_ids: UUID, or_contact: bool = False
) -> Sequence[rows.Actor]:
    """Those of the users who are active users of the partner, each once; if none is, the partner's admins (C21).

    And its point of contact, if wanted: the one that the partner's default names (A9).
    """
    found = list(await USERS(session, partner=partner_id, keys=user_ids))
    named = {*user_ids, found[0][-1]} if found and or_contact else {*user_ids}
    users = [maker_of(rows.Actor)(values[:-1]) for values in found]
    return [user for user in users if user.id in named] or [user for user in users if user.role is Role.ADMIN]
