"""Who acts: users of partners, the vendor's staff, machines; and their tokens."""

from datetime import datetime
from typing import Annotated

import strawberry

from graphql_api.models import rows
from graphql_api.resolvers import lists, viewers
from graphql_api.resolvers.pages import everything
from graphql_api.schema.fields import answered_by, attribute, made_of, relation
from graphql_api.schema.inputs.enums.people import Locale, PartnerUserRole, Scope, StaffRole
from graphql_api.schema.node import Actor, Connection, Node
from graphql_api.schema.notices import Notification

LazyPartner = Annotated["Partner", strawberry.lazy("graphql_api.schema.partners")]  # type: ignore[name-defined]  # noqa: F821


@strawberry.type(description="A user of a partner.")
class PartnerUser(Actor):
    """A user of a partner."""

    email: str = attribute("Where mails go.")
    role: PartnerUserRole = attribute("What the user may do.")
    locale: Locale = attribute("The language of mails.")
    is_active: bool = attribute("Whether the user may still sign in.")
    partner: LazyPartner = relation("partner", "partner_id", "Whose user.")

    is_type_of = made_of(rows.PartnerUser)


@strawberry.type(description="One of the vendor's staff.")
class StaffMember(Actor):
    """One of the vendor's staff."""

    email: str = attribute("Where mails go.")
    role: StaffRole = attribute("What they do.")
    locale: Locale = attribute("The language of mails.")

    is_type_of = made_of(rows.StaffMember)


@strawberry.type(description="A machine: the checkout, the CRM, a partner's own integration.")
class Integration(Actor):
    """A machine."""

    is_type_of = made_of(rows.Integration)


@strawberry.type(description="A bearer token. Its secret is shown once, when it is made.")
class ApiToken(Node):
    """A bearer token."""

    name: str = attribute("What it is for.")
    prefix: str = attribute("How its secret begins, to tell tokens apart.")
    scopes: list[Scope] = attribute("What its bearer may do, where their role allows it too.")
    created_at: datetime = attribute("When it was made.")
    expires_at: datetime | None = attribute("When it ends.")
    last_used_at: datetime | None = attribute("When it was last seen, to within five minutes.")
    revoked_at: datetime | None = attribute("When it was stopped.")

    is_type_of = made_of(rows.ApiToken)


@strawberry.type(description="Who is asking.")
class Viewer:
    """Who is asking."""

    actor: Actor = attribute("As whom.")
    partner: LazyPartner | None = relation(
        "partner", "partner_id", "The viewer's own partner; null for staff and for vendor-side integrations."
    )
    scopes: list[Scope] = answered_by(viewers.scopes, "What the token lets the viewer do.")
    notifications: Connection[Notification] = answered_by(
        everything(lists.NOTIFICATIONS), "What the viewer was told, newest first.", passing=True
    )
    api_tokens: list[ApiToken] = answered_by(
        viewers.api_tokens,
        "The viewer's own tokens, newest first; of more than 500 those that work before the others.",
        passing=True,
    )
