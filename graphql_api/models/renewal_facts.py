"""What a renewal mail says about the renewal: one value, so that mails need no database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from graphql_api.models.money import Money


@dataclass(frozen=True, slots=True)
class RenewalFacts:
    """A renewal in words. Amounts are a month's revenue (MRR)."""

    client_name: str
    partner_name: str
    product_names: tuple[str, ...]
    renews_on: date
    decision_deadline: date
    days_to_renewal: int
    current_mrr: Money | None
    renewal_mrr: Money | None
