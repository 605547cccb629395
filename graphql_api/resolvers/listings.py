"""The lists that can be asked for: which rows, and in which order. Each starts from what the viewer sees (D12)."""

from datetime import UTC, date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from graphql_api.access.sight import Sight
from graphql_api.models import rows
from graphql_api.models.attachment_request import AttachmentRequestStatus
from graphql_api.models.client_error import BadUserInput
from graphql_api.models.named import folded
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.models.renewal import to_act_on
from graphql_api.models.renewal_ownership import RenewalOwner
from graphql_api.models.text import NAME_LIMIT
from graphql_api.schema.inputs.filters import (
    ClientFilter,
    ConfirmationLinkFilter,
    DealFilter,
    PartnerFilter,
    RenewalFilter,
    SharedDealFilter,
)

LONGEST = 36_500
LONGEST_KEY = 18 * NAME_LIMIT
"""No character folds to more than 18."""


def partners(sight: Sight, wanted: PartnerFilter | None) -> Select[Any]:
    """Partners."""
    return sight.select(rows.Partner).where(*_found(rows.Partner.name_key, wanted.search if wanted else None))


def clients(sight: Sight, wanted: ClientFilter | None) -> Select[Any]:
    """Clients. Who may not see renewal owners finds none by them (A1)."""
    listing = sight.select(rows.Client)
    if wanted is None:
        return listing
    conditions = _found(rows.Client.name_key, wanted.search)
    if wanted.renewal_owner is not None:
        conditions += [sight.partners(rows.Client.partner_id), effective_owner() == wanted.renewal_owner]
    if wanted.has_override is not None:
        override = overriding_owner()
        overridden = override.is_not(None) if wanted.has_override else override.is_(None)
        conditions += [sight.partners(rows.Client.partner_id), overridden]
    return listing.where(*conditions)


def overriding_owner() -> ColumnElement[Any]:
    """The owner that a client's newest setting names: null where there is none, or it was cleared."""
    setting = aliased(rows.RenewalOwnership)
    newest = select(setting.owner).where(setting.client_id == rows.Client.id)
    return newest.order_by(setting.version.desc()).limit(1).scalar_subquery()


def effective_owner() -> ColumnElement[Any]:
    """Who owns a client's renewals: its override, else the partner's newest default, else HUBSPOT."""
    setting = aliased(rows.RenewalOwnership)
    default = select(setting.owner).where(
        setting.partner_id == rows.Client.partner_id, setting.client_id.is_(None)
    )
    newest = default.order_by(setting.version.desc()).limit(1).scalar_subquery()
    return func.coalesce(overriding_owner(), newest, RenewalOwner.HUBSPOT)


def confirmation_links(sight: Sight, wanted: ConfirmationLinkFilter | None) -> Select[Any]:
    """Confirmation links (B5, B29, B30)."""
    listing = sight.select(rows.ConfirmationLink)
    return listing if wanted is None else listing.where(*_wanted_links(sight, wanted))


def deals(sight: Sight, wanted: DealFilter | None) -> Select[Any]:
    """Deals of either kind."""
    listing = sight.select(rows.Deal)
    if wanted is None:
        return listing
    conditions = _found(rows.Deal.name_key, wanted.search)
    if wanted.partner_id is not None:
        conditions.append(rows.Deal.partner_id == NodeId.key_in(wanted.partner_id, NodeKind.PARTNER))
    if wanted.is_shared is not None:
        conditions.append(rows.Deal.is_shared == wanted.is_shared)
    return listing.where(*conditions)


def shared_deals(sight: Sight, wanted: SharedDealFilter | None) -> Select[Any]:
    """Shared deals (B14)."""
    listing = sight.select(rows.Deal).where(rows.Deal.is_shared)
    if wanted is None:
        return listing
    conditions = _found(rows.Deal.name_key, wanted.search)
    if wanted.has_proof_of_engagement is not None:
        proof = exists(select(rows.ConfirmationLink.id).where(rows.ConfirmationLink.deal_id == rows.Deal.id))
        conditions.append(proof if wanted.has_proof_of_engagement else ~proof)
    return listing.where(*conditions)


def renewals(sight: Sight, wanted: RenewalFilter | None, today: date) -> Select[Any]:
    """Renewals; `today` in UTC.

    Raises:
        BadUserInput: a number of days that no calendar holds.

    """
    listing = sight.select(rows.Renewal)
    return listing if wanted is None else listing.where(*_wanted_renewals(wanted, today))


def attachment_requests(sight: Sight, status: AttachmentRequestStatus | None) -> Select[Any]:
    """Attachment requests."""
    listing = sight.select(rows.AttachmentRequest)
    return listing if status is None else listing.where(rows.AttachmentRequest.status == status)


def notifications(sight: Sight, *, unread_only: bool) -> Select[Any]:
    """The viewer's notifications."""
    listing = sight.select(rows.Notification)
    return listing.where(rows.Notification.read_at.is_(None)) if unread_only else listing


def _found(column: Any, search: str | None) -> list[ColumnElement[bool]]:
    if not search:
        return []
    key = folded(search)
    if "\x00" in key or len(key) > LONGEST_KEY:  # no name holds it, and databases refuse to look
        return [false()]
    return [column.contains(key, autoescape=True)]


def _each_once(values: list[Any]) -> list[Any]:
    """A database takes only so many parameters, however often the same one is named."""
    return list(dict.fromkeys(values))


def _wanted_renewals(wanted: RenewalFilter, today: date) -> list[ColumnElement[bool]]:
    renewal = rows.Renewal
    conditions: list[ColumnElement[bool]] = []
    if wanted.to_act_on is not None:
        conditions.append(to_act_on(today) if wanted.to_act_on else ~to_act_on(today))
    if wanted.within_days is not None:
        if not 0 <= wanted.within_days <= LONGEST:
            raise BadUserInput(f"withinDays must be from 0 to {LONGEST}")
        conditions.append(renewal.renews_on.between(today, today + timedelta(days=wanted.within_days)))
    if wanted.status is not None:
        conditions.append(renewal.status.in_(_each_once(wanted.status)))
    if wanted.client_id is not None:
        conditions.append(renewal.client_id == NodeId.key_in(wanted.client_id, NodeKind.CLIENT))
    return conditions


def _wanted_links(sight: Sight, wanted: ConfirmationLinkFilter) -> list[ColumnElement[bool]]:
    link = rows.ConfirmationLink
    conditions: list[ColumnElement[bool]] = []
    if wanted.status is not None:
        conditions.append(link.status.in_(_each_once(wanted.status)))
    if wanted.client_assigned is not None:
        conditions.append(link.client_id.is_not(None) if wanted.client_assigned else link.client_id.is_(None))
    if wanted.attached is not None:
        conditions.append(link.deal_id.is_not(None) if wanted.attached else link.deal_id.is_(None))
    if wanted.client_id is not None:
        conditions.append(link.client_id == NodeId.key_in(wanted.client_id, NodeKind.CLIENT))
    if wanted.created_after is not None:
        conditions.append(link.created_at > wanted.created_after.astimezone(UTC))
    if wanted.created_before is not None:
        conditions.append(link.created_at < wanted.created_before.astimezone(UTC))
    if wanted.search:
        named = sight.select(rows.Client).where(*_found(rows.Client.name_key, wanted.search))
        conditions.append(
            or_(
                *_found(link.name_key, wanted.search),
                link.client_id.in_(named.with_only_columns(rows.Client.id)),
            )
        )
    return conditions
