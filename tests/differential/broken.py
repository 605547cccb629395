"""Data for the toy, in which anything may be wrong: the same for the same seed."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Generator
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any, Final

from graphql import Undefined

from tests.differential.loading import Context, Loaders
from tests.differential.toy import BranchRow, Color, Leaf, LeafRow, OtherRow, Shade, Thing

YES: Final = True
NOON: Final = datetime(2026, 1, 2, 12, tzinfo=UTC)


class Later:
    """An awaitable that may be left alone, or awaited more than once."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __str__(self) -> str:
        return "later"

    def __await__(self) -> Generator[None, None, Any]:
        yield
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


class Text(str):
    """A text of a class of its own."""

    __slots__ = ()


class Told:
    """Something that says itself as a text, and as a number."""

    def __str__(self) -> str:
        return "told"

    def __index__(self) -> int:
        return 5


class Broken:
    """Makes the data of one operation; each thing is wrong with the probability `share`."""

    def __init__(self, seed: int, share: float) -> None:
        self.random = Random(seed)  # noqa: S311 - not for secrets
        self.share = share

    def context(self) -> Context:
        table = {"leaf": {n: self._leaf_or_none(n) for n in range(9)}, "leaves": {}}
        table["leaves"] = {n: self._wrong([self._leaf() for _ in range(n % 3)], None) for n in range(9)}
        return Context(self._some(lambda: self._branch(2), 3), Loaders(table))

    def _leaf_or_none(self, number: int) -> Any:
        return self._wrong(self._leaf() if number % 3 else None, 5)

    def _wrong(self, value: Any, *others: Any) -> Any:
        """The value, or whatever may stand there instead."""
        if self.random.random() >= self.share:
            return value
        later = [Later(value), Later(None), Later(ValueError("late"))]
        return self.random.choice([None, Undefined, ValueError("held"), *later, *others])

    def _incomplete(self, held: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in held.items() if self.random.random() > self.share / 4}

    def _some(self, make: Callable[[], Any], count: int) -> Any:
        """A list, or what passes for one, or does not."""
        items = [self._wrong(make()) for _ in range(count)]
        if len(items) > 1 and self.random.random() < 0.3:
            items.append(items[0])  # one thing at two places
        kinds: list[Callable[[list[Any]], Any]] = [
            tuple,
            iter,
            deque,
            self._by_key,
            _afterwards,
            lambda _: "text",
        ]
        return self.random.choice(kinds)(items) if self.random.random() < self.share else items

    @staticmethod
    def _by_key(items: list[Any]) -> dict[str, Any]:
        return {str(place): item for place, item in enumerate(items)}

    def _titled(self) -> Any:
        return self._wrong(
            "title", Text("own"), Shade.RED, 5, [1], Told(), math.nan, b"bytes", RuntimeError("no")
        )

    def _leaf(self) -> Any:
        wrong = self._wrong
        held = {
            "identity": wrong("i", 7, 7.0, 7.5, Told(), object, YES),
            "count": wrong(7, "7", "seven", 2**31, -(2**31), 3.0, 3.5, YES, Decimal(4), Told()),
            "sure": wrong(1, "x", 2**40, math.inf),
            "share": wrong(1.5, 1, "1.25", math.nan, math.inf, Decimal("0.5"), YES),
            "is_green": wrong(YES, 0, 1, "no", math.nan, 0.0, Decimal(1)),
            "color": wrong(Color.RED, "red", "RED", Shade.RED, Shade.DARK, 3),
            "maybe_color": wrong(Color.BLUE, None, Shade.DARK, "blue"),
            "colors": self._some(lambda: wrong(Color.RED, Shade.DARK), 2),
            "at": wrong(NOON, "no", NOON.date(), None),
            "tags": self._some(lambda: wrong("tag", 1), 2),
            "maybe_tags": wrong(self._some(lambda: wrong("tag", None), 2)),
        }
        if self.random.random() < self.share / 8:
            return Leaf.__new__(Leaf)  # Strawberry's own class, which is_type_of does not know
        return LeafRow(title=self._titled(), **self._incomplete(held))

    def _other(self) -> Any:
        return OtherRow(title=self._titled(), number=self._wrong(3), answers={"is_other": self._call(YES)})

    def _either(self) -> Any:
        return self.random.choice([self._leaf, self._leaf, self._other])()

    def _branch(self, depth: int) -> Any:
        leaf, wrong = self._leaf, self._wrong
        held = {
            "id": wrong(self.random.randint(1, 99), "s"), "seed": self.random.randrange(9),
            "maybe_seed": self.random.choice([None, *range(9)]),
            "leaf": wrong(leaf(), 5, {}), "maybe_leaf": wrong(leaf(), None), "leaves": self._some(leaf, 2),
            "maybe_leaves": wrong(self._some(lambda: self.random.choice([leaf(), None]), 3)),
            "grid": self._some(lambda: self._some(leaf, 2), 2), "named": wrong(self._either(), Thing(title="?")),
            "maybe_named": wrong(self._either(), 5), "nameds": self._some(self._either, 3),
            "either": wrong(self._either(), Thing(title="?"), self._branch(depth - 1) if depth else 5),
        }  # fmt: skip
        children = self._some(lambda: self._branch(depth - 1), self.random.randint(0, 2)) if depth else []
        answers = {
            "at_once": self._call(leaf()), "now": self._call(leaf()), "children": self._call(children),
            "awaited": self._call(leaf()), "maybe_awaited": self._call(self._some(leaf, 2)),
        }  # fmt: skip
        return BranchRow(title=self._titled(), answers=answers, **self._incomplete(held))

    def _call(self, value: Any) -> Callable[[], Any]:
        answered, raised = self._wrong(value), self.random.random() < self.share

        def call() -> Any:
            if raised:
                raise ValueError("called")
            return answered

        return call


async def _afterwards(items: list[Any]) -> Any:
    """An asynchronous generator of them."""
    for item in items:
        yield item
