"""Renewals, who owns the conversation about them, and the notices that go out."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from graphql_api.access import guards
from graphql_api.models import rows
from graphql_api.resolvers import renewals
from graphql_api.schema.deals import Money
from graphql_api.schema.fields import answered_by, attribute, made_of, relation
from graphql_api.schema.inputs.enums.renewals import (
    RecipientRole,
    RenewalNoticeKind,
    RenewalNoticeStatus,
    RenewalOwner,
    RenewalOwnershipSource,
    RenewalStatus,
)
from graphql_api.schema.node import Actor, Node
from graphql_api.schema.people import PartnerUser, StaffMember
from graphql_api.schema.products import Product

LazyClient = Annotated["Client", strawberry.lazy("graphql_api.schema.clients")]  # type: ignore[name-defined]  # noqa: F821
LazyNotice = Annotated["RenewalNotice", strawberry.lazy("graphql_api.schema.renewals")]


@strawberry.type(description="Who owns a client's renewals, and since when.")
class RenewalOwnership:
    """Who owns a client's renewals."""

    owner: RenewalOwner = attribute("Who talks to the client.")
    point_of_contact: PartnerUser | None = relation(
        "actor", "point_of_contact_id", "The partner's user who is notified: copied under HUBSPOT."
    )
    source: RenewalOwnershipSource = attribute("Where this comes from.")
    version: int = attribute(
        "To name in a change; 0 while never set, and for one client never the same again."
    )
    updated_at: datetime | None = attribute("When it came to be so.")
    updated_by: Actor | None = relation("actor", "updated_by_id", "Who made it so.")


@strawberry.type(description="A client's subscription coming to its end, or its next term.")
class Renewal(Node):
    """A renewal."""

    external_id: str | None = attribute("The vendor's own id.")
    client: LazyClient = relation("client", "client_id", "Whose.")
    products: list[Product] = answered_by(renewals.products, "What renews.")
    renews_on: date = attribute("When.")
    decision_deadline: date = attribute("45 days before: the last day on which the client can decide.")
    days_to_renewal: int = answered_by(
        renewals.days_to_renewal, "Days from today (UTC); negative once it is past."
    )
    status: RenewalStatus = attribute("How far it has come.")
    current_mrr: Money | None = answered_by(renewals.current_mrr, "A month's revenue now.")
    renewal_mrr: Money | None = answered_by(renewals.renewal_mrr, "A month's revenue afterwards.")
    renewal_manager: StaffMember | None = relation("actor", "renewal_manager_id", "Who looks after it.")
    notices: list[LazyNotice] = relation(
        "notices of renewal", "id", "Its notices and reminders, oldest first.", allowed=guards.reader
    )

    is_type_of = made_of(rows.Renewal)


@strawberry.type(description="Somebody who receives a notice.")
class Recipient:
    """Somebody who receives a notice."""

    name: str = attribute("For people.")
    email: str = attribute("Where it goes.")
    roles: list[RecipientRole] = attribute("As what.")


@strawberry.type(description="A notice or reminder that was decided; its recipients are frozen.")
class RenewalNotice(Node):
    """A notice or reminder that was decided."""

    kind: RenewalNoticeKind = attribute("Which of the two.")
    days_before: int = attribute("The milestone it was due for.")
    renewal: Renewal = relation("renewal", "renewal_id", "About which renewal.")
    owner: RenewalOwner = attribute("As it stood when the notice was decided.")
    to: list[Recipient] = answered_by(renewals.to, "Whom it is addressed to.")
    cc: list[Recipient] = answered_by(renewals.cc, "Who is copied.")
    explanation: str = attribute("Why they, and nobody else.")
    status: RenewalNoticeStatus = attribute("What became of it.")
    created_at: datetime = attribute("When it was decided.")
    sent_at: datetime | None = attribute("When its mail was taken.")

    is_type_of = made_of(rows.RenewalNotice)


@strawberry.type(description="Who would get a client's next notice, and why.")
class RenewalNoticePreview:
    """Who would get a client's next notice."""

    ownership: RenewalOwnership = attribute("Under which owner.")
    to: list[Recipient] = attribute("Whom it would be addressed to.")
    cc: list[Recipient] = attribute("Who would be copied.")
    suppressed: list[Recipient] = attribute("Who would have received it under the other owner.")
    explanation: str = attribute("Why, for people.")
    next_due_on: date | None = attribute("When it falls due; null when none is ahead.")
