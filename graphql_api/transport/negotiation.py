"""Which media type a client takes an answer in, by its Accept header."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

GRAPHQL: Final = "application/graphql-response+json"
JSON: Final = "application/json"
EVENTS: Final = "text/event-stream"
KEPT: Final = 100  # headers: clients are of few kinds
READ: Final = 1_000
"""Characters of a header that are read, and kept. No client needs as many; anybody may send more."""
# A client that takes anything gets plain JSON, as those do that were written before the other type was.
_OFFERS: Final = {
    GRAPHQL: GRAPHQL,
    JSON: JSON,
    "application/*": JSON,
    "*/*": JSON,
    EVENTS: EVENTS,
    "text/*": EVENTS,
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the client likes best, and whether it would take a stream of events at all."""

    best: str
    events: bool

    @property
    def media_type(self) -> str:
        """The type of an answer that is not a stream."""
        return JSON if self.best == EVENTS else self.best


def negotiate(accept: str | None) -> Accepted | None:
    """The client's choice among ours, by quality, then by its own order; None where nothing fits."""
    return _negotiated((accept or "*/*")[:READ])


@lru_cache(maxsize=KEPT)
def _negotiated(accept: str) -> Accepted | None:
    wanted = sorted(_ranges(accept), key=lambda pair: -pair[1])
    offers = [_OFFERS[media] for media, quality in wanted if quality > 0 and media in _OFFERS]
    return Accepted(offers[0], EVENTS in offers) if offers else None


def _ranges(accept: str) -> list[tuple[str, float]]:
    parts = [part.strip().lower().split(";") for part in accept.split(",") if part.strip()]
    return [(media.strip(), _quality(parameters)) for media, *parameters in parts]


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            return _number(value.strip())
    return 1.0


def _number(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


def is_json(content_type: str | None) -> bool:
    """Whether a body is declared as JSON in UTF-8. No form or simple request of another site can be."""
    return _is_json((content_type or "")[:READ])


@lru_cache(maxsize=KEPT)
def _is_json(content_type: str) -> bool:
    media, *parameters = content_type.lower().split(";")
    pairs = dict(parameter.strip().partition("=")[::2] for parameter in parameters)
    return media.strip() == JSON and pairs.get("charset", "utf-8").strip('"') in {"utf-8", "utf8"}
