"""Enums, products and times in the reader's words, the same in every mail and on the client's page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from babel.dates import format_date, format_time, format_timedelta
from babel.lists import format_list
from babel.numbers import format_currency

from graphql_api.models.actor import Locale
from graphql_api.models.money import Money
from graphql_api.models.product import ProductEdition
from graphql_api.models.renewal_routing import RecipientRole
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
CLIENT_ROLES = {
    RecipientRole.PRIMARY: translatable("primary contact"),
    RecipientRole.BILLING: translatable("billing contact"),
    RecipientRole.DECISION_MAKER: translatable("decision maker"),
}
TODAY = translatable("today")
NO_CHANGE = translatable("no change")
NEVER_MONTHS = 10**6
"""So many of a unit before Babel would choose it: a number of days stays one, however large."""


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


def day_in_words(day: date, locale: Locale) -> str:
    """The day: "November 21, 2026"."""
    return format_date(day, "long", locale=locale.value.lower())


def days_ahead_in_words(days: int, locale: Locale) -> str:
    """How far ahead a day is, to stand inside a sentence: "today", "in 60 days"."""
    if days == 0:
        return gettext(locale)(TODAY)
    return format_timedelta(
        timedelta(days=days), "day", NEVER_MONTHS, add_direction=True, locale=locale.value.lower()
    )


def money_in_words(money: Money, locale: Locale) -> str:
    """The amount to its last decimal place, with its currency: "€1,250.50"."""
    language = locale.value.lower()
    return format_currency(money.amount, money.currency, locale=language, decimal_quantization=False)


def change_in_words(change: Money, locale: Locale) -> str:
    """How much more or less: "+€150.00", "no change"."""
    if change.amount == 0:
        return gettext(locale)(NO_CHANGE)
    return f"{'+' if change.amount > 0 else ''}{money_in_words(change, locale)}"


def roles_in_words(roles: Sequence[RecipientRole], locale: Locale, *, is_all: bool) -> str:
    """Roles at a client, joined by "and" for who holds all, by "or" for who holds some."""
    words = [gettext(locale)(CLIENT_ROLES[role]) for role in roles if role in CLIENT_ROLES]
    return format_list(words, "standard" if is_all else "or", locale=locale.value.lower())
