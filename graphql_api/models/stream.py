"""Streams: gapless sequences. A partner's holds its events, a person's holds its notifications."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from graphql_api.models.base import Base, one_of
from graphql_api.models.node_id import NodeId


class Stream(Base):
    """Where a stream stands. Its row stays locked from taking a position to commit: positions show up in order.

    Events up to `pruned_to` are no longer kept, all that follow are. A partner's `revision` moves with every change to
    what can be seen of it, event or not; that of NOWHERE with every change to what all partners see.
    """

    __tablename__ = "streams"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    revision: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    pruned_to: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class PartnerEventKind(StrEnum):
    """What happened, of what a partner can see."""

    LINK_CREATED = "LINK_CREATED"
    LINK_EDITED = "LINK_EDITED"
    LINK_DELETED = "LINK_DELETED"
    LINK_ATTACHED = "LINK_ATTACHED"
    LINK_DETACHED = "LINK_DETACHED"
    LINK_SENT = "LINK_SENT"
    LINK_VIEWED = "LINK_VIEWED"
    LINK_CONFIRMED = "LINK_CONFIRMED"
    LINK_REJECTED = "LINK_REJECTED"
    ATTACHMENT_REQUESTED = "ATTACHMENT_REQUESTED"
    ATTACHMENT_DECLINED = "ATTACHMENT_DECLINED"
    RENEWAL_OWNERSHIP_CHANGED = "RENEWAL_OWNERSHIP_CHANGED"
    RENEWAL_NOTICE_QUEUED = "RENEWAL_NOTICE_QUEUED"


class PartnerEvent(Base):
    """One thing that happened to a partner's data, at its place in the partner's stream."""

    __tablename__ = "partner_events"

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    kind: Mapped[PartnerEventKind] = mapped_column(one_of(PartnerEventKind, "kind"))
    subject_id: Mapped[NodeId]
    activity_id: Mapped[UUID | None]
    occurred_at: Mapped[datetime]

    @property
    def place(self) -> tuple[UUID, int]:
        """Where it stands, wherever it is delivered."""
        return self.partner_id, self.position
