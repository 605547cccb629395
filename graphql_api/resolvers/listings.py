"""The lists that can be asked for: which rows, and in which order. Each starts from what the viewer sees (D12)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, exists, false, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from graphql_api.access.sight import Sight
from graphql_api.dataloaders.paging import Order, Sort
from graphql_api.models import rows
from graphql_api.models.attachment_request import AttachmentRequestStatus
from graphql_api.models.client_error import BadUserInput
from graphql_api.models.named import folded
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.models.renewal import ACT_WITHIN, RenewalStatus
from graphql_api.models.renewal_ownership import RenewalOwner
from graphql_api.models.text import NAME_LIMIT
from graphql_api.schema.inputs.enums import (
    ClientOrderField,
    ConfirmationLinkOrderField,
    OrderDirection,
    RenewalOrderField,
    SharedDealOrderField,
)
from graphql_api.schema.inputs.filters import (
    ClientFilter,
    ClientOrder,
    ConfirmationLinkFilter,
    ConfirmationLinkOrder,
    DealFilter,
    PartnerFilter,
    RenewalFilter,
    RenewalOrder,
    SharedDealFilter,
    SharedDealOrder,
)

FAR_OFF = date(9999, 12, 31)
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


def to_act_on(today: date) -> ColumnElement[bool]:
    """Renewals that somebody should act on."""
    soon = rows.Renewal.renews_on.between(today, today + ACT_WITHIN)
    return (rows.Renewal.status == RenewalStatus.PENDING) & soon


def attachment_requests(sight: Sight, status: AttachmentRequestStatus | None) -> Select[Any]:
    """Attachment requests."""
    listing = sight.select(rows.AttachmentRequest)
    return listing if status is None else listing.where(rows.AttachmentRequest.status == status)


def notifications(sight: Sight, *, unread_only: bool) -> Select[Any]:
    """The viewer's notifications."""
    listing = sight.select(rows.Notification)
    return listing.where(rows.Notification.read_at.is_(None)) if unread_only else listing


PARTNERS_BY_NAME = Order.by("name", rows.Partner.id, Sort(rows.Partner.name_key, str))
DEALS_BY_NAME = Order.by("name", rows.Deal.id, Sort(rows.Deal.name_key, str))
ACTIVITIES_NEWEST = Order.by(
    "newest", rows.DealActivity.id, Sort(rows.DealActivity.occurred_at, datetime, descending=True)
)
AUDIT_NEWEST = Order.by(
    "newest", rows.AuditEntry.id, Sort(rows.AuditEntry.occurred_at, datetime, descending=True)
)
REQUESTS_NEWEST = Order.by(
    "newest", rows.AttachmentRequest.id, Sort(rows.AttachmentRequest.created_at, datetime, descending=True)
)
NOTIFICATIONS_NEWEST = Order.by(
    "newest", rows.Notification.id, Sort(rows.Notification.position, int, descending=True)
)


def order_of_clients(asked: ClientOrder | None) -> Order:
    """How clients are sorted; by name unless said otherwise."""
    field = asked.field if asked else ClientOrderField.NAME
    sort = {
        ClientOrderField.NAME: Sort(rows.Client.name_key, str),
        ClientOrderField.CREATED_AT: Sort(rows.Client.created_at, datetime),
    }[field]
    return _directed(field, rows.Client.id, asked.direction if asked else OrderDirection.ASC, sort)


def order_of_links(asked: ConfirmationLinkOrder | None) -> Order:
    """How links are sorted; newest first unless said otherwise."""
    field = asked.field if asked else ConfirmationLinkOrderField.CREATED_AT
    sort = {
        ConfirmationLinkOrderField.CREATED_AT: Sort(rows.ConfirmationLink.created_at, datetime),
        ConfirmationLinkOrderField.UPDATED_AT: Sort(rows.ConfirmationLink.updated_at, datetime),
        ConfirmationLinkOrderField.NAME: Sort(rows.ConfirmationLink.name_key, str),
    }[field]
    return _directed(field, rows.ConfirmationLink.id, asked.direction if asked else OrderDirection.DESC, sort)


def order_of_renewals(asked: RenewalOrder | None) -> Order:
    """How renewals are sorted; next first unless said otherwise. An unknown change of MRR comes last."""
    field = asked.field if asked else RenewalOrderField.RENEWS_ON
    direction = asked.direction if asked else OrderDirection.ASC
    if field is RenewalOrderField.MRR_CHANGE:
        change = type_coerce(rows.Renewal.renewal_mrr, BigInteger) - type_coerce(
            rows.Renewal.current_mrr, BigInteger
        )
        known = Sort(case((change.is_(None), 1), else_=0), int)
        by_change = Sort(func.coalesce(change, 0), int, direction is OrderDirection.DESC)
        return Order.by(f"{field}-{direction}", rows.Renewal.id, known, by_change)
    return _directed(field, rows.Renewal.id, direction, Sort(rows.Renewal.renews_on, date))


def order_of_shared_deals(asked: SharedDealOrder | None) -> Order:
    """How shared deals are sorted; by name unless said otherwise. A deal without a closing day comes last."""
    field = asked.field if asked else SharedDealOrderField.NAME
    direction = asked.direction if asked else OrderDirection.ASC
    if field is SharedDealOrderField.CLOSES_ON:
        known = Sort(case((rows.Deal.closes_on.is_(None), 1), else_=0), int)
        day = Sort(func.coalesce(rows.Deal.closes_on, FAR_OFF), date, direction is OrderDirection.DESC)
        return Order.by(f"{field}-{direction}", rows.Deal.id, known, day)
    sort = {
        SharedDealOrderField.NAME: Sort(rows.Deal.name_key, str),
        SharedDealOrderField.CREATED_AT: Sort(rows.Deal.created_at, datetime),
    }[field]
    return _directed(field, rows.Deal.id, direction, sort)


def _directed(field: str, key: Any, direction: OrderDirection, sort: Sort) -> Order:
    return Order.by(f"{field}-{direction}", key, sort._replace(descending=direction is OrderDirection.DESC))


def _found(column: Any, search: str | None) -> list[ColumnElement[bool]]:
    if not search:
        return []
    key = folded(search)
    if "\x00" in key or len(key) > LONGEST_KEY:  # no name holds it, and databases refuse to look
        return [false()]
    return [column.contains(key, autoescape=True)]


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
        conditions.append(renewal.status.in_(wanted.status))
    if wanted.client_id is not None:
        conditions.append(renewal.client_id == NodeId.key_in(wanted.client_id, NodeKind.CLIENT))
    return conditions


def _wanted_links(sight: Sight, wanted: ConfirmationLinkFilter) -> list[ColumnElement[bool]]:
    link = rows.ConfirmationLink
    conditions: list[ColumnElement[bool]] = []
    if wanted.status is not None:
        conditions.append(link.status.in_(wanted.status))
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
