"""The data that all sides answer from: 20 partners with their links, clients and deals, the same on every run."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from graphql_api.access.tokens import MARK, PREFIX_LENGTH, SECRET_BYTES, hash_of
from graphql_api.models import rows
from graphql_api.models.actor import ActorKind, Locale, Role
from graphql_api.models.api_token import Scope
from graphql_api.models.confirmation_link import LinkStatus
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.models.partner import Position
from graphql_api.models.product import ProductEdition
from graphql_api.models.stream import PartnerEventKind

PARTNERS = 20
LINKS = 200
CLIENTS = 100
DEALS = 100
PRODUCTS = 12
CLIENTS_WITH_LINKS = 40  # the first by name, with five each, so that a page of clients has links to show
BEGINNING = datetime(2026, 1, 5, 8, tzinfo=UTC)
SEED = 4

Row = dict[str, Any]
Table = type[rows.Base]


class Keys:
    """UUIDs of version 7, a millisecond apart: later ones sort later, and every run makes the same."""

    def __init__(self, random: Random) -> None:
        """`random` makes the part that is not time."""
        self._random = random
        self._milliseconds = count(int(BEGINNING.timestamp() * 1000))

    def __call__(self) -> UUID:
        """The next one."""
        version, variant = 7 << 76, 2 << 62
        low = self._random.getrandbits(12) << 64 | self._random.getrandbits(62)
        return UUID(int=next(self._milliseconds) << 80 | version | variant | low)


@dataclass
class Firm:
    """A partner and what is its own, newest links last."""

    partner: Row
    secret: str
    clients: list[Row] = field(default_factory=list)
    contacts: dict[UUID, list[Row]] = field(default_factory=dict)
    deals: list[Row] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)


@dataclass
class Dashboards:
    """Everything, as rows by table in an order in which they can be inserted, and the firms among them."""

    tables: dict[Table, list[Row]] = field(default_factory=lambda: defaultdict(list))
    firms: list[Firm] = field(default_factory=list)
    products: list[Row] = field(default_factory=list)
    products_of: dict[UUID, list[Row]] = field(default_factory=lambda: defaultdict(list))
    """Of each link, its rows of link_products."""

    def add(self, table: Table, **values: Any) -> Row:
        """A row of the table."""
        self.tables[table].append(values)
        return values


def node_id(kind: NodeKind, row: Row) -> str:
    """The row's global id."""
    return str(NodeId(kind, row["id"]))


def dashboards(partners: int = PARTNERS) -> Dashboards:
    """Make them; nothing is in a database yet."""
    made, random = Dashboards(), Random(SEED)  # noqa: S311 - the same numbers each time are the point
    keys = Keys(random)
    _catalogue(made, keys)
    for number in range(partners):
        firm = _firm(made, keys, random, number)
        _clients(made, keys, firm)
        _links(made, keys, firm)
        made.firms.append(firm)
    return made


def _catalogue(made: Dashboards, keys: Keys) -> None:
    editions = list(ProductEdition)
    for number in range(PRODUCTS):
        edition = editions[number % len(editions)]
        product = made.add(
            rows.Product, id=keys(), code=f"HUB-{number:02}", name=f"Hub {number}", edition=edition
        )
        for position, kind in enumerate(("Guided", "Technical")):
            made.add(
                rows.OnboardingType, product_id=product["id"], code=kind.upper(), name=f"{kind} onboarding",
                position=position, is_offered=True,
            )  # fmt: skip
        made.products.append(product)


def _firm(made: Dashboards, keys: Keys, random: Random, number: int) -> Firm:
    partner = made.add(rows.Partner, id=keys(), created_at=BEGINNING, **_named(f"Partner {number:02}"))
    email = f"partner{number}.example"
    user = _actor(made, keys, "Ana Ruiz", f"ana@{email}", Role.ADMIN, partner["id"])
    secret = MARK + urlsafe_b64encode(random.randbytes(SECRET_BYTES)).decode().rstrip("=")
    made.add(
        rows.ApiToken, id=keys(), actor_id=user["id"], name="benchmark", prefix=secret[:PREFIX_LENGTH],
        secret_hash=hash_of(secret), scopes=sorted(Scope), created_at=BEGINNING,
    )  # fmt: skip
    for position in Position:
        member = _actor(made, keys, f"Sam {number}", f"{position.lower()}@{email}", Role(position), None)
        made.add(rows.Stream, id=member["id"], position=0)
        made.add(rows.Assignment, partner_id=partner["id"], position=position, staff_member_id=member["id"])
    return Firm(partner | {"user_id": user["id"]}, secret)


