"""What the toy's resolvers receive: loaders like the project's, over a table in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiodataloader import DataLoader


@dataclass
class Loaders:
    """As the project's: each relation by single keys, and by levels."""

    table: dict[str, dict[int, Any]]
    made: dict[str, DataLoader[int, Any]] = field(default_factory=dict)
    found: dict[str, dict[int | None, Any]] = field(default_factory=dict)

    def relation(self, name: str) -> DataLoader[int, Any]:
        async def batch(keys: list[int]) -> list[Any]:
            return await self.level(name, keys)

        return self.made.setdefault(name, DataLoader(batch))

    def at_hand(self, name: str, keys: Sequence[int | None]) -> list[Any] | None:
        found = self.found.setdefault(name, {None: None})
        return [found[key] for key in keys] if found.keys() >= set(keys) else None

    async def level(self, name: str, keys: Sequence[int | None]) -> list[Any]:
        await asyncio.sleep(0)
        found = self.found.setdefault(name, {None: None})
        found.update({key: self.table[name][key] for key in keys if key is not None})
        return [found[key] for key in keys]


@dataclass
class Context:
    branches: list[Any]
    loaders: Loaders

    @property
    def is_signed_in(self) -> bool:
        return True

    def done(self) -> None:
        pass

    @property
    def asker(self) -> None:
        return None

    @property
    def seen_by(self) -> Hashable | None:
        return None
