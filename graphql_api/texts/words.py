"""Enums, products and times in the reader's words, the same in every mail and on the client's page."""

from __future__ import annotations

from datetime import UTC, datetime

from babel.dates import format_date, format_time

from graphql_api.models.actor import Locale
from graphql_api.models.product import ProductEdition
from graphql_api.models.statement import StatedProduct
from graphql_api.models.terms import OnboardingDuration
from graphql_api.texts.environment import gettext, translatable

DURATIONS = {
    OnboardingDuration.UNDER_ONE_MONTH: translatable("less than one month"),
    OnboardingDuration.ONE_TO_TWO_MONTHS: translatable("one to two months"),
    OnboardingDuration.TWO_TO_THREE_MONTHS: translatable("two to three months"),
    OnboardingDuration.THREE_TO_SIX_MONTHS: translatable("three to six months"),
    OnboardingDuration.OVER_SIX_MONTHS: translatable("more than six months"),
}
EDITIONS = {
    ProductEdition.STARTER: translatable("Starter"),
    ProductEdition.PROFESSIONAL: translatable("Professional"),
    ProductEdition.ENTERPRISE: translatable("Enterprise"),
}


def duration_in_words(duration: OnboardingDuration, locale: Locale) -> str:
    """How long an onboarding takes, to stand inside a sentence: "two to three months"."""
    return gettext(locale)(DURATIONS[duration])


def edition_in_words(edition: ProductEdition, locale: Locale) -> str:
    """The edition of a product: "Professional"."""
    return gettext(locale)(EDITIONS[edition])


def product_in_words(product: StatedProduct, locale: Locale) -> str:
    """The product with its edition, once though its name may hold it too: "Sales Hub Professional"."""
    edition = edition_in_words(product.edition, locale)
    said = {edition.casefold(), product.edition.value.casefold()} & set(product.name.casefold().split())
    return product.name if said else f"{product.name} {edition}"


def date_in_words(moment: datetime, locale: Locale) -> str:
    """The moment to the minute: "November 21, 2026, 14:05 UTC"."""
    utc, language = moment.astimezone(UTC), locale.value.lower()
    return f"{format_date(utc, 'long', locale=language)}, {format_time(utc, 'HH:mm', locale=language)} UTC"
