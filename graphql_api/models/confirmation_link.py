"""Confirmation links: a partner's statement about a sale, for its client to confirm or reject."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from graphql_api.models.base import Base, one_of
from graphql_api.models.keys import new_key
from graphql_api.models.named import Named
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.models.refusal import (
    AlreadyAttached,
    Conflict,
    DealMismatch,
    LinkRejected,
    NotAttached,
    NotPending,
    Refusal,
)
from graphql_api.models.terms import OnboardingDuration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.models.deal import Deal
    from graphql_api.models.terms import ChosenProduct


class LinkStatus(StrEnum):
    """What the client has said."""

    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    REJECTED = "REJECTED"


MOVES = {
    LinkStatus.PENDING: {LinkStatus.CONFIRMED, LinkStatus.REJECTED},
    LinkStatus.CONFIRMED: set[LinkStatus](),
    LinkStatus.REJECTED: set[LinkStatus](),
}
"""From each status, where it may go: a decision is final (B37)."""


class LinkStage(StrEnum):
    """How far a pending link has come (C1)."""

    UNASSIGNED = "UNASSIGNED"
    ASSIGNED = "ASSIGNED"
    SENT = "SENT"
    VIEWED = "VIEWED"
    DECIDED = "DECIDED"


class LinkProduct(Base):
    """A product on a link, with the onboarding that goes with it."""

    __tablename__ = "link_products"
    __table_args__ = (
        UniqueConstraint("link_id", "product_id"),
        ForeignKeyConstraint(
            ["product_id", "onboarding_type_code"],
            ["onboarding_types.product_id", "onboarding_types.code"],
            name="fk_link_products_onboarding_type",
        ),
    )

    link_id: Mapped[UUID] = mapped_column(
        ForeignKey("confirmation_links.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    onboarding_type_code: Mapped[str | None] = mapped_column(String(100))


class ConfirmationLink(Named, Base):
    """A statement that the partner sells or services HubSpot software for a client, and what it provides (B2)."""

    __tablename__ = "confirmation_links"
    __table_args__ = (
        CheckConstraint("length(trim(name)) > 0", name="has_a_name"),
        CheckConstraint(
            "provides_onboarding = (onboarding_duration IS NOT NULL)", name="duration_with_onboarding"
        ),
        ForeignKeyConstraint(
            ["client_id", "partner_id"],
            ["clients.id", "clients.partner_id"],
            name="fk_links_client_of_partner",
        ),
        Index("ix_links_partner_created", "partner_id", "created_at", "id"),
        Index("ix_links_partner_status", "partner_id", "status", "created_at", "id"),
        Index("ix_links_client", "client_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_key)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    status: Mapped[LinkStatus] = mapped_column(one_of(LinkStatus, "status"), default=LinkStatus.PENDING)
    provides_onboarding: Mapped[bool]
    onboarding_duration: Mapped[OnboardingDuration | None] = mapped_column(
        one_of(OnboardingDuration, "onboarding_duration")
    )
    client_id: Mapped[UUID | None]
    deal_id: Mapped[UUID | None] = mapped_column(ForeignKey("deals.id"), index=True)
    created_by_id: Mapped[UUID] = mapped_column(ForeignKey("actors.id"))
    cloned_from_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("confirmation_links.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    viewed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    products: Mapped[list[LinkProduct]] = relationship(
        cascade="all, delete-orphan", lazy="raise", passive_deletes=True, order_by=LinkProduct.position
    )

    @property
    def node_id(self) -> NodeId:
        """Its global id."""
        return NodeId(NodeKind.CONFIRMATION_LINK, self.id)

    @property
    def is_pending(self) -> bool:
        """No client has answered yet (B30)."""
        return self.status is LinkStatus.PENDING

    @property
    def stage(self) -> LinkStage:
        """How far it has come (C1)."""
        if not self.is_pending:
            return LinkStage.DECIDED
        if self.viewed_at:
            return LinkStage.VIEWED
        if self.sent_at:
            return LinkStage.SENT
        return LinkStage.ASSIGNED if self.client_id else LinkStage.UNASSIGNED

    def set_products(self, chosen: Sequence[ChosenProduct]) -> None:
        """List these products, in this order."""
        self.products = [
            LinkProduct(link_id=self.id, position=position, product_id=product.id, onboarding_type_code=code)
            for position, (product, code) in enumerate(chosen)
            if product
        ]

    def check_pending(self, *field: str) -> None:
        """Only pending links change.

        Raises:
            NotPending: the client has decided.

        """
        if not self.is_pending:
            raise NotPending(*field)

    def check_version(self, seen: int | None, *field: str) -> None:
        """An edit or a decision names the version that it was made against (C18, D4).

        Raises:
            Conflict: the link has been edited since.

        """
        if seen is not None and seen != self.version:
            raise Conflict(*field)

    def edited(self, now: datetime) -> None:
        """Count an edit: only edits move the version (C18)."""
        self.version += 1
        self.updated_at = now

    def attach(self, deal: Deal, now: datetime) -> None:
        """Put it on a deal, whose client becomes its own (C2, C19).

        Raises:
            LinkRejected: the client has rejected it.
            AlreadyAttached: it is on a deal.
            DealMismatch: the deal is another partner's, or another client's.

        """
        if why := self.why_not_attach("confirmationLinkId"):
            raise why
        if deal.partner_id != self.partner_id or self.client_id not in {None, deal.client_id}:
            raise DealMismatch("dealId")
        self.deal_id = deal.id
        self.client_id = deal.client_id
        self.updated_at = now

    def detach(self, deal: Deal, now: datetime) -> None:
        """Take it off the deal, and its client away while it was never sent, nor answered (C2).

        What one client confirmed shall not become another's proof (B31), however it came to that client.

        Raises:
            NotAttached: it is not on that deal.

        """
        if self.deal_id != deal.id:
            raise NotAttached("confirmationLinkId")
        self.deal_id = None
        if self.sent_at is None and self.is_pending:
            self.client_id = None
        self.updated_at = now

    def send(self, deal: Deal, now: datetime) -> None:
        """It goes to the client at checkout; `sent_at` keeps the first time."""
        self.client_id = self.client_id or deal.client_id
        self.sent_at = self.sent_at or now
        self.updated_at = now

    def decide(self, answer: LinkStatus, now: datetime) -> None:
        """The client's answer, final.

        Raises:
            NotPending: there is one already.

        """
        if answer not in MOVES[self.status]:
            raise NotPending("token")
        self.status = answer
        self.updated_at = now

    def why_not_change(self, *field: str) -> Refusal | None:
        """What stands against an edit or a deletion now."""
        return None if self.is_pending else NotPending(*field)

    def why_not_attach(self, *field: str) -> Refusal | None:
        """What stands against putting it on a deal now."""
        if self.status is LinkStatus.REJECTED:
            return LinkRejected(*field)
        return AlreadyAttached(*field) if self.deal_id else None

    def why_not_detach(self, *field: str) -> Refusal | None:
        """What stands against taking it off its deal now."""
        return None if self.deal_id else NotAttached(*field)
