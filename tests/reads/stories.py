"""Stories: a deal with all that belongs to it, and people and things that no other story has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from graphql_api.models import rows
from graphql_api.models.actor import Locale, Role
from graphql_api.models.client import ContactRole
from graphql_api.models.confirmation_link import LinkStatus
from graphql_api.models.deal import DealActivityKind
from graphql_api.models.keys import new_key
from graphql_api.models.outbox_mail import MailKind
from graphql_api.models.product import ProductEdition
from graphql_api.models.renewal_notice import RenewalNoticeKind
from graphql_api.models.renewal_ownership import RenewalOwner
from graphql_api.models.statement import Statement

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SLOTS = [(ContactRole.PRIMARY, 1), *((ContactRole.BILLING, slot) for slot in (1, 2, 3))]
"""The roles that a client's contacts hold, one after the other, as long as there are any."""


class Story:
    """One deal's; where it is told `about` another story, it goes on with that one's client and deal."""

    def __init__(
        self, number: int, partner: rows.Partner, *, is_shared: bool = True, about: Story | None = None
    ) -> None:
        """The higher its number, the later it is."""
        self.number, self.partner, self.hub = number, partner, about or self
        self.when, self.name = NOW + timedelta(seconds=number), f"{number:03}"
        self.is_decided = number // 2 % 2 > 0
        self._contacts = 0
        self._cast()
        self.client: rows.Client = (
            about.client if about else rows.Client(**self._new(), name=f"Client {self.name}")
        )
        self.deal: rows.Deal = about.deal if about else self.new_deal(is_shared=is_shared)
        self.link = self._link()
        self.renewal = self._renewal()
        self.notice = self._notice(self.hub.renewal)
        self.request = rows.AttachmentRequest(
            **self._new(), link_id=self.link.id, deal_name="Big", requested_by_id=self.user.id
        )
        self.checkout = rows.Checkout(
            id=new_key(), deal_id=self.deal.id, recipient_name="Clara", recipient_email="c@client.example",
            locale=Locale.EN, started_by_id=self.machine.id, started_at=self.when,
        )  # fmt: skip

    def levels(self) -> Iterator[list[Any]]:
        """Its rows, those first that others point at."""
        yield [self.user, self.staff, self.machine, self.product]
        yield [self.client] if self.hub is self else []
        yield [self.deal] if self.hub is self else []
        yield [self.link, self.renewal]
        yield [self.checkout, self.notice, self.request, self._contact(), self._activity(), self._audit()]
        yield [self._mail(), *self._parts(self), *([] if self.hub is self else self._parts(self.hub))]
        yield [self._decision()] if self.is_decided else []

    def _new(self) -> dict[str, Any]:
        return {"id": new_key(), "partner_id": self.partner.id, "created_at": self.when}

    def _cast(self) -> None:
        self.user = rows.PartnerUser(
            **self._new(), name=f"User {self.name}", email=f"{self.name}@partner.example", role=Role.ADMIN
        )
        self.staff = rows.StaffMember(
            id=new_key(), name=f"Staff {self.name}", email=f"{self.name}@vendor.example",
            role=Role.RENEWAL_MANAGER, created_at=self.when,
        )  # fmt: skip
        self.machine = rows.Integration(**self._new(), name=f"Machine {self.name}")
        self.product = rows.Product(
            id=new_key(), code=f"HUB-{self.name}", name=f"Hub {self.name}", edition=ProductEdition.PROFESSIONAL
        )  # fmt: skip
        self.product.all_onboarding_types = [
            rows.OnboardingType(code="GUIDED", name="Guided", position=0, is_offered=True)
        ]

    def new_deal(self, *, is_shared: bool = True) -> rows.Deal:
        """One more of the client's."""
        return rows.Deal(
            **self._new(), name=f"Deal {self.name}", is_shared=is_shared, client_id=self.client.id, stage="Open",
            amount=Decimal(self.number), currency="EUR", closes_on=date(2027, 1, 1),
        )  # fmt: skip

    def _link(self) -> rows.ConfirmationLink:
        return rows.ConfirmationLink(
            **self._new(), name=f"Link {self.name}", created_by_id=self.user.id, provides_onboarding=False,
            client_id=self.client.id, deal_id=self.deal.id, updated_at=self.when,
            status=LinkStatus.CONFIRMED if self.is_decided else LinkStatus.PENDING,
        )  # fmt: skip

    def _renewal(self) -> rows.Renewal:
        return rows.Renewal(
            **self._new(), client_id=self.client.id, renews_on=date(2030, 1, 1) + timedelta(days=self.number),
            renewal_manager_id=self.staff.id, current_mrr=Decimal(1), renewal_mrr=Decimal(2), currency="EUR",
        )  # fmt: skip

    def _notice(self, renewal: rows.Renewal) -> rows.RenewalNotice:
        to = [
            {"name": "Pia", "email": f"{n}@client.example", "roles": ["PRIMARY"], "locale": "EN"}
            for n in (1, 2)
        ]
        return rows.RenewalNotice(
            **self._new(), client_id=self.client.id, renewal_id=renewal.id, renews_on=renewal.renews_on, to=to, cc=to,
            kind=RenewalNoticeKind.REMINDER, days_before=self.number, owner=RenewalOwner.HUBSPOT, explanation="",
        )  # fmt: skip

    def _contact(self) -> rows.ClientContact:
        number = self.hub._contacts
        self.hub._contacts += 1
        return rows.ClientContact(
            id=new_key(), client_id=self.client.id, name="Pia", email=f"{self.name}@client.example",
            held=[rows.HeldRole(role=role, client_id=self.client.id, slot=slot) for role, slot in SLOTS[number:][:1]],
        )  # fmt: skip

    def _activity(self) -> rows.DealActivity:
        return rows.DealActivity(
            id=new_key(), partner_id=self.partner.id, deal_id=self.deal.id, kind=DealActivityKind.LINK_EDITED,
            link_id=self.link.id, link_name="Link", actor_id=self.staff.id, actor_name="Sam", summary="Edited",
            occurred_at=self.when,
        )  # fmt: skip

    def _audit(self) -> rows.AuditEntry:
        changes = [{"field": name, "before": None, "after": None} for name in ("name", "version")]
        return rows.AuditEntry(
            id=new_key(), partner_id=self.partner.id, action="confirmation_link.edit", actor_id=self.user.id,
            actor_name="Ada", subject_id=self.link.node_id, changes=changes, occurred_at=self.when,
        )  # fmt: skip

    def _mail(self) -> rows.OutboxMail:
        return rows.OutboxMail(
            **self._new(), kind=MailKind.LINK_CREATED, subject_id=self.link.node_id, recipients=[], remaining=[],
            refused=["nobody@partner.example"], has_refusals=True, locale=Locale.EN, subject="New", text="", html="",
            next_attempt_at=self.when,
        )  # fmt: skip

    def _parts(self, whole: Story) -> list[Any]:
        """Its link and its product, as parts of what this story has."""
        product = self.product
        return [
            rows.LinkProduct(
                link_id=whole.link.id, position=self.number, product_id=product.id, onboarding_type_code="GUIDED"
            ),
            rows.RenewalProduct(renewal_id=whole.renewal.id, product_id=product.id, position=self.number),
            rows.CheckoutLink(checkout_id=whole.checkout.id, link_id=self.link.id, was_sent=True),
        ]  # fmt: skip

    def _decision(self) -> rows.Decision:
        statement = Statement(
            self.link.name, self.partner.name, self.client.name, (), provides_onboarding=False, onboarding_duration=None
        )  # fmt: skip
        return rows.Decision(
            link_id=self.link.id, status=LinkStatus.CONFIRMED, decided_at=self.when, decided_by_name="Clara",
            decided_by_email="c@client.example", evidence_hash="0",
            evidence=json.dumps({"seen": {"statement": statement.as_data()}}),
        )  # fmt: skip
