"""Relations between rows: fields name one, and here is what it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from graphql_api.dataloaders.batches import (
    Row,
    admins,
    assigned,
    contacts_in_roles,
    default_ownerships,
    in_session,
    many,
    one,
    ownerships,
    positions,
    statements,
    unguarded,
)
from graphql_api.dataloaders.catalogue import kept
from graphql_api.models import rows
from graphql_api.models.node_id import NodeId, NodeKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.access.sight import Sight
    from graphql_api.database import View
    from graphql_api.dataloaders.batches import Batch


async def nodes(database: View, sight: Sight, keys: Sequence[NodeId]) -> list[Any]:
    """The visible row of each global id, or None; a statement for each kind asked for."""
    found: dict[NodeId, Any] = {}
    for kind in {key.kind for key in keys} & NODES.keys():
        wanted = [key for key in keys if key.kind is kind]
        found.update(
            zip(wanted, await NODES[kind](database, sight, [key.key for key in wanted]), strict=True)
        )
    return [found.get(key) for key in keys]


NODES: dict[NodeKind, Row] = {
    NodeKind.PARTNER: one(rows.Partner),
    NodeKind.PARTNER_USER: one(rows.PartnerUser),
    NodeKind.STAFF_MEMBER: one(rows.StaffMember),
    NodeKind.INTEGRATION: one(rows.Integration),
    NodeKind.CLIENT: one(rows.Client),
    NodeKind.CLIENT_CONTACT: one(rows.ClientContact),
    NodeKind.PRODUCT: one(rows.Product),
    NodeKind.CONFIRMATION_LINK: one(rows.ConfirmationLink),
    NodeKind.DEAL: one(rows.Deal),
    NodeKind.DEAL_ACTIVITY: one(rows.DealActivity),
    NodeKind.ATTACHMENT_REQUEST: one(rows.AttachmentRequest),
    NodeKind.CHECKOUT: one(rows.Checkout),
    NodeKind.NOTIFICATION: one(rows.Notification),
    NodeKind.AUDIT_ENTRY: one(rows.AuditEntry),
    NodeKind.API_TOKEN: one(rows.ApiToken),
    NodeKind.RENEWAL: one(rows.Renewal),
    NodeKind.RENEWAL_NOTICE: one(rows.RenewalNotice),
}

RELATIONS: dict[str, Batch] = {
    "partner": one(rows.Partner),
    "client": one(rows.Client),
    "deal": one(rows.Deal),
    "link": one(rows.ConfirmationLink),
    "renewal": one(rows.Renewal),
    "node": nodes,
    "actor": unguarded(rows.Actor),
    "assigned": in_session(assigned),
    "position": in_session(positions),
    "decision": unguarded(rows.Decision, rows.Decision.link_id),
    "ownership": in_session(ownerships),
    "default ownership": in_session(default_ownerships),
    "partner worked with": Row(rows.Partner, rows.Partner.id, lambda sight: sight.partners(rows.Partner.id)),
    "settings of client": many(
        rows.RenewalOwnership,
        rows.RenewalOwnership.client_id,
        lambda sight: sight.select(rows.RenewalOwnership),
    ),
    "settings of partner": many(
        rows.RenewalOwnership,
        rows.RenewalOwnership.partner_id,
        lambda sight: sight.select(rows.RenewalOwnership).where(rows.RenewalOwnership.client_id.is_(None)),
    ),
    "contacts in roles": in_session(contacts_in_roles),
    "admins of partner": in_session(admins),
    "notices of renewal": many(
        rows.RenewalNotice,
        rows.RenewalNotice.renewal_id,
        lambda sight: sight.select(rows.RenewalNotice).order_by(
            rows.RenewalNotice.created_at, rows.RenewalNotice.id
        ),
    ),
    "product": kept(unguarded(rows.Product)),
    "statement": in_session(statements),
    "products of link": many(
        rows.LinkProduct,
        rows.LinkProduct.link_id,
        lambda _sight: select(rows.LinkProduct).order_by(rows.LinkProduct.position),
    ),
    "products of renewal": many(
        rows.RenewalProduct,
        rows.RenewalProduct.renewal_id,
        lambda _sight: select(rows.RenewalProduct).order_by(rows.RenewalProduct.position),
    ),
    "links of deal": many(
        rows.ConfirmationLink,
        rows.ConfirmationLink.deal_id,
        lambda sight: sight.select(rows.ConfirmationLink).order_by(rows.ConfirmationLink.id),
    ),
    "links of checkout": many(
        rows.ConfirmationLink,
        rows.CheckoutLink.checkout_id,
        lambda sight: (
            sight.select(rows.ConfirmationLink)
            .join(rows.CheckoutLink, rows.CheckoutLink.link_id == rows.ConfirmationLink.id)
            .order_by(rows.ConfirmationLink.id)
        ),
    ),
    "contacts of client": many(
        rows.ClientContact,
        rows.ClientContact.client_id,
        lambda _sight: select(rows.ClientContact).order_by(rows.ClientContact.name, rows.ClientContact.id),
    ),
    "roles of contact": many(rows.HeldRole, rows.HeldRole.contact_id, lambda _sight: select(rows.HeldRole)),
    "users of partner": many(
        rows.PartnerUser,
        rows.PartnerUser.partner_id,
        lambda sight: sight.select(rows.PartnerUser).order_by(rows.PartnerUser.name, rows.PartnerUser.id),
    ),
}
"""Every relation that fields name, with what it asks of the database."""
