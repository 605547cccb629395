"""Clients, and the people there."""

from datetime import datetime
from typing import Annotated

import strawberry

from graphql_api.access import guards
from graphql_api.models import rows
from graphql_api.resolvers import clients, lists, ownership
from graphql_api.resolvers.pages import below
from graphql_api.schema.deals import SharedDeal
from graphql_api.schema.fields import answered_by, attribute, made_of, relation
from graphql_api.schema.inputs.enums.people import ContactRole, Locale
from graphql_api.schema.links import ConfirmationLink
from graphql_api.schema.node import Connection, Node
from graphql_api.schema.renewals import Renewal, RenewalNotice, RenewalNoticePreview, RenewalOwnership

LazyPartner = Annotated["Partner", strawberry.lazy("graphql_api.schema.partners")]  # type: ignore[name-defined]  # noqa: F821


@strawberry.type(description="A person at a client, chosen on the client's side.")
class ClientContact(Node):
    """A person at a client."""

    name: str = attribute("For people.")
    email: str = attribute("Where mails go.")
    roles: list[ContactRole] = answered_by(clients.roles, "What the person is to the client's renewals.")
    locale: Locale = attribute("The language of mails.")

    is_type_of = made_of(rows.ClientContact)


@strawberry.type(description="A firm that a partner sells to or services.")
class Client(Node):
    """A client of a partner."""

    external_id: str | None = attribute("The vendor's own id.")
    name: str = attribute("What it is called.")
    domain: str | None = attribute("Its web domain.")
    created_at: datetime = attribute("When it came in.")
    partner: LazyPartner = relation("partner", "partner_id", "Whose client.")
    contacts: list[ClientContact] = relation(
        "contacts of client", "id", "Its people, each with its roles.", allowed=guards.reader
    )
    renewal_ownership: RenewalOwnership = answered_by(
        ownership.of_client, "The effective owner of its renewals.", allowed=guards.owner_reader
    )
    renewal_ownership_at: RenewalOwnership = answered_by(
        ownership.of_client_at, "The owner that was in effect at a past moment.", allowed=guards.reader
    )
    renewal_notice_preview: RenewalNoticePreview = answered_by(
        ownership.notice_preview,
        "Who would get its next notice, today or under another owner, and why.",
        allowed=guards.reader,
    )
    renewals: Connection[Renewal] = answered_by(
        below(lists.RENEWALS.plain(), rows.Renewal.client_id), "Its renewals, next first."
    )
    renewal_notices: Connection[RenewalNotice] = answered_by(
        below(lists.RENEWAL_NOTICES, rows.RenewalNotice.client_id),
        "The notices about its renewals, newest first.",
    )
    confirmation_links: Connection[ConfirmationLink] = answered_by(
        below(lists.CONFIRMATION_LINKS, rows.ConfirmationLink.client_id), "The links assigned to it."
    )
    shared_deals: Connection[SharedDeal] = answered_by(
        below(lists.SHARED_DEALS.plain(), rows.Deal.client_id), "Its shared deals, by name."
    )

    is_type_of = made_of(rows.Client)
