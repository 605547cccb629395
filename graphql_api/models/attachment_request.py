"""Attachment requests: a partner asks for its link on a deal that it cannot see (B21)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from graphql_api.models.base import Base, one_of
from graphql_api.models.keys import new_key
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.models.refusal import NotPending


class AttachmentRequestStatus(StrEnum):
    """OPEN moves once, to FULFILLED or DECLINED."""

    OPEN = "OPEN"
    FULFILLED = "FULFILLED"
    DECLINED = "DECLINED"


class AttachmentRequest(Base):
    """A partner's request to its CAM and PDM."""

    __tablename__ = "attachment_requests"
    __table_args__ = (Index("ix_attachment_requests_partner", "partner_id", "created_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_key)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    link_id: Mapped[UUID] = mapped_column(ForeignKey("confirmation_links.id", ondelete="CASCADE"), index=True)
    deal_name: Mapped[str] = mapped_column(String(200))
    message: Mapped[str | None] = mapped_column(String(2000))
    status: Mapped[AttachmentRequestStatus] = mapped_column(
        one_of(AttachmentRequestStatus, "status"), default=AttachmentRequestStatus.OPEN
    )
    requested_by_id: Mapped[UUID] = mapped_column(ForeignKey("actors.id"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    declined_because: Mapped[str | None] = mapped_column(String(2000))

    @property
    def node_id(self) -> NodeId:
        """Its global id."""
        return NodeId(NodeKind.ATTACHMENT_REQUEST, self.id)

    def fulfil(self, now: datetime, *field: str) -> None:
        """The link is on the deal.

        Raises:
            NotPending: the request has been answered already.

        """
        self._close(AttachmentRequestStatus.FULFILLED, now, *field)

    def decline(self, reason: str, now: datetime) -> None:
        """The CAM or PDM will not attach the link, and says why.

        Raises:
            NotPending: the request has been answered already.

        """
        self._close(AttachmentRequestStatus.DECLINED, now, "id")
        self.declined_because = reason

    def _close(self, status: AttachmentRequestStatus, now: datetime, *field: str) -> None:
        if self.status is not AttachmentRequestStatus.OPEN:
            raise NotPending(*field, message="the request has been answered already")
        self.status, self.closed_at = status, now
