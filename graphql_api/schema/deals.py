"""Deals, their timeline, requests to attach links, and checkouts."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from graphql_api.access import guards
from graphql_api.models import rows
from graphql_api.resolvers import deals, lists
from graphql_api.resolvers.pages import below
from graphql_api.schema.fields import answered_by, attribute, made_of, relation
from graphql_api.schema.inputs.enums.deals import AttachmentRequestStatus, DealActivityKind
from graphql_api.schema.links import ConfirmationLink
from graphql_api.schema.node import Actor, Connection, Node

LazyPartner = Annotated["Partner", strawberry.lazy("graphql_api.schema.partners")]  # type: ignore[name-defined]  # noqa: F821
LazyClient = Annotated["Client", strawberry.lazy("graphql_api.schema.clients")]  # type: ignore[name-defined]  # noqa: F821
LazyActivity = Annotated["DealActivity", strawberry.lazy("graphql_api.schema.deals")]


@strawberry.type(description="An amount of money.")
class Money:
    """An amount of money."""

    amount: str = answered_by(deals.written_amount, "A decimal, never a float.")
    currency: str = attribute("ISO 4217, as in EUR.")


@strawberry.interface(description="A sale of the vendor.")
class Deal(Node):
    """A sale of the vendor."""

    external_id: str | None = attribute("The vendor's own id.")
    name: str = attribute("What it is called.")
    partner: LazyPartner | None = relation("partner", "partner_id", "The partner in the sale.")
    client: LazyClient | None = relation("client", "client_id", "Who buys.")
    stage: str = attribute("How far the sale has come, in the vendor's words.")
    amount: Money | None = answered_by(deals.amount, "What it is worth.")
    closes_on: date | None = attribute("When it is expected to close.")
    created_at: datetime = attribute("When it came in.")
    proof_of_engagement: list[ConfirmationLink] = relation(
        "links of deal", "id", "The links attached to it.", allowed=guards.reader
    )
    activities: Connection[LazyActivity] = answered_by(
        below(lists.DEAL_ACTIVITIES, rows.DealActivity.deal_id), "Its timeline, newest first."
    )
    version: int = attribute("Counts the changes that the vendor's systems brought.")


@strawberry.type(description="A deal that is shared with its partner.")
class SharedDeal(Deal):
    """A deal that is shared with its partner."""

    is_type_of = made_of(rows.Deal, lambda deal: deal.is_shared)


@strawberry.type(description="A deal that is not shared: only the vendor's staff sees it.")
class DirectDeal(Deal):
    """A deal that is not shared."""

    is_type_of = made_of(rows.Deal, lambda deal: not deal.is_shared)


@strawberry.type(description="One line of a deal's timeline.")
class DealActivity(Node):
    """One line of a deal's timeline."""

    kind: DealActivityKind = attribute("What happened.")
    deal: Deal = relation("deal", "deal_id", "To which deal.")
    confirmation_link: ConfirmationLink | None = relation(
        "link", "link_id", "With which link; null once deleted."
    )
    confirmation_link_name: str = answered_by(lambda root: root.link_name, "The link's name, as it was.")
    actor: Actor | None = relation("actor", "actor_id", "By whom; null when the client acted.")
    actor_name: str = attribute("Their name, as it was.")
    summary: str = attribute("In one line.")
    occurred_at: datetime = attribute("When.")

    is_type_of = made_of(rows.DealActivity)


@strawberry.type(description="A partner asks for its link on a deal that it cannot see.")
class AttachmentRequest(Node):
    """A partner's request."""

    confirmation_link: ConfirmationLink = relation("link", "link_id", "Which link.")
    deal_name: str = attribute("The deal, as the partner calls it.")
    message: str | None = attribute("What the partner says.")
    status: AttachmentRequestStatus = attribute("What became of it.")
    requested_by: Actor = relation("actor", "requested_by_id", "Who asks.")
    declined_because: str | None = attribute("Why it was declined.")
    created_at: datetime = attribute("When it was made.")

    is_type_of = made_of(rows.AttachmentRequest)


@strawberry.type(description="A client confirming its purchase.")
class Checkout(Node):
    """A client confirming its purchase."""

    deal: Deal = relation("deal", "deal_id", "Of which deal.")
    recipient_name: str = attribute("Who buys.")
    recipient_email: str = attribute("Where the links went.")
    confirmation_links: list[ConfirmationLink] = relation(
        "links of checkout",
        "id",
        "The deal's links then: pending ones were sent, decided ones only returned.",
    )
    started_at: datetime = attribute("When.")

    is_type_of = made_of(rows.Checkout)
