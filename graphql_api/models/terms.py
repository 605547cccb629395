"""The terms of a confirmation link: what the partner attests (B2), and the rules that they keep."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from graphql_api.models.refusal import (
    DuplicateProduct,
    DurationNotAllowed,
    DurationRequired,
    LimitExceeded,
    NoProducts,
    NotFound,
    OnboardingRequired,
    OnboardingTypeInvalid,
    Refusal,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphql_api.models.product import Product

PRODUCT_LIMIT = 500


class OnboardingDuration(StrEnum):
    """How long the onboarding is estimated to take (B10)."""

    UNDER_ONE_MONTH = "UNDER_ONE_MONTH"
    ONE_TO_TWO_MONTHS = "ONE_TO_TWO_MONTHS"
    TWO_TO_THREE_MONTHS = "TWO_TO_THREE_MONTHS"
    THREE_TO_SIX_MONTHS = "THREE_TO_SIX_MONTHS"
    OVER_SIX_MONTHS = "OVER_SIX_MONTHS"


class ChosenProduct(NamedTuple):
    """A product of a link, None where the caller named one that does not exist, with the type of its onboarding."""

    product: Product | None
    onboarding_type_code: str | None


class Terms(NamedTuple):
    """Everything that a client is asked to confirm, but the link's name."""

    products: Sequence[ChosenProduct]
    provides_onboarding: bool
    onboarding_duration: OnboardingDuration | None

    def refusals(self) -> Iterator[Refusal]:
        """What the rules have against these terms, each with its field."""
        yield from refusals_of_products(self.products)
        yield from self.refusals_of_onboarding()

    def refusals_of_onboarding(self) -> Iterator[Refusal]:
        """What they have against how the onboarding is stated (C14)."""
        if self.provides_onboarding and self.onboarding_duration is None:
            yield DurationRequired("onboardingDuration")
        if not self.provides_onboarding and self.onboarding_duration is not None:
            yield DurationNotAllowed("onboardingDuration")


def refusals_of_products(chosen: Sequence[ChosenProduct]) -> Iterator[Refusal]:
    """What the rules have against this choice of products (B7, B8)."""
    if not chosen:
        yield NoProducts("products")
    if len(chosen) > PRODUCT_LIMIT:
        yield LimitExceeded("products")
        return
    seen = set()
    for index, (product, code) in enumerate(chosen):
        path = ("products", str(index))
        if product is None:
            yield NotFound(*path, "productId")
            continue
        if product.id in seen:
            yield DuplicateProduct(*path, "productId")
        seen.add(product.id)
        yield from _refusals_of_type(product, code, path)


def _refusals_of_type(product: Product, code: str | None, path: tuple[str, str]) -> Iterator[Refusal]:
    if code is None:
        if product.requires_onboarding:
            yield OnboardingRequired(*path, "onboardingTypeCode")
    elif code not in {offered.code for offered in product.onboarding_types}:
        yield OnboardingTypeInvalid(*path, "onboardingTypeCode")
