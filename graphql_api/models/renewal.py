"""Renewals of clients' subscriptions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from graphql_api.models.base import Base, one_of
from graphql_api.models.keys import new_key
from graphql_api.models.node_id import NodeId, NodeKind


class RenewalStatus(StrEnum):
    """How far a renewal has come."""

    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    RENEWED = "RENEWED"
    CANCELLATION_REQUESTED = "CANCELLATION_REQUESTED"


DEADLINE = timedelta(days=45)
"""So long before a renewal the client must have decided (C12)."""

ACT_WITHIN = timedelta(days=120)
"""So far ahead a pending renewal is something to act on."""

AWAITED = (RenewalStatus.PENDING, RenewalStatus.CONFIRMED)
"""Renewals in these statuses get notices (C12)."""


class RenewalProduct(Base):
    """A product that renews."""

    __tablename__ = "renewal_products"

    renewal_id: Mapped[UUID] = mapped_column(ForeignKey("renewals.id"), primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"), primary_key=True)
    position: Mapped[int]


class Renewal(Base):
    """A client's subscription coming to its end, or its next term. Amounts are a month's revenue (MRR)."""

    __tablename__ = "renewals"
    __table_args__ = (
        CheckConstraint(
            "(current_mrr IS NULL AND renewal_mrr IS NULL) = (currency IS NULL)", name="amount_with_currency"
        ),
        Index("ix_renewals_partner_date", "partner_id", "renews_on", "id"),
        Index("ix_renewals_date", "renews_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_key)
    external_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    renews_on: Mapped[date]
    status: Mapped[RenewalStatus] = mapped_column(
        one_of(RenewalStatus, "status"), default=RenewalStatus.PENDING
    )
    current_mrr: Mapped[Decimal | None]
    renewal_mrr: Mapped[Decimal | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    renewal_manager_id: Mapped[UUID | None] = mapped_column(ForeignKey("actors.id"), index=True)
    created_at: Mapped[datetime]
    products: Mapped[list[RenewalProduct]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by=RenewalProduct.position
    )

    @property
    def node_id(self) -> NodeId:
        """Its global id."""
        return NodeId(NodeKind.RENEWAL, self.id)

    @property
    def decision_deadline(self) -> date:
        """The last day on which the client can decide; the first day of all where no 45 days lead back."""
        return max(self.renews_on, date.min + DEADLINE) - DEADLINE

    def days_to_renewal(self, today: date) -> int:
        """Days from `today` (UTC) to the renewal; negative once it is past."""
        return (self.renews_on - today).days


def to_act_on(today: date) -> ColumnElement[bool]:
    """Renewals that somebody should act on; `today` in UTC."""
    soon = Renewal.renews_on.between(today, today + ACT_WITHIN)
    return (Renewal.status == RenewalStatus.PENDING) & soon
