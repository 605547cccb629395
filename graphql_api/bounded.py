"""A memory that keeps what was used last, bounded in entries and in size."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Bounded(Generic[K, V]):
    """Keeps at most so many entries, of at most so much size together; the longest unused goes first."""

    def __init__(self, entries: int, size: int) -> None:
        """`size` is in the unit in which `keep` is told it."""
        self._entries = entries
        self._size = size
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self.size = 0

    def __len__(self) -> int:
        """How many there are."""
        return len(self._kept)

    def find(self, key: K) -> V | None:
        """What is kept under the key."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def keep(self, key: K, value: V, size: int) -> None:
        """Keep it, unless it alone is larger than an eighth of all that may be kept."""
        if size > self._size // 8:
            return
        _, before = self._kept.pop(key, (None, 0))
        self._kept[key] = value, size
        self.size += size - before
        while len(self._kept) > self._entries or self.size > self._size:
            _, (_, gone) = self._kept.popitem(last=False)
            self.size -= gone

    def forget(self, key: K) -> None:
        """Do not keep it any longer."""
        _, gone = self._kept.pop(key, (None, 0))
        self.size -= gone

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self.size = 0
