"""Shared deliveries: an event is completed once for all who asked the same and see the same.

Who they are in person makes no difference: nothing about the asker can be reached from an event that has a place.
"""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from graphql import ExecutionResult

from graphql_api.execution.answers import without_errors
from graphql_api.execution.outcomes import Encoded
from graphql_api.reading.bounded import Bounded

if TYPE_CHECKING:
    from graphql_api.execution.compiled import CompiledExecutor
    from graphql_api.execution.requests import Asker

KEPT: Final = 1_000
KEPT_BYTES: Final = 16 * 2**20

Delivered = asyncio.Task[ExecutionResult | Encoded]


class Deliveries:
    """What is being delivered, and was lately."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._kept: Bounded[Hashable, Delivered] = Bounded(KEPT, KEPT_BYTES)

    async def complete(
        self, executor: CompiledExecutor, event: Any, asked: Hashable
    ) -> ExecutionResult | Encoded:
        """The event as the executor's operation selects it; `asked` tells one operation with its variables from others.

        Shared with all to whom the same event of the same revision looks the same.
        """
        context: Asker = executor.context_value
        place, seen_by = getattr(event, "place", None), context.seen_by
        if place is None or seen_by is None:
            return await _completed(executor, event)
        key = asked, place, seen_by
        task = self._kept.find(key)
        if task is None:
            task = asyncio.create_task(_completed(executor, event))
            task.add_done_callback(partial(self._weigh, key))
            self._kept.keep(key, task, 1)
        return task.result() if task.done() else await asyncio.shield(task)

    def _weigh(self, key: Hashable, task: Delivered) -> None:
        """Now it is known how much it holds. After one that failed, the next to ask may have better luck."""
        failed = task.cancelled() or task.exception()
        if self._kept.find(key) is task:
            self._kept.forget(key)
            if not failed and isinstance(told := task.result(), Encoded):
                self._kept.keep(key, task, len(told.body))


async def _completed(executor: CompiledExecutor, event: Any) -> ExecutionResult | Encoded:
    """The event's answer: as it goes out, or with its errors, which each subscriber is told by itself."""
    result: Any = executor.build_per_event_executor(event).execute_operation(serially=False)
    result = result if isinstance(result, ExecutionResult) else await result
    return without_errors(result)
