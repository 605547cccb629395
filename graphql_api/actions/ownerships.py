"""Reading who owns clients' renewals, and everybody who may come into a notice, for many clients at once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from graphql_api.models import rows
from graphql_api.models.actor import ActorKind, Role
from graphql_api.models.renewal_ownership import Ownership, owner_of
from graphql_api.models.renewal_routing import People
from graphql_api.reading.by_key import records_by_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession


async def ownerships_of(
    session: AsyncSession, clients: Iterable[rows.Client], at: datetime | None = None
) -> dict[UUID, Ownership]:
    """The effective owner of each client's renewals, now or as of a past moment (D9), in two statements."""
    clients = list(clients)
    defaults = await defaults_of(session, {client.partner_id for client in clients}, at)
    overrides = await _newest(session, rows.RenewalOwnership.client_id, {client.id for client in clients}, at)
    return {
        client.id: owner_of(defaults.get(client.partner_id), overrides.get(client.id)) for client in clients
    }


async def defaults_of(
    session: AsyncSession, partner_ids: Collection[UUID], at: datetime | None = None
) -> dict[UUID, rows.RenewalOwnership]:
    """Each partner's newest default, where it ever set one."""
    return await _newest(session, rows.RenewalOwnership.partner_id, partner_ids, at)


async def people_of(
    session: AsyncSession, clients: Sequence[rows.Client], ownerships: Mapping[UUID, Ownership]
) -> dict[UUID, People]:
    """Everybody who may receive each client's notices, in four statements."""
    contacts = await _contacts_of(session, [client.id for client in clients])
    named = {key for one in ownerships.values() for key in (one.point_of_contact_id, one.fallback_id) if key}
    users = await records_by_key(session, rows.Actor, named)
    admins = await _admins_of(session, {client.partner_id for client in clients})
    found = {}
    for client in clients:
        owner = ownerships[client.id]
        contact, fallback = (
            users.get(key) if key else None for key in (owner.point_of_contact_id, owner.fallback_id)
        )
        found[client.id] = People(contacts[client.id], contact, fallback, admins[client.partner_id])
    return found


async def _newest(
    session: AsyncSession, owner: Any, keys: Collection[UUID], at: datetime | None
) -> dict[UUID, rows.RenewalOwnership]:
    setting = rows.RenewalOwnership
    wanted = select(owner.label("owner"), func.max(setting.version).label("version")).where(owner.in_(keys))
    if owner is setting.partner_id:
        wanted = wanted.where(setting.client_id.is_(None))
    if at is not None:
        wanted = wanted.where(setting.set_at <= at)
    last = wanted.group_by(owner).subquery()
    newest = select(setting).join(last, and_(owner == last.c.owner, setting.version == last.c.version))
    return {getattr(row, owner.key): row for row in await session.scalars(newest)}


async def _contacts_of(
    session: AsyncSession, keys: Collection[UUID]
) -> Mapping[UUID, Sequence[rows.ClientContact]]:
    found = defaultdict(list)
    wanted = (
        select(rows.ClientContact)
        .where(rows.ClientContact.client_id.in_(keys))
        .order_by(rows.ClientContact.id)
    )
    for contact in await session.scalars(wanted):
        found[contact.client_id].append(contact)
    return found


async def _admins_of(session: AsyncSession, keys: Collection[UUID]) -> Mapping[UUID, Sequence[rows.Actor]]:
    found = defaultdict(list)
    admins = select(rows.Actor).where(
        rows.Actor.kind == ActorKind.PARTNER_USER,
        rows.Actor.role == Role.ADMIN,
        rows.Actor.partner_id.in_(keys),
    )
    for admin in await session.scalars(admins.order_by(rows.Actor.id)):
        found[admin.partner_id].append(admin)
    return found  # type: ignore[return-value]  # a partner's user has a partner
