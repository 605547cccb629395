"""The end of a stream that is followed in this process: where it stands, and its newest rows."""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import takewhile
from typing import TYPE_CHECKING, Generic, TypeVar

from graphql_api.models.notification import Notification
from graphql_api.models.stream import PartnerEvent

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        self.moved = asyncio.Event()
        self.reading: asyncio.Task[None] | None = None

    def start(self, position: int) -> None:
        """The stream stood here, by the database, after it was first followed."""
        if self.read_to is None:
            self.read_to = position
        self.move(position)

    def move(self, position: int) -> None:
        """The stream has come to this position."""
        self.moved_to = max(position, self.moved_to)

    def hold(self, rows: Sequence[Row]) -> None:
        """The rows that follow `read_to`, in order: wake whoever waits for them."""
        if rows[0].position != (self.read_to or 0) + 1:  # pruned unread
            self.rows.clear()
        self.rows.extend(rows)
        self.read_to = rows[-1].position
        self.wake()

    def wake(self) -> None:
        """Let followers look again."""
        self.moved.set()
        self.moved = asyncio.Event()

    @property
    def is_behind(self) -> bool:
        """Whether the stream has come further than it has been read."""
        return self.read_to is not None and self.read_to < self.moved_to

    def covers(self, position: int) -> bool:
        """Whether all that follows the position, as far as was read, is held here."""
        nothing_follows = self.read_to is not None and position >= self.read_to
        return nothing_follows or bool(self.rows and self.rows[0].position <= position + 1)

    def since(self, position: int) -> list[Row]:
        """What is held and follows the position."""
        return list(takewhile(lambda row: row.position > position, reversed(self.rows)))[::-1]
