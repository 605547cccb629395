"""The contract's own scalars."""

from datetime import UTC, date, datetime
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

Cursor = NewType("Cursor", str)
"""A position in one partner's event stream."""

URL = NewType("URL", str)
"""An absolute address."""


def _moment(value: Any) -> datetime:
    if isinstance(value, str) and "T" in value.upper():
        try:
            moment = datetime.fromisoformat(value.upper())
        except ValueError:
            moment = None
        if moment and moment.tzinfo is not None and moment.year > 1:
            return moment.astimezone(UTC)
    msg = "a DateTime is RFC 3339 text with an offset, as in 2026-11-21T09:30:00Z"
    raise GraphQLError(msg)


def _day(value: Any) -> date:
    try:
        if isinstance(value, str) and len(value) == len("2026-11-21"):
            return date.fromisoformat(value)
    except ValueError:
        pass
    msg = "a Date is ISO 8601 text, as in 2026-11-21"
    raise GraphQLError(msg)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    msg = "text is expected"
    raise GraphQLError(msg)


def _iso(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()[: -len("+00:00")] + "Z"


def _scalar(name: str, description: str, serialize: Any, parse: Any) -> ScalarDefinition:
    return strawberry.scalar(name=name, description=description, serialize=serialize, parse_value=parse)


CONFIG = StrawberryConfig(
    scalar_map={
        datetime: _scalar(
            "DateTime", "A moment: RFC 3339 with an offset; always UTC on output.", _iso, _moment
        ),
        date: _scalar("Date", "A day: ISO 8601, as in 2026-11-21.", date.isoformat, _day),
        URL: _scalar("URL", "An absolute address.", str, _text),
        Cursor: _scalar(
            "Cursor",
            "A position in one partner's event stream. Opaque, but of two of one stream the later sorts after the "
            "earlier, as strings.",
            str,
            _text,
        ),
    }
)
