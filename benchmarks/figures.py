"""What is measured of a side, and what stands in the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from statistics import median


@dataclass(frozen=True)
class Figures:
    """One round, or the medians of several. Milliseconds a request, MiB."""

    server: float
    """CPU of the server."""
    database: float
    """CPU of PostgreSQL; SQLite's is the server's own."""
    p50: float
    p99: float
    requests: float
    """A second."""
    memory: float

    @property
    def cpu(self) -> float:
        """Of both: work can be moved from one to the other."""
        return self.server + self.database


def medians(rounds: Sequence[Figures]) -> Figures:
    """Each figure's median by itself."""
    return Figures(*(median(getattr(one, name.name) for one in rounds) for name in fields(Figures)))
