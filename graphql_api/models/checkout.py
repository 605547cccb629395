"""Checkouts: the moment at which links reach the client (B4)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from graphql_api.models.actor import Locale
from graphql_api.models.base import Base, one_of
from graphql_api.models.keys import new_key
from graphql_api.models.node_id import NodeId, NodeKind


class Checkout(Base):
    """A client confirming a purchase, told by the vendor's checkout."""

    __tablename__ = "checkouts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_key)
    deal_id: Mapped[UUID] = mapped_column(ForeignKey("deals.id"), index=True)
    recipient_name: Mapped[str] = mapped_column(String(200))
    recipient_email: Mapped[str] = mapped_column(String(254))
    locale: Mapped[Locale] = mapped_column(one_of(Locale, "locale"))
    started_by_id: Mapped[UUID] = mapped_column(ForeignKey("actors.id"))
    started_at: Mapped[datetime]

    @property
    def node_id(self) -> NodeId:
        """Its global id."""
        return NodeId(NodeKind.CHECKOUT, self.id)


class CheckoutLink(Base):
    """A link that a checkout returned; `was_sent` if it was still pending then (C23)."""

    __tablename__ = "checkout_links"

    checkout_id: Mapped[UUID] = mapped_column(ForeignKey("checkouts.id"), primary_key=True)
    link_id: Mapped[UUID] = mapped_column(
        ForeignKey("confirmation_links.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    was_sent: Mapped[bool]
