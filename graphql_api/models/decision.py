"""Decisions: what a client answered to a link, and the frozen copy of what it saw (D7)."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from graphql_api.models.base import Base, one_of
from graphql_api.models.confirmation_link import LinkStatus
from graphql_api.models.statement import Statement


class Decision(Base):
    """The one answer to a link: its key is the link's, so the database itself takes no second one (C20)."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint("status <> 'PENDING'", name="is_an_answer"),
        CheckConstraint("(status = 'REJECTED') = (reason IS NOT NULL)", name="rejected_with_reason"),
    )

    link_id: Mapped[UUID] = mapped_column(ForeignKey("confirmation_links.id"), primary_key=True)
    status: Mapped[LinkStatus] = mapped_column(one_of(LinkStatus, "status"))
    decided_at: Mapped[datetime]
    decided_by_name: Mapped[str] = mapped_column(String(200))
    decided_by_email: Mapped[str] = mapped_column(String(254))
    reason: Mapped[str | None] = mapped_column(String(2000))
    evidence: Mapped[str] = mapped_column(Text)
    evidence_hash: Mapped[str] = mapped_column(String(64))

    @property
    def statement(self) -> Statement:
        """What the client answered to, whatever link and catalogue say today."""
        return Statement.of_data(json.loads(self.evidence)["seen"]["statement"])
