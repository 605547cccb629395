"""What links state, read for many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from graphql_api.models import rows
from graphql_api.models.statement import Statement, stated
from graphql_api.reading.by_key import records_by_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

Model = TypeVar("Model", bound=rows.Base)
Known: TypeAlias = rows.Partner | rows.Product


async def statement_of(
    session: AsyncSession, link: rows.ConfirmationLink, known: Iterable[Known] = ()
) -> Statement:
    """What the link states, its products being loaded. What is `known` is not asked for again."""
    return (await statements_of(session, [link], known))[link.id]


async def statements_of(
    session: AsyncSession, links: Iterable[rows.ConfirmationLink], known: Iterable[Known] = ()
) -> dict[UUID, Statement]:
    """What each link states, by its key, in four statements at most, however many they are."""
    links, at_hand = list(links), {one.id: one for one in known}
    partners = await _named(session, rows.Partner, {link.partner_id for link in links}, at_hand)
    clients = await by_key(session, rows.Client, {link.client_id for link in links if link.client_id})
    named = {chosen.product_id for link in links for chosen in link.products}
    products = await _named(session, rows.Product, named, at_hand)
    return {
        link.id: Statement(
            link_name=link.name,
            partner_name=partners[link.partner_id].name,
            client_name=clients[link.client_id].name if link.client_id else None,
            products=stated((products[p.product_id], p.onboarding_type_code) for p in link.products),
            provides_onboarding=link.provides_onboarding,
            onboarding_duration=link.onboarding_duration,
        )
        for link in links
    }


async def _named(
    session: AsyncSession, model: type[Model], keys: set[UUID], at_hand: Mapping[UUID, Any]
) -> dict[UUID, Model]:
    found = await by_key(session, model, keys - at_hand.keys())
    return found | {key: at_hand[key] for key in keys & at_hand.keys()}


async def by_key(session: AsyncSession, model: type[Model], keys: set[UUID]) -> dict[UUID, Model]:
    """Records by their keys, to be read only. No sight is asked: only for what a visible row names."""
    return await records_by_key(session, model, keys)


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
