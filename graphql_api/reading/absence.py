"""The database while it is away: told once as it goes and once as it is back, and asked for less often in between."""

from __future__ import annotations

import time
from typing import Final

import structlog

from graphql_api.reading.faults import in_a_line, is_lost_race, is_unavailable, state_of

SHORTEST: Final = 1.0
LONGEST: Final = 10.0
"""Seconds between two tries."""

NOT_OURS: Final = ("28", "3D", "42501", "42P01")
"""PostgreSQL: no such user, or password; no such database; no rights; no such table. An operator can mend each."""

log = structlog.get_logger(__name__)


class Absence:
    """What one part of the service knows of it."""

    def __init__(self, of: str) -> None:
        """`of` names the part in the log."""
        self._of = of
        self._since: float | None = None
        self._missed: set[str] = set()

    def note(self, error: Exception, doing: str) -> float | None:
        """It failed while `doing` that; says how many seconds to wait before the next try.

        None for what is no absence but a fault of ours: that is told with all that is known, each time.
        """
        if not is_absent(error):
            self.over(doing)
            log.error("failed", doing=doing, exc_info=error)
            return None
        now = time.monotonic()
        self._missed.add(doing)
        if self._since is None:
            self._since = now
            log.warning("database away", part=self._of, doing=doing, error=in_a_line(error))
        return min(LONGEST, SHORTEST + now - self._since)

    def over(self, doing: str) -> None:
        """It answered; it is back when all that failed has been done: one that only reads may succeed all along."""
        self._missed.discard(doing)
        if self._since is not None and not self._missed:
            log.warning("database back", part=self._of, seconds=round(time.monotonic() - self._since, 1))
            self._since = None


def tell(says: str, error: Exception, **about: str) -> None:
    """Log what failed and is not tried again here: a line while the database is away, else all that is known."""
    if is_absent(error):
        log.warning(says, error=in_a_line(error), **about)
    else:
        log.error(says, exc_info=error, **about)


def is_absent(error: Exception) -> bool:
    """Whether the database is away, or is not what this service could work on."""
    if is_lost_race(error):
        return False
    return is_unavailable(error) or (state_of(error) or "").startswith(NOT_OURS)
