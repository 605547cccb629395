"""Many who wait for the same: each may be cut short, which neither the others nor what they wait for notices.

asyncio's own ways (`shield`, `Event`) hold as much, and cost several times what a waiter's step itself does: an event
has thousands of subscribers.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")


class Waiters:
    """Those who wait for a moment."""

    def __init__(self) -> None:
        """Nobody yet."""
        self._futures: set[asyncio.Future[None]] = set()

    def __len__(self) -> int:
        """How many there are."""
        return len(self._futures)

    async def wait(self) -> None:
        """Be one of them; one who is cut short leaves nothing behind, however long the moment takes to come."""
        future = asyncio.get_running_loop().create_future()
        self._futures.add(future)
        try:
            await future
        finally:
            self._futures.discard(future)

    def wake(self) -> None:
        """The moment has come, for all who wait by now."""
        woken, self._futures = self._futures, set()
        for future in woken:
            if not future.done():  # cut short
                future.set_result(None)


class Errand(Generic[T]):
    """One piece of work, done in a task of its own, whose result is for all who ask."""

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        """It begins in the loop's next turn."""
        self._waiters = Waiters()
        self._task = asyncio.create_task(work)
        self._task.add_done_callback(self._tell)

    async def result(self) -> T:
        """What comes of it, or what it raised."""
        if not self._task.done():
            await self._waiters.wait()
        return self._task.result()

    def _tell(self, task: asyncio.Task[T]) -> None:
        self._waiters.wake()
        if not task.cancelled():
            task.exception()  # heard; where all have left, it is nobody's business