def _actor(made: Dashboards, keys: Keys, name: str, email: str, role: Role, partner: UUID | None) -> Row:
    kind = ActorKind.PARTNER_USER if partner else ActorKind.STAFF_MEMBER
    return made.add(
        rows.Actor, id=keys(), kind=kind, name=name, partner_id=partner, email=email, role=role,
        locale=Locale.EN, is_active=True, created_at=BEGINNING,
    )  # fmt: skip


def _clients(made: Dashboards, keys: Keys, firm: Firm) -> None:
    """Clients with two contacts each, and a deal for each; the deals go to the clients that have links."""
    own = {"partner_id": firm.partner["id"], "created_at": BEGINNING}
    for number in range(CLIENTS):
        client = made.add(rows.Client, id=keys(), **_named(f"Client {number:03}"), **own)
        firm.clients.append(client)
        firm.contacts[client["id"]] = [_contact(made, keys, client, name) for name in ("Bea", "Carl")]
    for number in range(DEALS):
        client = firm.clients[number % CLIENTS_WITH_LINKS]
        deal = made.add(
            rows.Deal, id=keys(), is_shared=True, client_id=client["id"], stage="Contract sent", version=1,
            **_named(f"Deal {number:03}"), **own,
        )  # fmt: skip
        firm.deals.append(deal)


def _contact(made: Dashboards, keys: Keys, client: Row, name: str) -> Row:
    email = f"{name.lower()}@{client['name'].replace(' ', '').lower()}.example"
    return made.add(
        rows.ClientContact, id=keys(), client_id=client["id"], name=name, email=email, locale=Locale.EN
    )


def _links(made: Dashboards, keys: Keys, firm: Firm) -> None:
    """Links a minute apart, each with its event at the next position of the partner's stream."""
    partner_id = firm.partner["id"]
    for number in range(LINKS):
        link = _link(made, keys, firm, number)
        firm.links.append(link)
        made.add(
            rows.PartnerEvent, partner_id=partner_id, position=number + 1, kind=PartnerEventKind.LINK_CREATED,
            subject_id=NodeId(NodeKind.CONFIRMATION_LINK, link["id"]), occurred_at=link["created_at"],
        )  # fmt: skip
    made.add(rows.Stream, id=partner_id, position=LINKS)


def _link(made: Dashboards, keys: Keys, firm: Firm, number: int) -> Row:
    at = BEGINNING + timedelta(minutes=number)
    deal = firm.deals[number % (2 * CLIENTS_WITH_LINKS)]
    status = list(LinkStatus)[number % len(LinkStatus)]
    link = made.add(
        rows.ConfirmationLink, id=keys(), partner_id=firm.partner["id"], status=status, client_id=deal["client_id"],
        deal_id=deal["id"], provides_onboarding=False, created_by_id=firm.partner["user_id"], created_at=at,
        updated_at=at, version=1, **_named(f"Website for client {number % CLIENTS_WITH_LINKS:03}, part {number}"),
    )  # fmt: skip
    for position, product in enumerate(_products(made, number)):
        chosen = made.add(
            rows.LinkProduct, link_id=link["id"], position=position, product_id=product["id"],
            onboarding_type_code=("GUIDED", "TECHNICAL")[number % 2],
        )  # fmt: skip
        made.products_of[link["id"]].append(chosen)
    return link


def _products(made: Dashboards, number: int) -> Iterator[Row]:
    """One, and for every third link two."""
    yield made.products[number % PRODUCTS]
    if number % 3 == 0:
        yield made.products[(number + 5) % PRODUCTS]


def _named(name: str) -> Row:
    return {"name": name, "name_key": name.lower()}
