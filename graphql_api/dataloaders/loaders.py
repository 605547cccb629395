"""The loaders of a request: each relation is asked once for a whole level, and what it answered is kept."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any

from aiodataloader import DataLoader

from graphql_api.dataloaders.relations import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from graphql_api.access.sight import Sight
    from graphql_api.database import View
    from graphql_api.dataloaders.batches import Batch

AT_ONCE = 5_000
"""How many keys are asked for in one statement."""
ALL = ""
"""The key of what has no keys."""


class Shared(DataLoader[Any, Any]):
    """A loader of which one who waits may be cut short without the others who wait for the same.

    graphql-core cancels the siblings of a field that failed, and what they share is kept.
    """

    def load(self, key: Any) -> Any:
        """What the key leads to."""
        return asyncio.shield(super().load(key))


class Loaders:
    """The loaders of one request, or of one delivery of a subscription: each remembers what it has loaded."""

    def __init__(self, database: View, sight: Sight) -> None:
        """What is read is what `sight` allows."""
        self.database = database
        self.sight = sight
        self._made: dict[Any, DataLoader[Any, Any]] = {}
        self._found: defaultdict[Any, dict[Any, Any]] = defaultdict(lambda: {None: None})
        self._turns: defaultdict[Any, asyncio.Lock] = defaultdict(asyncio.Lock)

    def relation(self, name: str) -> DataLoader[Any, Any]:
        """The loader of a relation."""
        return self.loader(name, RELATIONS[name])

    def loader(self, name: Any, batch: Batch) -> DataLoader[Any, Any]:
        """The loader of that name, made from the batch the first time."""
        if name not in self._made:
            self._made[name] = Shared(partial(self.every, name, batch), max_batch_size=AT_ONCE)
        return self._made[name]

    def at_hand(self, name: str, keys: Sequence[Any]) -> list[Any] | None:
        """What the relation answers for each key, if all of it is known."""
        found = self._found[name]
        return [found[key] for key in keys] if found.keys() >= set(keys) else None

    async def level(self, name: str, keys: Sequence[Any]) -> list[Any]:
        """What the relation answers for each key, or None for a key that is None; all that is missing in one call."""
        return self.at_hand(name, keys) or await self.every(name, RELATIONS[name], keys)

    async def every(self, name: Any, batch: Batch, keys: Sequence[Any]) -> list[Any]:
        """What the batch of that name answers for each key, asked for those that are not known yet."""
        found = self._found[name]
        async with self._turns[name]:  # siblings that ask for the same ask once
            missing = [key for key in dict.fromkeys(keys) if key not in found]
            for first in range(0, len(missing), AT_ONCE):
                some = missing[first : first + AT_ONCE]
                found.update(zip(some, await batch(self.database, self.sight, some), strict=True))
        return [found[key] for key in keys]

    async def once(self, name: Any, ask: Callable[[], Awaitable[Any]]) -> Any:
        """What is asked, under a name of its own: once for all who ask."""
        found = self._found[name]
        async with self._turns[name]:
            if ALL not in found:
                found[ALL] = await ask()
        return found[ALL]

    def known(self, name: Any) -> dict[Any, Any]:
        """What the relation answers, as far as that is at hand; whoever has more of it adds it."""
        return self._found[name]

    def forget(self) -> None:
        """Something was written: what was loaded may be stale."""
        self._made.clear()
        self._found.clear()
