"""The end of a stream that is followed in this process: where it stands, and its newest rows."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

from graphql_api.models.notification import Notification
from graphql_api.models.stream import PartnerEvent
from graphql_api.waiting import Waiters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.waiting import Errand

KEPT = 1_000

Row = TypeVar("Row", bound=PartnerEvent | Notification)


class Tail(Generic[Row]):
    """The newest rows of one followed stream, up to `read_to`."""

    def __init__(self) -> None:
        """Followed from now on; nothing is read before `start` says where it stands."""
        self.read_to: int | None = None
        self.moved_to = 0
        self.rows: deque[Row] = deque(maxlen=KEPT)
        self.followers = 0
        self.waiters = Waiters()
        """Followers who have all that was read."""
        self.reading: Errand[None] | None = None

    def start(self, position: int) -> None:
        """The stream stood here, by the database, after it was first followed."""
        if self.read_to is None:
            self.read_to = position
        self.move(position)

    def move(self, position: int) -> None:
        """The stream has come to this position."""
        self.moved_to = max(position, self.moved_to)

    def hold(self, rows: Sequence[Row]) -> None:
        """The rows that follow `read_to`, in order and without a gap: wake whoever waits for them."""
        if rows[0].position != (self.read_to or 0) + 1:  # pruned unread
            self.rows.clear()
        self.rows.extend(rows)
        self.read_to = rows[-1].position
        self.waiters.wake()

    @property
    def is_behind(self) -> bool:
        """Whether the stream has come further than it has been read."""
        return self.read_to is not None and self.read_to < self.moved_to

    def since(self, position: int) -> Sequence[Row] | None:
        """What follows the position, as far as was read; None where not all of it is held."""
        missing = (self.read_to or 0) - position
        if missing > len(self.rows):
            return None
        return [self.rows[-ago] for ago in range(missing, 0, -1)]
