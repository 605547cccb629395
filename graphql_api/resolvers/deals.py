"""Answers about deals."""

from babel.numbers import get_currency_precision

from graphql_api.models import rows
from graphql_api.models.money import Money, money


def amount(root: rows.Deal) -> Money | None:
    """What it is worth."""
    return money(root.amount, root.currency)


def written_amount(root: Money) -> str:
    """The decimal with at least the places that its currency has: 1250.50 EUR, 1250 JPY."""
    whole, _, decimals = f"{root.amount:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(get_currency_precision(root.currency), "0")
    return f"{whole}.{decimals}" if decimals else whole
