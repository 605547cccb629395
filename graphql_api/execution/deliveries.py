"""Shared deliveries: an event is completed once for all who asked the same and see the same.

Who they are in person makes no difference: nothing about the asker can be reached from an event that has a place.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final

from graphql import ExecutionResult

from graphql_api.bounded import Bounded
from graphql_api.execution.answers import without_errors
from graphql_api.execution.outcomes import Encoded
from graphql_api.execution.size import bounded
from graphql_api.waiting import Errand

if TYPE_CHECKING:
    from graphql_api.execution.compiled import CompiledExecutor
    from graphql_api.execution.requests import Asker

KEPT: Final = 1_000
KEPT_BYTES: Final = 16 * 2**20

Delivered = ExecutionResult | Encoded


class Deliveries:
    """What is being delivered, and was lately."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._kept: Bounded[Hashable, Errand[Delivered]] = Bounded(KEPT, KEPT_BYTES)

    async def complete(self, executor: CompiledExecutor, event: Any) -> Delivered:
        """The event as the executor's operation selects it.

        Shared with all to whom the same event of the same revision looks the same.
        """
        context: Asker = executor.context_value
        place, seen_by = getattr(event, "place", None), context.seen_by
        if place is None or seen_by is None:
            return await _completed(executor, event)
        key = executor.asked, place, seen_by
        errand = self._kept.find(key)
        if errand is None:
            errand = Errand(self._weighed(key, executor, event))
            self._kept.keep(key, errand, 1)
        return await errand.result()

    async def _weighed(self, key: Hashable, executor: CompiledExecutor, event: Any) -> Delivered:
        """Kept for its weight, once that is known. After one that failed, the next to ask may have better luck."""
        errand = self._kept.find(key)
        told = None
        try:
            told = await _completed(executor, event)
        finally:
            if errand and self._kept.find(key) is errand:
                self._kept.forget(key)
                if isinstance(told, Encoded):
                    self._kept.keep(key, errand, len(told.body))
        return told


async def _completed(executor: CompiledExecutor, event: Any) -> Delivered:
    """The event's answer: as it goes out, or with its errors, which each subscriber is told by itself."""
    result: Any = executor.build_per_event_executor(event).execute_operation(serially=False)
    result = result if isinstance(result, ExecutionResult) else await result
    return without_errors(bounded(result) if executor.may_swell else result)
