"""Clients of partners, and the people there."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from graphql_api.models.actor import Locale
from graphql_api.models.base import Base, one_of
from graphql_api.models.keys import new_key
from graphql_api.models.named import Named
from graphql_api.models.node_id import NodeId, NodeKind


class Client(Named, Base):
    """A firm that a partner sells to or services."""

    __tablename__ = "clients"
    __table_args__ = (
        UniqueConstraint("id", "partner_id", name="uq_clients_of_partner"),
        Index("ix_clients_partner_name", "partner_id", "name_key", "id"),
        Index("ix_clients_partner_created", "partner_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_key)
    external_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    domain: Mapped[str | None] = mapped_column(String(254))
    created_at: Mapped[datetime]

    @property
    def node_id(self) -> NodeId:
        """Its global id."""
        return NodeId(NodeKind.CLIENT, self.id)


class ContactRole(StrEnum):
    """What a contact is to the client's renewals."""

    PRIMARY = "PRIMARY"
    BILLING = "BILLING"
    DECISION_MAKER = "DECISION_MAKER"


CONTACT_LIMITS = {ContactRole.PRIMARY: 1, ContactRole.BILLING: 3, ContactRole.DECISION_MAKER: 1}
"""How many of a client's contacts may hold each role (C10)."""


class ClientContact(Base):
    """A person at a client, chosen on the client's side (A14)."""

    __tablename__ = "client_contacts"
    __table_args__ = (UniqueConstraint("client_id", "email"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_key)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    locale: Mapped[Locale] = mapped_column(one_of(Locale, "locale"), default=Locale.EN)
    held: Mapped[list[HeldRole]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def node_id(self) -> NodeId:
        """Its global id."""
        return NodeId(NodeKind.CLIENT_CONTACT, self.id)

    @property
    def roles(self) -> list[ContactRole]:
        """The roles held, in the order in which they are defined."""
        mine = {held.role for held in self.held}
        return [role for role in ContactRole if role in mine]


class HeldRole(Base):
    """One role of a contact. The slot is how the database itself keeps the limits of C10."""

    __tablename__ = "contact_roles"
    __table_args__ = (
        UniqueConstraint("client_id", "role", "slot"),
        CheckConstraint("slot >= 1 AND slot <= CASE role WHEN 'BILLING' THEN 3 ELSE 1 END", name="limit"),
    )

    contact_id: Mapped[UUID] = mapped_column(
        ForeignKey("client_contacts.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[ContactRole] = mapped_column(one_of(ContactRole, "role"), primary_key=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    slot: Mapped[int]
