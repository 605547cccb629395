"""What links state, read for many at once."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Uuid, and_, bindparam, select

from graphql_api.models import rows
from graphql_api.models.statement import StatedProduct, Statement
from graphql_api.reading.prepared import Prepared
from graphql_api.reading.questions import Among
from graphql_api.reading.records import columns_of, maker_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncSession


class Stated(NamedTuple):
    """What a link states, and of which products; to be read only."""

    statement: Statement
    products: Sequence[rows.LinkProduct]


def _stated(of: ColumnElement[bool]) -> Select[Any]:
    link, listed, product = rows.ConfirmationLink, rows.LinkProduct, rows.Product
    code, offered = listed.onboarding_type_code, rows.OnboardingType
    names: tuple[Any, ...] = (link.name, rows.Partner.name, rows.Client.name)
    terms = (link.provides_onboarding, link.onboarding_duration)
    of_product = (product.code, product.name, product.edition, code, offered.name)
    return (
        select(link.id, *names, *terms, *of_product, *columns_of(listed))
        .join(rows.Partner, rows.Partner.id == link.partner_id)
        .outerjoin(rows.Client, rows.Client.id == link.client_id)
        .join(listed, listed.link_id == link.id)
        .join(product, product.id == listed.product_id)
        .outerjoin(offered, and_(offered.product_id == product.id, offered.code == code))
        .where(of)
        .order_by(link.id, listed.position)
    )


ONE = Prepared(_stated(rows.ConfirmationLink.id == bindparam("link", None, Uuid())))
"""PostgreSQL plans this once; what takes many keys it plans for each asking, which takes it ten times as long."""
MANY = Prepared(_stated(Among(rows.ConfirmationLink.id)))
OF_LINK, OF_PRODUCT, LISTED = slice(0, 6), slice(6, 11), slice(11, None)
"""Where in its rows what stands."""


async def stated_by(session: AsyncSession, link: rows.ConfirmationLink) -> Stated:
    """What the link states."""
    return _of(list(await ONE(session, link=link.id)))


async def statement_of(session: AsyncSession, link: rows.ConfirmationLink) -> Statement:
    """The same, without its products' rows."""
    return (await stated_by(session, link)).statement


async def statements_of(session: AsyncSession, link_ids: Iterable[UUID]) -> dict[UUID, Statement]:
    """What each link states, by its key: in one question, however many they are."""
    asked = await MANY(session, keys=link_ids)
    return {key: _of(list(listed)).statement for key, listed in groupby(asked, itemgetter(0))}


def _of(listed: Sequence[tuple[Any, ...]]) -> Stated:
    _, link_name, partner_name, client_name, *terms = listed[0][OF_LINK]
    products = tuple(StatedProduct(*one[OF_PRODUCT]) for one in listed)
    statement = Statement(link_name, partner_name, client_name, products, *terms)
    return Stated(statement, [maker_of(rows.LinkProduct)(one[LISTED]) for one in listed])


def facts_of(statement: Statement) -> dict[str, object]:
    """A statement as the audit log writes it: one line a field."""
    products = (
        f"{p.code} ({p.onboarding_type_code})" if p.onboarding_type_code else p.code
        for p in statement.products
    )
    return {
        "name": statement.link_name,
        "products": ", ".join(products),
        "providesOnboarding": statement.provides_onboarding,
        "onboardingDuration": statement.onboarding_duration,
    }
