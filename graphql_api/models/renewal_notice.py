"""Renewal notices: one decided for each renewal, date, kind and milestone (D6), and who it went to (C11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from graphql_api.models.base import Base, one_of
from graphql_api.models.keys import new_key
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.models.outbox_mail import OutboxMail
from graphql_api.models.renewal_ownership import RenewalOwner


class RenewalNoticeKind(StrEnum):
    """A notice comes first, reminders follow (A19)."""

    NOTICE = "NOTICE"
    REMINDER = "REMINDER"


class RenewalNoticeStatus(StrEnum):
    """What became of a notice."""

    QUEUED = "QUEUED"
    SENT = "SENT"
    FAILED = "FAILED"
    NO_RECIPIENTS = "NO_RECIPIENTS"


class RenewalNotice(Base):
    """A notice or reminder that was decided, with its recipients frozen. Without a mail it had nobody to go to.

    It keeps what became of its mail, and goes on naming it when that is no longer kept.
    """

    __tablename__ = "renewal_notices"
    __table_args__ = (
        UniqueConstraint("renewal_id", "renews_on", "kind", "days_before", name="uq_renewal_notices_once"),
        Index("ix_renewal_notices_client", "client_id", "created_at", "id"),
        Index("ix_renewal_notices_unheard", "partner_id", "mail_id", "renews_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_key)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    renewal_id: Mapped[UUID] = mapped_column(ForeignKey("renewals.id"))
    renews_on: Mapped[date]
    kind: Mapped[RenewalNoticeKind] = mapped_column(one_of(RenewalNoticeKind, "kind"))
    days_before: Mapped[int]
    owner: Mapped[RenewalOwner] = mapped_column(one_of(RenewalOwner, "owner"))
    to: Mapped[list[dict[str, Any]]]
    cc: Mapped[list[dict[str, Any]]]
    explanation: Mapped[str] = mapped_column(String(1000))
    mail_id: Mapped[UUID | None] = mapped_column(index=True)
    status: Mapped[RenewalNoticeStatus] = mapped_column(
        one_of(RenewalNoticeStatus, "status"), server_default=text("'QUEUED'")
    )
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @property
    def node_id(self) -> NodeId:
        """Its global id."""
        return NodeId(NodeKind.RENEWAL_NOTICE, self.id)

    def hear_of(self, mail: OutboxMail | None) -> None:
        """Keep what became of its mail; without one it had nobody to go to."""
        self.status = RenewalNoticeStatus(mail.status) if mail else RenewalNoticeStatus.NO_RECIPIENTS
        self.sent_at = mail.sent_at if mail else None


@dataclass(frozen=True, slots=True)
class Milestone:
    """So many days before a renewal, a notice or a reminder is due; until the next milestone takes over."""

    kind: RenewalNoticeKind
    days_before: int
    until: int
    """The last day, counted to the renewal, on which this is the latest milestone due."""

    def dates(self, today: date) -> tuple[date, date]:
        """The first and the last renewal date for which this milestone is the one due on that day (C12)."""
        return today + timedelta(days=self.until), today + timedelta(days=self.days_before)


def milestones(notice_days: Sequence[int], reminder_days: Sequence[int]) -> list[Milestone]:
    """The milestones in force, earliest first. Of several that were missed only the latest is due (C12)."""
    kinds = dict.fromkeys(notice_days, RenewalNoticeKind.NOTICE)
    kinds |= dict.fromkeys(reminder_days, RenewalNoticeKind.REMINDER)
    days = sorted(kinds, reverse=True)
    ends = [*(day + 1 for day in days[1:]), 0]
    return [Milestone(kinds[day], day, end) for day, end in zip(days, ends, strict=True)]
