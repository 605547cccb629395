"""The client's page as its visitors reach it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import httpx2
from sqlalchemy import select
from starlette.applications import Starlette

from graphql_api.access.link_token import LinkTokens
from graphql_api.database import Database
from graphql_api.models import rows
from graphql_api.models.actor import Role
from graphql_api.models.by import By
from graphql_api.models.confirmation_link import LinkProduct
from graphql_api.models.product import ProductEdition
from graphql_api.models.terms import OnboardingDuration
from graphql_api.pages.engagement import engagement_routes

BASE = "http://partner-api.test"
TOKENS = LinkTokens(b"a secret of at least thirty-two bytes", BASE)
TESTER = By(None, "Tester")
GOOD = {
    "decision": "confirm",
    "name": "Ana Ruiz",
    "email": "ana@acme.example",
    "reason": "",
    "seenVersion": "1",
}


@dataclass(slots=True)
class Site:
    """One link's page, and the rows behind it."""

    database: Database
    link_id: UUID
    http: httpx2.AsyncClient

    @property
    def path(self) -> str:
        return f"/c/{TOKENS.token_of(self.link_id)}"

    async def get(self, query: str = "", **headers: str) -> httpx2.Response:
        return await self.http.get(self.path + query, headers=_headers(headers))

    async def post(self, query: str = "", /, **changed: str | None) -> httpx2.Response:
        """Send the form: a good confirmation but for what is changed; None leaves a field out."""
        fields = {name: value for name, value in (GOOD | changed).items() if value is not None}
        return await self.http.post(self.path + query, data=fields)

    async def link(self) -> rows.ConfirmationLink:
        async with self.database.read() as session:
            return await session.get_one(rows.ConfirmationLink, self.link_id)

    async def decision(self) -> rows.Decision | None:
        async with self.database.read() as session:
            return await session.get(rows.Decision, self.link_id)

    async def edit(self, name: str) -> None:
        """Change the link as its partner would."""
        async with self.database.write(TESTER) as writing:
            link = await writing.session.get_one(rows.ConfirmationLink, self.link_id)
            link.name = name
            link.edited(writing.now)

    async def rename_partner(self, name: str) -> None:
        """As the CRM would: no edit of the link."""
        async with self.database.write(TESTER) as writing:
            link = await writing.session.get_one(rows.ConfirmationLink, self.link_id)
            (await writing.session.get_one(rows.Partner, link.partner_id)).name = name

    async def delete(self) -> None:
        async with self.database.write(TESTER) as writing:
            await writing.session.delete(await writing.session.get_one(rows.ConfirmationLink, self.link_id))

    async def events(self) -> list[str]:
        """What the partner's stream says, in order."""
        async with self.database.read() as session:
            events = await session.scalars(select(rows.PartnerEvent).order_by(rows.PartnerEvent.position))
            return [event.kind.value for event in events]


@asynccontextmanager
async def opened(database: Database) -> AsyncIterator[Site]:
    """A site with a fresh pending link."""
    app = Starlette(routes=engagement_routes(database, TOKENS))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=BASE) as http:
        yield Site(database, await add_link(database), http)


async def add_link(database: Database) -> UUID:
    """A pending link of Northwind Digital for Acme Robotics."""
    async with database.write(TESTER) as writing:
        now, session = writing.now, writing.session
        partner = rows.Partner(name="Northwind Digital", created_at=now)
        products = [_product("Marketing Hub Professional", ProductEdition.PROFESSIONAL, "Guided onboarding")]
        products.append(_product("Sales Hub Enterprise", ProductEdition.ENTERPRISE, "Technical onboarding"))
        products.append(_product("Service Hub Starter", ProductEdition.STARTER, None))
        session.add_all([partner, *products])
        await session.flush()
        user = rows.PartnerUser(
            name="Noor Aziz",
            partner_id=partner.id,
            email="noor@northwind.example",
            role=Role.ADMIN,
            created_at=now,
        )
        client = rows.Client(name="Acme Robotics", partner_id=partner.id, created_at=now)
        session.add_all([user, client])
        await session.flush()
        link = rows.ConfirmationLink(
            partner_id=partner.id,
            client_id=client.id,
            created_by_id=user.id,
            name="Acme Robotics: HubSpot rollout 2027",
            provides_onboarding=True,
            onboarding_duration=OnboardingDuration.TWO_TO_THREE_MONTHS,
            created_at=now,
            updated_at=now,
            products=[_chosen(position, product) for position, product in enumerate(products)],
        )
        session.add(link)
    return link.id


def _product(name: str, edition: ProductEdition, onboarding: str | None) -> rows.Product:
    types = [rows.OnboardingType(code="type", name=onboarding, position=0)] if onboarding else []
    return rows.Product(
        code=name.lower().replace(" ", "-"), name=name, edition=edition, all_onboarding_types=types
    )


def _chosen(position: int, product: rows.Product) -> LinkProduct:
    code = product.onboarding_types[0].code if product.onboarding_types else None
    return LinkProduct(position=position, product_id=product.id, onboarding_type_code=code)


def _headers(named: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in named.items()}
