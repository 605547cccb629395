"""Answers about renewals."""

from graphql_api.models import rows
from graphql_api.models.money import Money, money
from graphql_api.resolvers.info import Info


async def products(root: rows.Renewal, info: Info) -> list[rows.Product]:
    """What renews."""
    listed = await info.context.loaders.relation("products of renewal").load(root.id)
    return list(await info.context.loaders.relation("product").load_many([one.product_id for one in listed]))


def current_mrr(root: rows.Renewal) -> Money | None:
    """A month's revenue now."""
    return money(root.current_mrr, root.currency)


def renewal_mrr(root: rows.Renewal) -> Money | None:
    """A month's revenue afterwards."""
    return money(root.renewal_mrr, root.currency)
