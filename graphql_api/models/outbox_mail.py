"""The outbox: a mail is a row in the transaction that causes it, before it is a message."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from graphql_api.models.actor import Locale
from graphql_api.models.base import Base, one_of
from graphql_api.models.keys import new_key
from graphql_api.models.node_id import NodeId


class MailKind(StrEnum):
    """What the mail is, as its header X-Partner-Api-Kind says."""

    LINK_CREATED = "link_created"
    LINK_CONFIRMED = "link_confirmed"
    LINK_REJECTED = "link_rejected"
    ATTACHMENT_REQUESTED = "attachment_requested"
    ATTACHMENT_DECLINED = "attachment_declined"
    CHECKOUT = "checkout"
    RENEWAL_NOTICE = "renewal_notice"
    RENEWAL_REMINDER = "renewal_reminder"


NOTICES = {MailKind.RENEWAL_NOTICE, MailKind.RENEWAL_REMINDER}


class MailStatus(StrEnum):
    """How far a mail has come. QUEUED moves to either of the others; an operator moves refused ones back."""

    QUEUED = "QUEUED"
    SENT = "SENT"
    FAILED = "FAILED"


class OutboxMail(Base):
    """A mail as it will go out, rendered when it was caused.

    `recipients` holds, in order, {"name", "email", "field": "to" or "cc"}; `remaining` the addresses not yet settled,
    `refused` those refused for good. A mail without `remaining` is SENT if anybody took it, else FAILED.
    """

    __tablename__ = "outbox_mails"
    __table_args__ = (
        Index("ix_outbox_mails_due", "status", "next_attempt_at"),
        Index(
            "ix_outbox_mails_refused",
            "partner_id",
            "id",
            postgresql_where=text("has_refusals"),
            sqlite_where=text("has_refusals = 1"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_key)
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partners.id"))
    kind: Mapped[MailKind] = mapped_column(one_of(MailKind, "kind"))
    subject_id: Mapped[NodeId]
    recipients: Mapped[list[dict[str, Any]]]
    remaining: Mapped[list[str]]
    refused: Mapped[list[str]] = mapped_column(default=list)
    has_refusals: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[Locale] = mapped_column(one_of(Locale, "locale"))
    subject: Mapped[str] = mapped_column(String(500))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    status: Mapped[MailStatus] = mapped_column(one_of(MailStatus, "status"), default=MailStatus.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
