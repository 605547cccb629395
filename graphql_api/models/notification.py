"""Notifications: what a person is told inside the application."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from graphql_api.models.base import Base, one_of
from graphql_api.models.keys import new_key
from graphql_api.models.node_id import NodeId, NodeKind


class NotificationKind(StrEnum):
    """What it is about."""

    LINK_CREATED = "LINK_CREATED"
    LINK_CONFIRMED = "LINK_CONFIRMED"
    LINK_REJECTED = "LINK_REJECTED"
    ATTACHMENT_REQUESTED = "ATTACHMENT_REQUESTED"
    ATTACHMENT_DECLINED = "ATTACHMENT_DECLINED"
    RENEWAL_NOTICE = "RENEWAL_NOTICE"


class Notification(Base):
    """Something one person is told, at its place in that person's stream."""

    __tablename__ = "notifications"
    __table_args__ = (UniqueConstraint("recipient_id", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_key)
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("actors.id"))
    position: Mapped[int] = mapped_column(BigInteger)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    kind: Mapped[NotificationKind] = mapped_column(one_of(NotificationKind, "kind"))
    title: Mapped[str] = mapped_column(String(500))
    body: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[NodeId]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    @property
    def node_id(self) -> NodeId:
        """Its global id."""
        return NodeId(NodeKind.NOTIFICATION, self.id)
