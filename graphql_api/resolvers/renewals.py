"""Answers about renewals and their notices."""

from datetime import date, datetime

from graphql_api.dataloaders.paging import Order, Page, Sort, window_of
from graphql_api.models import rows
from graphql_api.models.money import Money, money
from graphql_api.models.outbox_mail import MailStatus
from graphql_api.models.renewal_notice import RenewalNoticeStatus
from graphql_api.models.renewal_routing import Recipient
from graphql_api.resolvers import listings
from graphql_api.resolvers.info import Info
from graphql_api.resolvers.pages import nested_page, root_page
from graphql_api.schema.inputs.arguments import (
    After,
    Before,
    First,
    Last,
    RenewalFilterArgument,
    RenewalOrderArgument,
)

STATUSES = {
    MailStatus.QUEUED: RenewalNoticeStatus.QUEUED,
    MailStatus.SENT: RenewalNoticeStatus.SENT,
    MailStatus.FAILED: RenewalNoticeStatus.FAILED,
}
NOTICES_NEWEST = Order.by(
    "newest", rows.RenewalNotice.id, Sort(rows.RenewalNotice.created_at, datetime, descending=True)
)


def today_of(info: Info) -> date:
    """The day it is, in UTC (C12)."""
    return info.context.database.clock().date()


async def products(root: rows.Renewal, info: Info) -> list[rows.Product]:
    """What renews."""
    listed = await info.context.loaders.relation("products of renewal").load(root.id)
    return list(await info.context.loaders.relation("product").load_many([one.product_id for one in listed]))


def days_to_renewal(root: rows.Renewal, info: Info) -> int:
    """Days from today to the renewal."""
    return root.days_to_renewal(today_of(info))


def current_mrr(root: rows.Renewal) -> Money | None:
    """A month's revenue now."""
    return money(root.current_mrr, root.currency)


def renewal_mrr(root: rows.Renewal) -> Money | None:
    """A month's revenue afterwards."""
    return money(root.renewal_mrr, root.currency)


async def renewals(
    info: Info,
    filter: RenewalFilterArgument = None,
    order_by: RenewalOrderArgument = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Page:
    """The renewals that the viewer sees; next first unless said otherwise."""
    window = window_of(first, after, last, before)
    listing = listings.renewals(info.context.sight, filter, today_of(info))
    return await root_page(info.context, listing, listings.order_of_renewals(order_by), window)


async def renewals_of_partner(
    root: rows.Partner,
    info: Info,
    filter: RenewalFilterArgument = None,
    order_by: RenewalOrderArgument = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Page:
    """A partner's renewals; next first unless said otherwise."""
    window = window_of(first, after, last, before)
    listing = listings.renewals(info.context.sight, filter, today_of(info))
    order, parent = listings.order_of_renewals(order_by), rows.Renewal.partner_id
    return await nested_page(info.context, "renewals", filter, listing, order, window, parent, root.id)


async def renewals_of_client(
    root: rows.Client,
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Page:
    """A client's renewals, next first (A12)."""
    window = window_of(first, after, last, before)
    listing = listings.renewals(info.context.sight, None, today_of(info))
    order, parent = listings.order_of_renewals(None), rows.Renewal.client_id
    return await nested_page(info.context, "client's renewals", None, listing, order, window, parent, root.id)


async def notices_of_client(
    root: rows.Client,
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Page:
    """A client's notices, newest first."""
    window = window_of(first, after, last, before)
    listing = info.context.sight.select(rows.RenewalNotice)
    parent = rows.RenewalNotice.client_id
    return await nested_page(info.context, "notices", None, listing, NOTICES_NEWEST, window, parent, root.id)


def to(root: rows.RenewalNotice) -> list[Recipient]:
    """Whom it was addressed to, as decided then."""
    return [Recipient.of_data(one) for one in root.to]


def cc(root: rows.RenewalNotice) -> list[Recipient]:
    """Who was copied, as decided then."""
    return [Recipient.of_data(one) for one in root.cc]


async def status(root: rows.RenewalNotice, info: Info) -> RenewalNoticeStatus:
    """What became of it: what became of its mail."""
    if root.mail_id is None:
        return RenewalNoticeStatus.NO_RECIPIENTS
    mail: rows.OutboxMail = await info.context.loaders.relation("mail").load(root.mail_id)
    return STATUSES[mail.status]


async def sent_at(root: rows.RenewalNotice, info: Info) -> datetime | None:
    """When its mail was taken."""
    if root.mail_id is None:
        return None
    mail: rows.OutboxMail = await info.context.loaders.relation("mail").load(root.mail_id)
    return mail.sent_at
