"""Waking the subscribers of a partner, in this process."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID


class Wakes:
    """A queue for each subscriber."""

    def __init__(self) -> None:
        """Nobody listens yet."""
        self._queues: defaultdict[UUID, set[asyncio.Queue[Any]]] = defaultdict(set)

    def tell(self, partner_id: UUID, news: Any) -> None:
        """Tell everybody who listens to the partner."""
        for queue in self._queues[partner_id]:
            queue.put_nowait(news)

    async def listen(self, partner_id: UUID) -> AsyncIterator[Any]:
        """What is told from now on."""
        queue: asyncio.Queue[Any] = asyncio.Queue()
        self._queues[partner_id].add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._queues[partner_id].discard(queue)
