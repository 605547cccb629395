"""What became of an attempt to deliver a mail, address by address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who has the mail, who never will, and for whom another try is worth it. One in none was not tried."""

    accepted: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """Addresses that take no mail, each with what the server said."""
    deferred: dict[str, str] = field(default_factory=dict)
    """Addresses that may take it later, each with why not now."""

    @property
    def last_error(self) -> str | None:
        """What stood in the way, in one text for the operator."""
        return "; ".join(f"{who}: {why}" for who, why in (self.refused | self.deferred).items()) or None


def reasons(said: Mapping[str, str]) -> str:
    """Why these addresses have no mail, in one line for the log: each reason once."""
    return "; ".join(dict.fromkeys(nameless(why, who) for who, why in said.items()))


def nameless(said: str, who: str) -> str:
    """What a server said, on one line and without whose mail it was: most servers name them."""
    return re.sub(re.escape(who), "…", " ".join(said.split()), flags=re.IGNORECASE)


def deferred(recipients: Iterable[str], why: str) -> Outcome:
    """Nobody has it yet."""
    return Outcome(deferred=dict.fromkeys(recipients, why))
