"""What the client is shown: one value behind the page, the preview, the mails and the evidence (D7)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from graphql_api.models.product import ProductEdition
from graphql_api.models.terms import OnboardingDuration

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql_api.models.product import Product


@dataclass(frozen=True, slots=True)
class StatedProduct:
    """One product, in words that stay true when the catalogue changes."""

    code: str
    name: str
    edition: ProductEdition
    onboarding_type_code: str | None
    onboarding_type_name: str | None

    def as_data(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "code": self.code,
            "name": self.name,
            "edition": self.edition,
            "onboardingTypeCode": self.onboarding_type_code,
            "onboardingTypeName": self.onboarding_type_name,
        }


@dataclass(frozen=True, slots=True)
class Statement:
    """What the partner attests, as the client reads it."""

    link_name: str
    partner_name: str
    client_name: str | None
    products: tuple[StatedProduct, ...]
    provides_onboarding: bool
    onboarding_duration: OnboardingDuration | None

    def as_data(self) -> dict[str, Any]:
        """The same as plain data, named as in the API, for JSON."""
        return {
            "linkName": self.link_name,
            "partnerName": self.partner_name,
            "clientName": self.client_name,
            "products": [product.as_data() for product in self.products],
            "providesOnboarding": self.provides_onboarding,
            "onboardingDuration": self.onboarding_duration,
        }

    @property
    def hash(self) -> str:
        """Tells it from every other: what was seen can be compared with what would be decided on now (C18, D7)."""
        return hashlib.sha256(orjson.dumps(self.as_data(), option=orjson.OPT_SORT_KEYS)).hexdigest()

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> Statement:
        """The statement that `as_data` wrote."""
        duration = data["onboardingDuration"]
        return cls(
            link_name=data["linkName"],
            partner_name=data["partnerName"],
            client_name=data["clientName"],
            products=tuple(map(_product_of, data["products"])),
            provides_onboarding=data["providesOnboarding"],
            onboarding_duration=None if duration is None else OnboardingDuration(duration),
        )


def stated(chosen: Iterable[tuple[Product, str | None]]) -> tuple[StatedProduct, ...]:
    """The products of a link, each with the code of its onboarding type, in words."""
    return tuple(_stated(product, code) for product, code in chosen)


def _stated(product: Product, code: str | None) -> StatedProduct:
    onboarding = product.onboarding_type(code)
    name = onboarding.name if onboarding else None
    return StatedProduct(product.code, product.name, product.edition, code, name)


def _product_of(data: dict[str, Any]) -> StatedProduct:
    return StatedProduct(
        code=data["code"],
        name=data["name"],
        edition=ProductEdition(data["edition"]),
        onboarding_type_code=data["onboardingTypeCode"],
        onboarding_type_name=data["onboardingTypeName"],
    )
