"""A clock that tests can move."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta


class Clock:
    """Runs with the real time, set forward by what a test adds."""

    def __init__(self) -> None:
        """It shows the real time."""
        self.ahead = timedelta()

    @classmethod
    def at_noon(cls) -> Clock:
        """Tomorrow's: so no test crosses midnight without meaning to."""
        made, now = cls(), datetime.now(UTC)
        made.ahead = datetime.combine(now + timedelta(days=1), time(12), UTC) - now
        return made

    def __call__(self) -> datetime:
        """What time it is."""
        return datetime.now(UTC) + self.ahead

    def advance(self, **amount: float) -> None:
        """Set it forward, by days=1 or hours=2."""
        self.ahead += timedelta(**amount)
