"""Reading who owns clients' renewals, and everybody who may come into a notice, for many clients at once."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from graphql_api.models import rows
from graphql_api.models.actor import ActorKind, Role
from graphql_api.models.client import ContactRole
from graphql_api.models.renewal_ownership import Ownership, owner_of
from graphql_api.models.renewal_routing import Contact, People
from graphql_api.reading.by_key import records_by_key
from graphql_api.reading.prepared import Prepared
from graphql_api.reading.questions import Among

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from uuid import UUID

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncSession


def _in_roles() -> Select[Any]:
    contact, held = rows.ClientContact, rows.HeldRole
    known: tuple[Any, ...] = (contact.client_id, contact.id, contact.name, contact.email, contact.locale)
    listed = select(*known, held.role).join(held, held.contact_id == contact.id)
    return listed.where(Among(contact.client_id)).order_by(contact.id)


IN_ROLES = Prepared(_in_roles())
"""The contacts of clients, once for each role that they hold."""


async def ownerships_of(session: AsyncSession, clients: Iterable[rows.Client]) -> dict[UUID, Ownership]:
    """The effective owner of each client's renewals, in two statements."""
    clients = list(clients)
    defaults = await defaults_of(session, {client.partner_id for client in clients})
    overrides = await _newest(session, rows.RenewalOwnership.client_id, {client.id for client in clients})
    return {
        client.id: owner_of(defaults.get(client.partner_id), overrides.get(client.id)) for client in clients
    }


async def defaults_of(
    session: AsyncSession, partner_ids: Collection[UUID]
) -> dict[UUID, rows.RenewalOwnership]:
    """Each partner's newest default, where it ever set one."""
    return await _newest(session, rows.RenewalOwnership.partner_id, partner_ids)


async def people_of(
    session: AsyncSession, clients: Sequence[rows.Client], ownerships: Mapping[UUID, Ownership]
) -> dict[UUID, People]:
    """Everybody who may receive each client's notices, in three statements."""
    contacts = await contacts_of(session, [client.id for client in clients])
    named = {key for one in ownerships.values() for key in (one.point_of_contact_id, one.fallback_id) if key}
    users = await records_by_key(session, rows.Actor, named)
    admins = await admins_of(session, {client.partner_id for client in clients})
    found = {}
    for client in clients:
        owner = ownerships[client.id]
        contact, fallback = (
            users.get(key) if key else None for key in (owner.point_of_contact_id, owner.fallback_id)
        )
        found[client.id] = People(contacts[client.id], contact, fallback, admins[client.partner_id])
    return found


async def contacts_of(
    session: AsyncSession, client_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[Contact]]:
    """Each client's contacts who hold a role."""
    found = defaultdict(list)
    held_by = groupby(await IN_ROLES(session, keys=client_ids), itemgetter(slice(0, -1)))
    for (client_id, _, name, email, locale), held in held_by:
        roles = {role for *_, role in held}
        found[client_id].append(Contact(name, email, locale, [one for one in ContactRole if one in roles]))
    return found


async def admins_of(
    session: AsyncSession, partner_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[rows.Actor]]:
    """Each partner's admins; those who are no longer active among them."""
    found = defaultdict(list)
    admins = select(rows.Actor).where(
        rows.Actor.kind == ActorKind.PARTNER_USER,
        rows.Actor.role == Role.ADMIN,
        rows.Actor.partner_id.in_(partner_ids),
    )
    for admin in await session.scalars(admins.order_by(rows.Actor.id)):
        found[admin.partner_id].append(admin)
    return found  # type: ignore[return-value]  # a partner's user has a partner


async def _newest(
    session: AsyncSession, owner: Any, keys: Collection[UUID]
) -> dict[UUID, rows.RenewalOwnership]:
    setting = rows.RenewalOwnership
    wanted = select(owner.label("owner"), func.max(setting.version).label("version")).where(owner.in_(keys))
    if owner is setting.partner_id:
        wanted = wanted.where(setting.client_id.is_(None))
    last = wanted.group_by(owner).subquery()
    newest = select(setting).join(last, and_(owner == last.c.owner, setting.version == last.c.version))
    return {getattr(row, owner.key): row for row in await session.scalars(newest)}
