"""Answers about clients."""

from graphql_api.dataloaders.paging import Page, window_of
from graphql_api.models import rows
from graphql_api.resolvers import listings
from graphql_api.resolvers.info import Info
from graphql_api.resolvers.pages import nested_page
from graphql_api.schema.inputs.arguments import (
    After,
    Before,
    First,
    Last,
    LinkFilterArgument,
    LinkOrderArgument,
)


async def confirmation_links(
    root: rows.Client,
    info: Info,
    filter: LinkFilterArgument = None,
    order_by: LinkOrderArgument = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Page:
    """The links assigned to it."""
    window = window_of(first, after, last, before)
    listing = listings.confirmation_links(info.context.sight, filter)
    order, parent = listings.order_of_links(order_by), rows.ConfirmationLink.client_id
    return await nested_page(info.context, "client's links", filter, listing, order, window, parent, root.id)


async def shared_deals(
    root: rows.Client,
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Page:
    """Its shared deals, by name."""
    window = window_of(first, after, last, before)
    listing = listings.shared_deals(info.context.sight, None)
    order, parent = listings.DEALS_BY_NAME, rows.Deal.client_id
    return await nested_page(info.context, "client's deals", None, listing, order, window, parent, root.id)
