"""So many of everything, quickly: for what frontends ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from graphql_api.models import rows
from graphql_api.models.actor import Role
from graphql_api.models.by import By
from graphql_api.models.confirmation_link import LinkStatus
from graphql_api.models.deal import DealActivityKind
from graphql_api.models.keys import new_key
from graphql_api.models.notification import NotificationKind
from graphql_api.models.partner import Position
from graphql_api.models.product import ProductEdition
from graphql_api.models.renewal import RenewalStatus
from graphql_api.models.stream import PartnerEventKind
from tests.factories import World

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass
class Crowd:
    """So many links, each with its own product and author; every second is of our first client and deal."""

    partners: list[rows.Partner]
    products: list[rows.Product]
    people: list[rows.PartnerUser]
    clients: list[rows.Client]
    deals: list[rows.Deal]
    links: list[rows.ConfirmationLink]


async def crowd(world: World, size: int) -> Crowd:
    """Put so many of everything into the database."""
    partners = [rows.Partner(id=new_key(), name=f"Zeta {n}", created_at=NOW) for n in range(size)]
    products = [_product(n) for n in range(size)]
    people = [_person(world, n) for n in range(size)]
    clients = [
        rows.Client(id=new_key(), partner_id=world.ours.partner.id, name=f"Client {n}", created_at=NOW)
        for n in range(size)
    ]
    deals = [_deal(world, clients[n], n) for n in range(size)]
    links = [_link(world, people[n], (clients[n], deals[n]), n) for n in range(size)]
    made = Crowd(partners, products, people, clients, deals, links)
    async with world.database.write(By(None, "Test")) as writing:
        for level in ([*partners, *products, *clients], [*people, *deals], links, _details(world, made)):
            writing.session.add_all(level)
            await writing.session.flush()
        await writing.session.merge(rows.Stream(id=world.ours.partner.id, position=size))
    return made


def _product(n: int) -> rows.Product:
    product = rows.Product(
        id=new_key(), code=f"HUB-{n}", name=f"Hub {n}", edition=ProductEdition.PROFESSIONAL
    )
    product.all_onboarding_types = [
        rows.OnboardingType(code="GUIDED", name="Guided", position=0, is_offered=True)
    ]
    return product


def _person(world: World, n: int) -> rows.PartnerUser:
    return rows.PartnerUser(
        id=new_key(),
        partner_id=world.ours.partner.id,
        name=f"User {n}",
        email=f"user{n}@northwind.example",
        role=Role.MEMBER,
        created_at=NOW,
    )


def _deal(world: World, client: rows.Client, n: int) -> rows.Deal:
    client = client if n % 2 else world.ours.clients[0]
    return rows.Deal(
        id=new_key(),
        name=f"Deal {n}",
        is_shared=n % 3 > 0,
        partner_id=world.ours.partner.id,
        client_id=client.id,
        stage="Open",
        amount=Decimal("12.5"),
        currency="EUR",
        closes_on=date(2027, 1, 1) + timedelta(days=n),
        created_at=NOW,
    )


def _link(
    world: World, author: rows.PartnerUser, at: tuple[rows.Client, rows.Deal], n: int
) -> rows.ConfirmationLink:
    client, deal = at if n % 2 else (world.ours.clients[0], world.ours.shared[0])
    return rows.ConfirmationLink(
        id=new_key(),
        partner_id=world.ours.partner.id,
        name=f"Link {n}",
        created_by_id=author.id,
        provides_onboarding=False,
        client_id=client.id,
        deal_id=None if n % 5 == 0 else deal.id,
        created_at=NOW + timedelta(seconds=n),
        updated_at=NOW,
        status=LinkStatus.CONFIRMED if n % 4 == 0 else LinkStatus.PENDING,
    )


def _details(world: World, made: Crowd) -> list[Any]:
    return [
        detail
        for n in range(len(made.links))
        for detail in (*_of_link(world, made, n), *_told(world, made, n))
    ]


def _of_link(world: World, made: Crowd, n: int) -> list[Any]:
    link, product = made.links[n], made.products[n]
    client = made.clients[n] if n % 2 else world.ours.clients[0]
    renewal = rows.Renewal(
        id=new_key(),
        partner_id=world.ours.partner.id,
        client_id=client.id,
        renews_on=date(2027, 1, 1) + timedelta(days=n),
        status=RenewalStatus.PENDING,
        renewal_manager_id=world.ours.cam.id,
        created_at=NOW,
    )
    renewal.products = [rows.RenewalProduct(product_id=product.id, position=0)]
    details: list[Any] = [
        rows.LinkProduct(link_id=link.id, position=0, product_id=product.id, onboarding_type_code="GUIDED"),
        rows.ClientContact(
            id=new_key(), client_id=client.id, email=f"{n}@client.example", name=f"Contact {n}", held=[]
        ),
        rows.Assignment(
            partner_id=made.partners[n].id,
            position=Position.CHANNEL_ACCOUNT_MANAGER,
            staff_member_id=world.ours.cam.id,
        ),
        renewal,
    ]
    if link.status is LinkStatus.CONFIRMED:
        details.append(
            rows.Decision(
                link_id=link.id,
                status=link.status,
                decided_at=NOW,
                decided_by_name="Clara",
                decided_by_email="c@client.example",
                evidence="{}",
                evidence_hash="0",
            )
        )
    return details


def _told(world: World, made: Crowd, n: int) -> list[Any]:
    ours, link, author = world.ours, made.links[n], made.people[n]
    request = rows.AttachmentRequest(
        id=new_key(),
        partner_id=ours.partner.id,
        link_id=link.id,
        deal_name="Big",
        requested_by_id=author.id,
        created_at=NOW,
    )
    subject = link.node_id if n % 2 else request.node_id
    return [
        request,
        rows.DealActivity(
            id=new_key(),
            deal_id=ours.shared[0].id,
            partner_id=ours.partner.id,
            kind=DealActivityKind.LINK_EDITED,
            link_id=link.id,
            link_name=link.name,
            actor_id=author.id,
            actor_name=author.name,
            summary="Edited",
            occurred_at=NOW,
        ),
        rows.AuditEntry(
            id=new_key(),
            partner_id=ours.partner.id,
            action="confirmation_link.edit",
            actor_id=author.id,
            actor_name=author.name,
            subject_id=link.node_id,
            changes=[{"field": "name", "before": "a", "after": "b"}],
            occurred_at=NOW,
        ),
        rows.Notification(
            id=new_key(),
            recipient_id=ours.cam.id,
            position=n + 1,
            partner_id=ours.partner.id,
            title="Told",
            body="",
            kind=NotificationKind.LINK_CREATED,
            subject_id=subject,
            created_at=NOW,
        ),
        rows.PartnerEvent(
            partner_id=ours.partner.id,
            position=n + 1,
            kind=PartnerEventKind.LINK_EDITED,
            subject_id=subject,
            occurred_at=NOW,
        ),
    ]
