"""How many objects an operation may ask for at most.

What its document says is counted once (counting.py). What its variables say (the sizes of pages) is put in at each
request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from graphql_api.models.client_error import TooCostly

MAX_OBJECTS: Final = 200_000
"""Enough for a page of 100 below each of 100, with nineteen objects around each of those 10,000."""
MAX_INTROSPECTED: Final = 25_000
"""Of the schema's description, which anybody may ask for: half as many again as GraphiQL asks for."""
Variables: TypeAlias = Mapping[str, Any]
Many: TypeAlias = Callable[[Variables], int]


@dataclass(slots=True)
class Reach:
    """So many objects, and as many more as the variables say."""

    sure: int = 0
    asked: list[tuple[Many, Reach]] = field(default_factory=list)
    introspected: int = 0
    """Beside those: so many of the schema's description."""

    def objects(self, variables: Variables) -> int:
        """How many they are at most."""
        return self.sure + sum(many(variables) * one.objects(variables) for many, one in self.asked)

    def check(self, variables: Variables) -> int:
        """How many they are at most.

        Raises:
            TooCostly: more than anybody is given at once.

        """
        objects = self.objects(variables)
        if objects > MAX_OBJECTS:
            raise TooCostly(
                f"The document asks for up to {objects:,} objects, and {MAX_OBJECTS:,} are the limit: "
                "pages within pages multiply"
            )
        if self.introspected > MAX_INTROSPECTED:
            raise TooCostly(
                f"The document asks for {self.introspected:,} parts of the schema, "
                f"and {MAX_INTROSPECTED:,} are the limit"
            )
        return objects

    def add(self, many: int | Many, one: Reach) -> None:
        """So many times the same."""
        if callable(many):
            self.asked.append((many, one))
            return
        self.sure += many * one.sure
        self.asked += [
            (many_of, of) if many == 1 else (_times(many, many_of), of) for many_of, of in one.asked
        ]


def _times(many: int, of: Many) -> Many:
    return lambda variables: many * of(variables)
