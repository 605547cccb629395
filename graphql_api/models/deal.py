"""Deals of the vendor, and each one's activity timeline."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from graphql_api.models.base import Base, one_of
from graphql_api.models.keys import new_key
from graphql_api.models.named import Named
from graphql_api.models.node_id import NodeId, NodeKind


class Deal(Named, Base):
    """A sale. Shared with its partner, or direct: then only the vendor's staff sees it (B21)."""

    __tablename__ = "deals"
    __table_args__ = (
        CheckConstraint("(amount IS NULL) = (currency IS NULL)", name="amount_with_currency"),
        Index("ix_deals_partner_name", "partner_id", "is_shared", "name_key", "id"),
        Index("ix_deals_name", "name_key", "id"),
        Index("ix_deals_client", "client_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_key)
    external_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    is_shared: Mapped[bool]
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partners.id"))
    client_id: Mapped[UUID | None] = mapped_column(ForeignKey("clients.id"))
    stage: Mapped[str] = mapped_column(String(200))
    amount: Mapped[Decimal | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    closes_on: Mapped[date | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    @property
    def node_id(self) -> NodeId:
        """Its global id, of one kind whether it is shared or not: sharing a deal must not change its id."""
        return NodeId(NodeKind.DEAL, self.id)


class DealActivityKind(StrEnum):
    """What happened to a deal's proof of engagement."""

    LINK_ATTACHED = "LINK_ATTACHED"
    LINK_DETACHED = "LINK_DETACHED"
    LINK_EDITED = "LINK_EDITED"
    LINK_SENT = "LINK_SENT"
    LINK_CONFIRMED = "LINK_CONFIRMED"
    LINK_REJECTED = "LINK_REJECTED"
    LINK_DELETED = "LINK_DELETED"


class DealActivity(Base):
    """One line of a deal's timeline: who, what, when (B20)."""

    __tablename__ = "deal_activities"
    __table_args__ = (Index("ix_deal_activities_deal", "deal_id", "occurred_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_key)
    deal_id: Mapped[UUID] = mapped_column(ForeignKey("deals.id"))
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partners.id"))
    """Whose link it tells of: the deal may go to another partner, which does not see what was before (D12)."""
    kind: Mapped[DealActivityKind] = mapped_column(one_of(DealActivityKind, "kind"))
    link_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("confirmation_links.id", ondelete="SET NULL"), index=True
    )
    link_name: Mapped[str] = mapped_column(String(200))
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("actors.id"))
    actor_name: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(1000))
    occurred_at: Mapped[datetime]

    @property
    def node_id(self) -> NodeId:
        """Its global id."""
        return NodeId(NodeKind.DEAL_ACTIVITY, self.id)
