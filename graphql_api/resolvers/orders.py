"""How the lists are sorted; a tie is always broken by the row's key."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, case, func, type_coerce

from graphql_api.dataloaders.order import Order, Sort
from graphql_api.models import rows
from graphql_api.schema.inputs.enums.orders import (
    ClientOrderField,
    ConfirmationLinkOrderField,
    OrderDirection,
    RenewalOrderField,
    SharedDealOrderField,
)
from graphql_api.schema.inputs.filters import (
    ClientOrder,
    ConfirmationLinkOrder,
    RenewalOrder,
    SharedDealOrder,
)

FAR_OFF = date(9999, 12, 31)
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
NOTICES_NEWEST = Order.by(
    "newest", rows.RenewalNotice.id, Sort(rows.RenewalNotice.created_at, datetime, descending=True)
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
        known = _known_first(change)
        by_change = Sort(func.coalesce(change, 0), int, direction is OrderDirection.DESC)
        return Order.by(f"{field}-{direction}", rows.Renewal.id, known, by_change)
    return _directed(field, rows.Renewal.id, direction, Sort(rows.Renewal.renews_on, date))


def order_of_shared_deals(asked: SharedDealOrder | None) -> Order:
    """How shared deals are sorted; by name unless said otherwise. A deal without a closing day comes last."""
    field = asked.field if asked else SharedDealOrderField.NAME
    direction = asked.direction if asked else OrderDirection.ASC
    if field is SharedDealOrderField.CLOSES_ON:
        known = _known_first(rows.Deal.closes_on)
        day = Sort(func.coalesce(rows.Deal.closes_on, FAR_OFF), date, direction is OrderDirection.DESC)
        return Order.by(f"{field}-{direction}", rows.Deal.id, known, day)
    sort = {
        SharedDealOrderField.NAME: Sort(rows.Deal.name_key, str),
        SharedDealOrderField.CREATED_AT: Sort(rows.Deal.created_at, datetime),
    }[field]
    return _directed(field, rows.Deal.id, direction, sort)


def _known_first(value: Any) -> Sort:
    """Of eight bytes, so that any number in a cursor can be compared."""
    return Sort(type_coerce(case((value.is_(None), 1), else_=0), BigInteger), int)


def _directed(field: str, key: Any, direction: OrderDirection, sort: Sort) -> Order:
    return Order.by(f"{field}-{direction}", key, sort._replace(descending=direction is OrderDirection.DESC))
