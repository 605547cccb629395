"""Rows for tests of mails, none of which needs a database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from graphql_api.mail.rendering import About, Recipient, rendered
from graphql_api.models import rows
from graphql_api.models.actor import ActorKind, Locale
from graphql_api.models.confirmation_link import LinkStatus
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.models.outbox_mail import MailKind
from graphql_api.models.product import ProductEdition
from graphql_api.models.statement import StatedProduct, Statement
from graphql_api.models.terms import OnboardingDuration

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
PARTNER_ID = UUID("0199aaaa-0000-7000-8000-000000000001")
MAIL_FROM = "Partner API <no-reply@partners.example>"
PRODUCTS = (
    StatedProduct("sales-pro", "Sales Hub", ProductEdition.PROFESSIONAL, "guided", "Guided onboarding"),
    StatedProduct("content-starter", "Content Hub", ProductEdition.STARTER, None, None),
)


def statement(
    name: str = "Spring deal", partner: str = "Ümlaut & Söhne", client: str | None = "Acme"
) -> Statement:
    return Statement(name, partner, client, PRODUCTS, True, OnboardingDuration.TWO_TO_THREE_MONTHS)  # noqa: FBT003


def link() -> rows.ConfirmationLink:
    return rows.ConfirmationLink(id=uuid4(), partner_id=PARTNER_ID, status=LinkStatus.PENDING)


def person(name: str = "Carla Cam", locale: Locale = Locale.EN, *, is_staff: bool = True) -> rows.Actor:
    kind = ActorKind.STAFF_MEMBER if is_staff else ActorKind.PARTNER_USER
    return rows.Actor(id=uuid4(), kind=kind, name=name, email="carla@vendor.example", locale=locale)


def decision(reason: str | None = None) -> rows.Decision:
    status = LinkStatus.REJECTED if reason else LinkStatus.CONFIRMED
    return rows.Decision(
        status=status,
        reason=reason,
        decided_by_name="Bob Buyer",
        decided_by_email="bob@acme.example",
        decided_at=NOW,
    )


def request(message: str | None = None, declined_because: str | None = None) -> rows.AttachmentRequest:
    return rows.AttachmentRequest(
        id=uuid4(),
        partner_id=PARTNER_ID,
        deal_name="Big deal",
        message=message,
        declined_because=declined_because,
    )


def checkout(name: str = "Ana", locale: Locale = Locale.EN) -> rows.Checkout:
    return rows.Checkout(id=uuid4(), recipient_name=name, recipient_email="ana@acme.example", locale=locale)


def declined_mail(
    *recipients: Recipient,
    reason: str = "No.",
    name: str = "Ana",
    by_name: str = "Carla",
    now: datetime = NOW,
) -> rows.OutboxMail:
    """A short mail to anybody, of no partner, so that it can be stored alone."""
    about = About(MailKind.ATTACHMENT_DECLINED, NodeId(NodeKind.ATTACHMENT_REQUEST, uuid4()), PARTNER_ID)
    values = {"by_name": by_name, "link_name": "Spring deal", "deal_name": "Big deal", "reason": reason}
    to = list(recipients) or [Recipient(name, "ana@acme.example")]
    return but(rendered(about, to, Locale.EN, now, **values), partner_id=None)


def but(mail: rows.OutboxMail, **changed: Any) -> rows.OutboxMail:
    """The same mail, but for that."""
    return rows.OutboxMail.new(**vars(mail) | changed)
