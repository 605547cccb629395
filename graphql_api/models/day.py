"""Days as the vendor's systems name them, checked."""

from __future__ import annotations

from datetime import date

from graphql_api.models.refusal import Invalid

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2099, 12, 31)
"""Between them lies every day that can be meant; beyond are the ways in which systems write that they know none."""


def day_of(value: object, *field: str) -> date:
    """A day on which something renews or closes.

    Raises:
        Invalid: anything else, or a day such as 0001-01-01 that nobody can mean.

    """
    if not isinstance(value, date):
        raise Invalid(*field, message="is not a date, as in 2026-07-31")
    if not FIRST_DAY <= value <= LAST_DAY:
        raise Invalid(*field, message=f"is not between {FIRST_DAY} and {LAST_DAY}")
    return value
