"""Partners: their people, lists, summary, and event stream."""

from datetime import datetime

import strawberry

from graphql_api.access import guards
from graphql_api.models import rows
from graphql_api.resolvers import impacts, lists, nodes, ownership, partners, streams
from graphql_api.resolvers.pages import below
from graphql_api.schema.clients import Client
from graphql_api.schema.deals import SharedDeal
from graphql_api.schema.fields import answered_by, attribute, made_of, relation
from graphql_api.schema.inputs.enums.links import ConfirmationLinkStatus
from graphql_api.schema.inputs.enums.news import AlertCode, PartnerEventKind
from graphql_api.schema.inputs.scalars import Cursor
from graphql_api.schema.links import ConfirmationLink
from graphql_api.schema.node import Connection, Node
from graphql_api.schema.notices import AuditEntry
from graphql_api.schema.people import PartnerUser, StaffMember
from graphql_api.schema.renewals import Renewal, RenewalOwnership


@strawberry.type(description="Something that needs attention.")
class Alert:
    """Something that needs attention."""

    code: AlertCode = attribute("What is wrong.")
    message: str = attribute("For people.")
    subject: Node | None = relation("node", "subject_id", "What it is about.")


@strawberry.type(description="A partner's numbers at a glance.")
class PartnerSummary:
    """A partner's numbers at a glance."""

    pending_links: int = attribute("Links that no client has answered.")
    confirmed_links: int = attribute("Links that the client confirmed.")
    rejected_links: int = attribute("Links that the client rejected.")
    renewals_to_act_on: int = attribute("PENDING, and renewing from today to 120 days ahead.")
    alerts: list[Alert] = attribute(
        "What needs attention, at most 50: that it has no CAM and PDM, mails (newest first), clients and people "
        "(by name)."
    )


@strawberry.type(description="Which clients a new default would touch.")
class RenewalOwnershipImpact:
    """Which clients a new default would touch."""

    changed_clients: int = attribute(
        "How many follow the default, and would have their next notice reach somebody else."
    )
    overridden_clients: int = attribute("How many keep their own owner.")
    clients: Connection[Client] = answered_by(impacts.changed_clients, "The changed ones, by name.")


@strawberry.type(description="One thing that happened, at its place in a partner's stream.")
class PartnerEvent:
    """One thing that happened."""

    cursor: Cursor = answered_by(partners.cursor_of_event, "Its place in the stream.")
    kind: PartnerEventKind = attribute("What happened.")
    occurred_at: datetime = attribute("When.")
    subject_id: strawberry.ID = answered_by(nodes.subject_id, "The global id of what it happened to.")
    subject: Node | None = relation("node", "subject_id", "What it happened to; null once deleted.")


@strawberry.type(description="Some of a partner's events, in order.")
class PartnerEventPage:
    """Some of a partner's events."""

    events: list[PartnerEvent] = attribute("In order.")
    end_cursor: Cursor = attribute("Where they end: go on, or subscribe, after this.")
    has_more: bool = attribute("Whether more have happened already.")


@strawberry.type(description="A client confirmed or rejected; making a link is no change of status.")
class ConfirmationLinkStatusChange:
    """A client confirmed or rejected."""

    cursor: Cursor = answered_by(partners.cursor_of_event, "Its place in the partner's stream.")
    link: ConfirmationLink = relation("link", "link_id", "The link, as it is now.")
    previous_status: ConfirmationLinkStatus = attribute("Always PENDING.")
    status: ConfirmationLinkStatus = attribute("The answer.")
    reason: str | None = answered_by(streams.reason, "Why, on a rejection.")
    occurred_at: datetime = attribute("When.")


@strawberry.type(description="A firm that sells or services HubSpot software for its clients.")
class Partner(Node):
    """A partner."""

    external_id: str | None = attribute("The vendor's own id.")
    name: str = attribute("What it is called.")
    channel_account_manager: StaffMember | None = answered_by(
        partners.channel_account_manager, "The partner's CAM, if it has one."
    )
    partner_development_manager: StaffMember | None = answered_by(
        partners.partner_development_manager, "The partner's PDM, if it has one."
    )
    users: list[PartnerUser] = answered_by(partners.users, "Its users, by name.", allowed=guards.reader)
    default_renewal_ownership: RenewalOwnership = answered_by(
        ownership.default_of,
        "The owner of every client without an override.",
        allowed=guards.owner_reader,
    )
    renewal_ownership_impact: RenewalOwnershipImpact = answered_by(
        impacts.impact, "Which clients a new default would touch.", allowed=guards.reader
    )
    clients: Connection[Client] = answered_by(
        below(lists.CLIENTS, rows.Client.partner_id), "Its clients; by name unless said otherwise."
    )
    confirmation_links: Connection[ConfirmationLink] = answered_by(
        below(lists.CONFIRMATION_LINKS, rows.ConfirmationLink.partner_id),
        "Its links; newest first unless said otherwise.",
    )
    shared_deals: Connection[SharedDeal] = answered_by(
        below(lists.SHARED_DEALS, rows.Deal.partner_id), "Its shared deals; by name unless said otherwise."
    )
    renewals: Connection[Renewal] = answered_by(
        below(lists.RENEWALS, rows.Renewal.partner_id), "Its renewals; next first unless said otherwise."
    )
    summary: PartnerSummary = answered_by(partners.summary, "Its numbers at a glance.", allowed=guards.reader)
    event_cursor: Cursor = answered_by(
        partners.event_cursor, "Where its stream stands now: subscribe after this, and nothing is missed."
    )
    events: PartnerEventPage = answered_by(
        partners.events, "What has happened, in order.", allowed=guards.reader
    )
    audit_log: Connection[AuditEntry] = answered_by(
        below(lists.AUDIT_LOG, rows.AuditEntry.partner_id), "Every change, newest first."
    )

    is_type_of = made_of(rows.Partner)
