"""Answers about deals."""

from babel.numbers import get_currency_precision

from graphql_api.dataloaders.paging import Page, window_of
from graphql_api.models import rows
from graphql_api.models.money import Money, money
from graphql_api.resolvers import listings
from graphql_api.resolvers.info import Info
from graphql_api.resolvers.pages import nested_page
from graphql_api.schema.inputs.arguments import After, Before, First, Last


def amount(root: rows.Deal) -> Money | None:
    """What it is worth."""
    return money(root.amount, root.currency)


async def activities(
    root: rows.Deal,
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Page:
    """Its timeline, newest first (B20)."""
    window = window_of(first, after, last, before)
    listing = info.context.sight.select(rows.DealActivity)
    order, parent = listings.ACTIVITIES_NEWEST, rows.DealActivity.deal_id
    return await nested_page(info.context, "activities", None, listing, order, window, parent, root.id)


def written_amount(root: Money) -> str:
    """The decimal with at least the places that its currency has: 1250.50 EUR, 1250 JPY."""
    whole, _, decimals = f"{root.amount:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(get_currency_precision(root.currency), "0")
    return f"{whole}.{decimals}" if decimals else whole
