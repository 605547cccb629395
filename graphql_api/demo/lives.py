"""The lives of the demo's links, as its own CSV files tell them: each day is so many days before today."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graphql_api.models.terms import OnboardingDuration

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Life:
    """A link from its making to its client's answer. What has not happened yet is None."""

    author: str
    name: str
    products: tuple[tuple[str, str | None], ...]
    """Codes, each with that of its onboarding type."""
    duration: OnboardingDuration | None
    created: int
    deal: str
    """The external id of the deal; empty for a link on none."""
    attached: int | None
    """None for a link on no deal, or on a direct one: that is for the CAM, in answer to a request."""
    sent: int | None
    viewed: int | None
    answered: int | None
    rejected_because: str
    """Empty for a link that was not rejected."""


@dataclass(frozen=True, slots=True)
class Plea:
    """A request to attach a link to a direct deal: open, declined for a reason, or fulfilled on that deal."""

    author: str
    link: str
    deal_name: str
    message: str
    asked: int
    closed: int | None
    deal: str
    declined_because: str


def lives() -> list[Life]:
    """Every link of the demo."""
    return [
        Life(
            author=row["author_email"],
            name=row["name"],
            products=tuple(map(_product, row["products"].split("|"))),
            duration=OnboardingDuration(row["duration"]) if row["duration"] else None,
            created=int(row["created"]),
            deal=row["deal"],
            attached=_day(row["attached"]),
            sent=_day(row["sent"]),
            viewed=_day(row["viewed"]),
            answered=_day(row["answered"]),
            rejected_because=row["rejected_because"],
        )
        for row in _rows("links.csv")
    ]


def pleas() -> list[Plea]:
    """Every request of the demo."""
    return [
        Plea(
            author=row["author_email"],
            link=row["link"],
            deal_name=row["deal_name"],
            message=row["message"],
            asked=int(row["asked"]),
            closed=_day(row["closed"]),
            deal=row["deal"],
            declined_because=row["declined_because"],
        )
        for row in _rows("requests.csv")
    ]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _product(text: str) -> tuple[str, str | None]:
    code, _, onboarding_type = text.partition(":")
    return code, onboarding_type or None


def _day(text: str) -> int | None:
    return int(text) if text else None
