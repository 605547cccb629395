"""A statement and its answers, for pages that are drawn without a database."""

from __future__ import annotations

from datetime import UTC, datetime

from graphql_api.models.confirmation_link import LinkStatus
from graphql_api.models.decision import Decision
from graphql_api.models.product import ProductEdition
from graphql_api.models.statement import StatedProduct, Statement
from graphql_api.models.terms import OnboardingDuration

STATEMENT = Statement(
    link_name="Acme rollout 2027",
    partner_name="Northwind Digital",
    client_name="Acme Robotics",
    products=(
        StatedProduct(
            "marketing-professional", "Marketing Hub", ProductEdition.PROFESSIONAL, "guided", "Guided"
        ),
        StatedProduct("service-starter", "Service Hub", ProductEdition.STARTER, None, None),
    ),
    provides_onboarding=True,
    onboarding_duration=OnboardingDuration.TWO_TO_THREE_MONTHS,
)


def decision(
    status: LinkStatus = LinkStatus.CONFIRMED, *, name: str = "Inés Ortega", reason: str | None = None
) -> Decision:
    return Decision(
        status=status,
        decided_at=datetime(2026, 11, 21, 14, 5, tzinfo=UTC),
        decided_by_name=name,
        decided_by_email="ines@acme.example",
        reason=reason,
        evidence="{}",
        evidence_hash="5a" * 32,
    )
