"""The world that tests play in: made by the product's own rows and actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from graphql_api.access.tokens import new_token
from graphql_api.access.viewer import scopes_of
from graphql_api.actions import confirmation_links
from graphql_api.actions.confirmation_links import Draft
from graphql_api.models import rows
from graphql_api.models.actor import Locale, Role
from graphql_api.models.by import By
from graphql_api.models.keys import new_key
from graphql_api.models.partner import Position
from graphql_api.models.product import ProductEdition

if TYPE_CHECKING:
    from datetime import datetime

    from graphql_api.database import Database

STARTER, PRO, ENTERPRISE = ProductEdition


@dataclass
class Firm:
    """A partner with its people, clients and deals."""

    partner: rows.Partner
    admin: rows.PartnerUser
    member: rows.PartnerUser
    cam: rows.StaffMember
    pdm: rows.StaffMember
    clients: list[rows.Client] = field(default_factory=list)
    shared: list[rows.Deal] = field(default_factory=list)
    direct: rows.Deal | None = None
    clientless: rows.Deal | None = None


@dataclass
class World:
    """Everything, with a bearer token for each person and machine, by name."""

    database: Database
    products: dict[str, rows.Product]
    ours: Firm
    theirs: Firm
    tokens: dict[str, str]

    @classmethod
    async def make(cls, database: Database) -> World:
        """Ours: Northwind with CAM and PDM. Theirs: Contoso with its own. And the vendor's admin, manager, machines."""
        async with database.write(By(None, "Test")) as writing:
            session, now = writing.session, writing.now
            products = {p.code: p for p in _products()}
            session.add_all(products.values())
            staff = {
                "staff_admin": _staff("Sam Admin", Role.ADMIN, now),
                "renewal_manager": _staff("Rena Manager", Role.RENEWAL_MANAGER, now),
            }
            machines = {
                "checkout": rows.Integration(id=new_key(), name="Checkout", created_at=now),
                "crm_sync": rows.Integration(id=new_key(), name="CRM", created_at=now),
            }
            session.add_all([*staff.values(), *machines.values()])
            ours = await _firm(session, now, "Northwind Digital", "northwind")
            theirs = await _firm(session, now, "Contoso Partners", "contoso")
            everybody = {
                "partner_admin": ours.admin,
                "partner_member": ours.member,
                "cam": ours.cam,
                "pdm": ours.pdm,
                "other_partner_admin": theirs.admin,
                "other_cam": theirs.cam,
                **staff,
                **machines,
            }
            await session.flush()
            tokens = {}
            for name, actor in everybody.items():
                made = new_token(actor, name, scopes_of(actor), now)
                made.row.last_used_at = now  # so that no note of it is written while a test counts statements
                session.add(made.row)
                tokens[name] = made.secret
        return cls(database, products, ours, theirs, tokens)

    def product(self, code: str) -> str:
        """A product's global id."""
        return str(self.products[code].node_id)

    def chosen(self, *codes: str) -> list[dict[str, Any]]:
        """Products as a mutation takes them, each with an onboarding type where it needs one."""
        return [
            {
                "productId": self.product(code),
                "onboardingTypeCode": "GUIDED" if "STARTER" not in code else None,
            }
            for code in codes
        ]

    async def link(
        self, firm: Firm | None = None, name: str = "Proof for Acme", **terms: Any
    ) -> rows.ConfirmationLink:
        """A pending link of the firm (ours), made by its admin."""
        firm = firm or self.ours
        draft = Draft(
            name=name,
            products=terms.pop("products", [(self.products["MKT-PRO"].id, "GUIDED")]),
            provides_onboarding=terms.pop("provides_onboarding", False),
            onboarding_duration=terms.pop("onboarding_duration", None),
        )
        async with self.database.write(By(firm.admin.id, firm.admin.name)) as writing:
            return await confirmation_links.create(writing, firm.partner.id, draft)

    async def fresh(self, row: Any) -> Any:
        """The row as the database has it now, or None."""
        async with self.database.read() as session:
            return await session.get(type(row), row.id)

    async def token_for(self, actor: rows.Actor, *scopes: Any, expires_at: datetime | None = None) -> str:
        """One more token of an actor, with just these scopes (all that it may have where none is named)."""
        async with self.database.write(By(None, "Test")) as writing:
            made = new_token(actor, "another", scopes or scopes_of(actor), writing.now, expires_at)
            writing.session.add(made.row)
            return made.secret


