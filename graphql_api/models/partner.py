"""Partners, and the vendor's staff assigned to each."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from graphql_api.models.base import Base, one_of
from graphql_api.models.keys import new_key
from graphql_api.models.named import Named
from graphql_api.models.node_id import NodeId, NodeKind


class Partner(Named, Base):
    """A firm that sells or services HubSpot software for its clients."""

    __tablename__ = "partners"
    __table_args__ = (Index("ix_partners_name", "name_key", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_key)
    external_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime]

    @property
    def node_id(self) -> NodeId:
        """Its global id."""
        return NodeId(NodeKind.PARTNER, self.id)


class Position(StrEnum):
    """What an assigned member of staff is to the partner."""

    CHANNEL_ACCOUNT_MANAGER = "CHANNEL_ACCOUNT_MANAGER"
    PARTNER_DEVELOPMENT_MANAGER = "PARTNER_DEVELOPMENT_MANAGER"


class Assignment(Base):
    """A partner's CAM or PDM; one person may be both (C3)."""

    __tablename__ = "assignments"

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"), primary_key=True)
    position: Mapped[Position] = mapped_column(one_of(Position, "position"), primary_key=True)
    staff_member_id: Mapped[UUID] = mapped_column(ForeignKey("actors.id"), index=True)
