"""Who acts: a partner's user, a member of the vendor's staff, or a machine. One table, since each may do anything."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from graphql_api.models.base import Base, one_of
from graphql_api.models.keys import new_key
from graphql_api.models.node_id import NodeId, NodeKind


class ActorKind(StrEnum):
    """Which of the three."""

    PARTNER_USER = "PARTNER_USER"
    STAFF_MEMBER = "STAFF_MEMBER"
    INTEGRATION = "INTEGRATION"


class Role(StrEnum):
    """What a person is to the partner or the vendor. MEMBER is a partner's, ADMIN may be either's."""

    ADMIN = "ADMIN"
    MEMBER = "MEMBER"
    CHANNEL_ACCOUNT_MANAGER = "CHANNEL_ACCOUNT_MANAGER"
    PARTNER_DEVELOPMENT_MANAGER = "PARTNER_DEVELOPMENT_MANAGER"
    RENEWAL_MANAGER = "RENEWAL_MANAGER"


ACCOUNT_MANAGERS = (Role.CHANNEL_ACCOUNT_MANAGER, Role.PARTNER_DEVELOPMENT_MANAGER)
"""The roles in which the vendor's staff can work for a partner as its CAM or PDM; the others only read (B1)."""


class PartnerUserRole(StrEnum):
    """The roles of a partner's users."""

    ADMIN = "ADMIN"
    MEMBER = "MEMBER"


class StaffRole(StrEnum):
    """The roles of the vendor's staff."""

    CHANNEL_ACCOUNT_MANAGER = "CHANNEL_ACCOUNT_MANAGER"
    PARTNER_DEVELOPMENT_MANAGER = "PARTNER_DEVELOPMENT_MANAGER"
    RENEWAL_MANAGER = "RENEWAL_MANAGER"
    ADMIN = "ADMIN"


class Locale(StrEnum):
    """The languages that mails and pages come in (D11)."""

    EN = "EN"
    ES = "ES"


NODE_KINDS = {
    ActorKind.PARTNER_USER: NodeKind.PARTNER_USER,
    ActorKind.STAFF_MEMBER: NodeKind.STAFF_MEMBER,
    ActorKind.INTEGRATION: NodeKind.INTEGRATION,
}


class Actor(Base):
    """Somebody or something that acts, with a name to show."""

    __tablename__ = "actors"
    __table_args__ = (
        CheckConstraint("kind <> 'PARTNER_USER' OR partner_id IS NOT NULL", name="users_have_a_partner"),
        CheckConstraint("kind <> 'STAFF_MEMBER' OR partner_id IS NULL", name="staff_have_no_partner"),
        CheckConstraint(
            "kind = 'INTEGRATION' OR (email IS NOT NULL AND role IS NOT NULL)", name="people_have_an_email"
        ),
        CheckConstraint("kind <> 'PARTNER_USER' OR role IN ('ADMIN', 'MEMBER')", name="users_role"),
        CheckConstraint("kind <> 'STAFF_MEMBER' OR role <> 'MEMBER'", name="staff_role"),
        Index("uq_actors_user_email", "partner_id", "email", unique=True),
        Index(
            "uq_actors_staff_email",
            "email",
            unique=True,
            sqlite_where=text("kind = 'STAFF_MEMBER'"),
            postgresql_where=text("kind = 'STAFF_MEMBER'"),
        ),
    )
    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012 - SQLAlchemy's own form

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_key)
    kind: Mapped[ActorKind] = mapped_column(one_of(ActorKind, "kind"))
    name: Mapped[str] = mapped_column(String(200))
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partners.id"))
    email: Mapped[str | None] = mapped_column(String(254))
    role: Mapped[Role | None] = mapped_column(one_of(Role, "role"))
    locale: Mapped[Locale] = mapped_column(one_of(Locale, "locale"), default=Locale.EN)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    @property
    def node_id(self) -> NodeId:
        """Its global id."""
        return NodeId(NODE_KINDS[self.kind], self.id)


class PartnerUser(Actor):
    """A user of a partner."""

    __mapper_args__ = {"polymorphic_identity": ActorKind.PARTNER_USER}  # noqa: RUF012


class StaffMember(Actor):
    """One of the vendor's staff."""

    __mapper_args__ = {"polymorphic_identity": ActorKind.STAFF_MEMBER}  # noqa: RUF012


class Integration(Actor):
    """A machine: the checkout, the CRM, or, with a partner, that partner's own integration."""

    __mapper_args__ = {"polymorphic_identity": ActorKind.INTEGRATION}  # noqa: RUF012