def _products() -> list[rows.Product]:
    made = []
    for code, name, edition in (
        ("MKT-STARTER", "Marketing Hub Starter", STARTER),
        ("MKT-PRO", "Marketing Hub Professional", PRO),
        ("SALES-ENT", "Sales Hub Enterprise", ENTERPRISE),
    ):
        product = rows.Product(id=new_key(), code=code, name=name, edition=edition)
        product.all_onboarding_types = [
            rows.OnboardingType(code="GUIDED", name="Guided onboarding", position=0, is_offered=True),
            rows.OnboardingType(code="TECHNICAL", name="Technical consulting", position=1, is_offered=True),
        ]
        made.append(product)
    return made


def _staff(name: str, role: Role, now: datetime) -> rows.StaffMember:
    email = f"{name.lower().replace(' ', '.')}@vendor.example"
    return rows.StaffMember(id=new_key(), name=name, email=email, role=role, created_at=now)


async def _firm(session: Any, now: datetime, name: str, domain: str) -> Firm:
    partner = rows.Partner(id=new_key(), external_id=domain, name=name, created_at=now)
    users = [
        rows.PartnerUser(
            id=new_key(), partner_id=partner.id, name=f"{who} {domain.title()}", role=role, created_at=now,
            email=f"{who.lower()}@{domain}.example", locale=Locale.EN, is_active=True,
        )
        for who, role in (("Ada", Role.ADMIN), ("Max", Role.MEMBER))
    ]  # fmt: skip
    cam = _staff(f"Cam {domain.title()}", Role.CHANNEL_ACCOUNT_MANAGER, now)
    pdm = _staff(f"Pdm {domain.title()}", Role.PARTNER_DEVELOPMENT_MANAGER, now)
    session.add(partner)
    await session.flush()
    session.add_all([*users, cam, pdm])
    await session.flush()
    for position, person in zip(Position, (cam, pdm), strict=True):
        session.add(rows.Assignment(partner_id=partner.id, position=position, staff_member_id=person.id))
    admin, member = users
    firm = Firm(partner, admin, member, cam, pdm)
    firm.clients = [
        rows.Client(
            id=new_key(), external_id=f"{domain}-client-{n}", partner_id=partner.id, name=f"{firm_name} {n}",
            domain=f"client{n}.example", created_at=now + timedelta(seconds=n),
        )
        for n, firm_name in enumerate(("Acme", "Globex", "Umbrella"))
    ]  # fmt: skip
    session.add_all(firm.clients)
    await session.flush()
    firm.shared = [
        _deal(partner, client, f"{client.name} renewal", now, shared=True) for client in firm.clients
    ]
    firm.direct = _deal(partner, firm.clients[0], f"{domain} direct deal", now, shared=False)
    firm.clientless = _deal(partner, None, f"{domain} deal without client", now, shared=True)
    session.add_all([*firm.shared, firm.direct, firm.clientless])
    await session.flush()
    return firm


def _deal(
    partner: rows.Partner, client: rows.Client | None, name: str, now: datetime, *, shared: bool
) -> rows.Deal:
    return rows.Deal(
        id=new_key(), external_id=f"{partner.external_id}-{name}", name=name, is_shared=shared, partner_id=partner.id,
        client_id=client and client.id, stage="Negotiation", created_at=now, version=1,
    )  # fmt: skip
