"""Answers about renewals and their notices."""

from itertools import islice

from graphql_api.models import rows
from graphql_api.models.money import Money, money
from graphql_api.models.renewal_routing import Recipient
from graphql_api.resolvers.info import Info, together


async def products_of(info: Info, roots: list[rows.Renewal]) -> list[list[rows.Product]]:
    """What each of them renews."""
    level = info.context.loaders.level
    listed = await level("products of renewal", [root.id for root in roots])
    found = iter(await level("product", [one.product_id for of_one in listed for one in of_one]))
    return [list(islice(found, len(of_one))) for of_one in listed]


@together(products_of)
async def products(root: rows.Renewal, info: Info) -> list[rows.Product]:
    """What renews."""
    listed = await info.context.loaders.relation("products of renewal").load(root.id)
    return list(await info.context.loaders.relation("product").load_many([one.product_id for one in listed]))


def days_to_renewal(root: rows.Renewal, info: Info) -> int:
    """Days from today to the renewal."""
    return root.days_to_renewal(info.context.today)


def current_mrr(root: rows.Renewal) -> Money | None:
    """A month's revenue now."""
    return money(root.current_mrr, root.currency)


def renewal_mrr(root: rows.Renewal) -> Money | None:
    """A month's revenue afterwards."""
    return money(root.renewal_mrr, root.currency)


def to(root: rows.RenewalNotice) -> list[Recipient]:
    """Whom it was addressed to, as decided then."""
    return [Recipient.of_data(one) for one in root.to]


def cc(root: rows.RenewalNotice) -> list[Recipient]:
    """Who was copied, as decided then."""
    return [Recipient.of_data(one) for one in root.cc]
