"""Clients, their contacts, and their renewals."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from graphql_api.models import rows
from graphql_api.resolvers import clients, renewals
from graphql_api.schema.deals import Money, SharedDeal
from graphql_api.schema.fields import answered_by, attribute, made_of, relation
from graphql_api.schema.inputs.enums import ContactRole, Locale, RenewalStatus
from graphql_api.schema.links import ConfirmationLink
from graphql_api.schema.node import Connection, Node
from graphql_api.schema.people import StaffMember
from graphql_api.schema.products import Product

LazyPartner = Annotated["Partner", strawberry.lazy("graphql_api.schema.partners")]  # type: ignore[name-defined]  # noqa: F821
LazyClient = Annotated["Client", strawberry.lazy("graphql_api.schema.clients")]


@strawberry.type(description="A person at a client, chosen on the client's side.")
class ClientContact(Node):
    """A person at a client."""

    name: str = attribute("For people.")
    email: str = attribute("Where mails go.")
    roles: list[ContactRole] = attribute("What the person is to the client's renewals.")
    locale: Locale = attribute("The language of mails.")

    is_type_of = made_of(rows.ClientContact)


@strawberry.type(description="A client's subscription coming to its end, or its next term.")
class Renewal(Node):
    """A renewal."""

    external_id: str | None = attribute("The vendor's own id.")
    client: LazyClient = relation("client", "client_id", "Whose.")
    products: list[Product] = answered_by(renewals.products, "What renews.")
    renews_on: date = attribute("When.")
    status: RenewalStatus = attribute("How far it has come.")
    current_mrr: Money | None = answered_by(renewals.current_mrr, "A month's revenue now.")
    renewal_mrr: Money | None = answered_by(renewals.renewal_mrr, "A month's revenue afterwards.")
    renewal_manager: StaffMember | None = relation("actor", "renewal_manager_id", "Who looks after it.")

    is_type_of = made_of(rows.Renewal)


@strawberry.type(description="A firm that a partner sells to or services.")
class Client(Node):
    """A client of a partner."""

    external_id: str | None = attribute("The vendor's own id.")
    name: str = attribute("What it is called.")
    domain: str | None = attribute("Its web domain.")
    created_at: datetime = attribute("When it came in.")
    partner: LazyPartner = relation("partner", "partner_id", "Whose client.")
    contacts: list[ClientContact] = relation("contacts of client", "id", "Its people, each with its roles.")
    renewals: Connection[Renewal] = answered_by(clients.renewals, "Its renewals, next first.")
    confirmation_links: Connection[ConfirmationLink] = answered_by(
        clients.confirmation_links, "The links assigned to it."
    )
    shared_deals: Connection[SharedDeal] = answered_by(clients.shared_deals, "Its shared deals, by name.")

    is_type_of = made_of(rows.Client)
