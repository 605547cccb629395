"""Choosing who owns renewal communication: for all of a partner's clients, or for one (A3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from graphql_api.actions.locks import lock
from graphql_api.actions.ownerships import defaults_of, ownerships_of
from graphql_api.actions.record import audit, changes_between, record_event
from graphql_api.models import rows
from graphql_api.models.actor import ActorKind
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.models.refusal import Conflict, PointOfContactInvalid, PointOfContactRequired
from graphql_api.models.renewal_ownership import Ownership, RenewalOwner, RenewalOwnershipSource, owner_of
from graphql_api.models.stream import PartnerEventKind
from graphql_api.reading.by_key import records_by_key

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from graphql_api.access.sight import Sight
    from graphql_api.database import Writing


async def set_default(
    writing: Writing,
    sight: Sight,
    partner_id: UUID,
    owner: RenewalOwner,
    contact_id: UUID | None,
    expected_version: int | None,
) -> rows.Partner:
    """Set the owner and contact of every client without an override, now and later (A4, A6, A9, A18).

    Raises:
        NotFound: there is no such partner.
        Conflict: the default was changed since.
        PointOfContactRequired, PointOfContactInvalid: the contact (C9).

    """
    partner = await lock(writing, sight, rows.Partner, partner_id, "partnerId")
    defaults = await defaults_of(writing.session, [partner.id])
    before = owner_of(defaults.get(partner.id))
    _check_version(before, expected_version)
    await check_contact(writing.session, partner.id, owner, contact_id)
    if before.version and (before.owner, before.point_of_contact_id) == (owner, contact_id):
        return partner
    setting = await _add(writing, partner.id, None, owner, contact_id)
    await _record(
        writing, partner.id, partner.node_id, "partner.set_renewal_owner", before, owner_of(setting)
    )
    return partner


async def set_override(
    writing: Writing,
    sight: Sight,
    client_id: UUID,
    owner: RenewalOwner,
    contact_id: UUID | None,
    expected_version: int | None,
) -> rows.Client:
    """Set the owner and contact of one client, whatever the default is or will be (A11, A12, A17).

    Raises:
        NotFound, Conflict, PointOfContactRequired, PointOfContactInvalid: as above.

    """
    client, before = await _locked(writing, sight, client_id, expected_version)
    await check_contact(writing.session, client.partner_id, owner, contact_id)
    overridden = before.source is RenewalOwnershipSource.CLIENT_OVERRIDE
    if overridden and before.owner is owner and contact_id == before.own_contact_id:
        return client
    await _add(writing, client.partner_id, client.id, owner, contact_id)
    after = (await ownerships_of(writing.session, [client]))[client.id]
    await _record(writing, client.partner_id, client.node_id, "client.set_renewal_owner", before, after)
    return client


async def clear_override(
    writing: Writing, sight: Sight, client_id: UUID, expected_version: int | None
) -> rows.Client:
    """Let the client follow the default again (C7); without an override nothing changes.

    Raises:
        NotFound, Conflict: as above.

    """
    client, before = await _locked(writing, sight, client_id, expected_version)
    if before.source is RenewalOwnershipSource.CLIENT_OVERRIDE:
        await _add(writing, client.partner_id, client.id, None, None)
        after = (await ownerships_of(writing.session, [client]))[client.id]
        await _record(writing, client.partner_id, client.node_id, "client.clear_renewal_owner", before, after)
    return client


async def check_contact(
    session: AsyncSession, partner_id: UUID, owner: RenewalOwner, contact_id: UUID | None
) -> None:
    """A point of contact is an active user of the partner, and required for PARTNER (C9).

    Raises:
        PointOfContactRequired: the partner is to own it, and nobody is named.
        PointOfContactInvalid: the one named is not an active user of the partner.

    """
    contact = (
        (await records_by_key(session, rows.Actor, {contact_id})).get(contact_id) if contact_id else None
    )
    check_named(partner_id, owner, contact_id, contact)


def check_named(
    partner_id: UUID, owner: RenewalOwner, contact_id: UUID | None, contact: rows.Actor | None
) -> None:
    """The same, of the `contact` whose key it is.

    Raises:
        PointOfContactRequired, PointOfContactInvalid: as above.

    """
    if contact_id is None:
        if owner is RenewalOwner.PARTNER:
            raise PointOfContactRequired("pointOfContactId")
        return
    if contact is None or contact.kind is not ActorKind.PARTNER_USER:
        raise PointOfContactInvalid("pointOfContactId")
    if contact.partner_id != partner_id or not contact.is_active:
        raise PointOfContactInvalid("pointOfContactId")


async def _locked(
    writing: Writing, sight: Sight, client_id: UUID, expected_version: int | None
) -> tuple[rows.Client, Ownership]:
    """The client and its ownership, with the partner locked: all its ownerships change one after the other."""
    client = await lock(writing, sight, rows.Client, client_id, "clientId")
    await lock(writing, sight, rows.Partner, client.partner_id, "clientId")
    before = (await ownerships_of(writing.session, [client]))[client.id]
    _check_version(before, expected_version)
    return client, before


def _check_version(before: Ownership, expected: int | None) -> None:
    if expected is not None and expected != before.version:
        raise Conflict("expectedVersion")


async def _add(
    writing: Writing,
    partner_id: UUID,
    client_id: UUID | None,
    owner: RenewalOwner | None,
    contact_id: UUID | None,
) -> rows.RenewalOwnership:
    newest = select(func.max(rows.RenewalOwnership.version)).where(
        rows.RenewalOwnership.partner_id == partner_id
    )
    setting = rows.RenewalOwnership(
        partner_id=partner_id,
        client_id=client_id,
        owner=owner,
        point_of_contact_id=contact_id,
        version=(await writing.session.scalar(newest) or 0) + 1,
        set_at=writing.now,
        set_by_id=writing.by.actor_id,
    )
    writing.session.add(setting)
    await writing.session.flush()
    return setting


async def _record(
    writing: Writing, partner_id: UUID, subject: NodeId, action: str, before: Ownership, after: Ownership
) -> None:
    record_event(writing, partner_id, PartnerEventKind.RENEWAL_OWNERSHIP_CHANGED, subject)
    changes = changes_between(_facts(before), _facts(after))
    audit(writing, action, subject, changes, partner_id=partner_id)


def _facts(ownership: Ownership) -> dict[str, object]:
    contact = ownership.point_of_contact_id
    return {
        "owner": ownership.owner,
        "pointOfContact": str(NodeId(NodeKind.PARTNER_USER, contact)) if contact else None,
        "source": ownership.source,
    }
