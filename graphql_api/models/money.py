"""Money: an exact decimal and a currency, never a float."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from babel.numbers import list_currencies

from graphql_api.models.refusal import Invalid, Refusal, refuse

DECIMAL = re.compile(r"-?0*[0-9]{1,12}(\.[0-9]{1,4})?")
"""Below 10^12, with as many decimal places as the columns keep (MONEY_SCALE)."""

CURRENCIES = frozenset(list_currencies())
"""The codes of ISO 4217, as Babel knows them."""


class Money(NamedTuple):
    """So much of a currency."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        """As the audit log writes it: 1250.5 EUR."""
        return f"{plain(self.amount)} {self.currency}"


def plain(amount: Decimal) -> str:
    """The amount as text without an exponent or needless zeros: equal amounts read alike."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(amount: Decimal | None, currency: str | None) -> Money | None:
    """The two columns of a row as one value."""
    return None if amount is None or currency is None else Money(amount, currency)


def money_of(value: Mapping[str, Any], *field: str) -> Money:
    """The money that a caller names by `amount`, a decimal as text, and `currency`, an ISO 4217 code.

    Raises:
        Refused: the amount is no decimal below 10^12 of at most 4 places, or there is no such currency.

    """
    amount, currency = value.get("amount"), value.get("currency")
    refusals: list[Refusal] = []
    if not isinstance(amount, str) or not DECIMAL.fullmatch(amount.strip()):
        says = "is not a decimal below 10^12 with at most 4 places"
        refusals.append(
            Invalid(*field, "amount", message=says if amount else "is missing where a currency is given")
        )
    if not isinstance(currency, str) or currency.strip().upper() not in CURRENCIES:
        says = "is not a currency of ISO 4217" if currency else "is missing, with an amount"
        refusals.append(Invalid(*field, "currency", message=says))
    refuse(refusals)
    return Money(Decimal(str(amount).strip()), str(currency).strip().upper())
