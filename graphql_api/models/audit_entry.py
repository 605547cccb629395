"""The audit log: every change, who made it, and what stood there before (D10)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from graphql_api.models.base import Base
from graphql_api.models.keys import new_key
from graphql_api.models.node_id import NodeId, NodeKind


class AuditEntry(Base):
    """One change. `changes` holds field, before, after, and staff_only where a partner may not see that line."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_partner", "partner_id", "occurred_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_key)
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partners.id"))
    staff_only: Mapped[bool] = mapped_column(default=False)
    action: Mapped[str] = mapped_column(String(60))
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("actors.id"))
    actor_name: Mapped[str] = mapped_column(String(200))
    subject_id: Mapped[NodeId | None]
    changes: Mapped[list[dict[str, Any]]]
    occurred_at: Mapped[datetime] = mapped_column(index=True)

    @property
    def node_id(self) -> NodeId:
        """Its global id."""
        return NodeId(NodeKind.AUDIT_ENTRY, self.id)
