"""A clock that tests can move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Runs with the real time, set forward by what a test adds."""

    def __init__(self) -> None:
        """It shows the real time."""
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        """What time it is."""
        return datetime.now(UTC) + self.ahead

    def advance(self, **amount: float) -> None:
        """Set it forward, by days=1 or hours=2."""
        self.ahead += timedelta(**amount)
