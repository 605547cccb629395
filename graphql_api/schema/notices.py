"""Notifications, and the audit log."""

from datetime import datetime

import strawberry

from graphql_api.models import rows
from graphql_api.resolvers import audit, nodes
from graphql_api.schema.fields import answered_by, attribute, made_of, relation
from graphql_api.schema.inputs.enums.news import NotificationKind
from graphql_api.schema.node import Actor, Node


@strawberry.type(description="Something the viewer is told.")
class Notification(Node):
    """Something the viewer is told."""

    kind: NotificationKind = attribute("What it is about.")
    title: str = attribute("In one line.")
    body: str = attribute("In a few words.")
    subject: Node | None = relation("node", "subject_id", "What it is about; null once deleted.")
    created_at: datetime = attribute("When it was told.")
    read_at: datetime | None = attribute("When it was marked as read.")

    is_type_of = made_of(rows.Notification)


@strawberry.type(description="One field that a change touched.")
class AuditChange:
    """One field that a change touched."""

    field: str = attribute("Which.")
    before: str | None = attribute("What stood there before, as text.")
    after: str | None = attribute("What stands there since, as text.")


@strawberry.type(description="One change: who, what, before, after, when.")
class AuditEntry(Node):
    """One change."""

    action: str = attribute(
        "noun.verb: confirmation_link.create, .edit, .delete, .attach, .detach, .send, .view, .confirm, .reject, "
        ".sync; attachment_request.create, .fulfil, .decline; checkout.start; "
        "partner.set_renewal_owner, .sync; client.set_renewal_owner, .clear_renewal_owner, .sync; "
        "renewal_notice.decide; renewal.sync; deal.sync; product.sync; partner_user.sync; "
        "staff_member.create, .sync; integration.create; api_token.create, .revoke."
    )
    actor: Actor | None = relation(
        "actor", "actor_id", "Who; null when it was a client, a clock or an operator."
    )
    actor_name: str = attribute("Their name, as it was.")
    subject_id: strawberry.ID | None = answered_by(nodes.subject_id, "The global id of what was changed.")
    changes: list[AuditChange] = answered_by(audit.changes, "What changed.")
    occurred_at: datetime = attribute("When.")

    is_type_of = made_of(rows.AuditEntry)
