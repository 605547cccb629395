"""Documents that ask some fields of the objects at the end of a way, and what they find there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any, Final, TypeAlias

PAGE: Final = (
    "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } }"
)
"""What is asked of every page, beside its nodes."""
VARIABLES: Final = {"ids": "[ID!]!", "token": "String!", "input": "CreateConfirmationLinkInput!"}


@dataclass(frozen=True)
class Step:
    """One field on a way down, or the type that a way is narrowed to."""

    text: str
    name: str = ""
    """What it answers under; nothing where it only narrows."""
    is_page: bool = False

    def around(self, below: str) -> str:
        """The step with what is asked below it."""
        body = f"{PAGE} nodes {{ {below} }}" if self.is_page else below
        return f"{self.text} {{ {body} }}"

    def into(self, found: Any) -> Iterator[Any]:
        """The objects that it answered with, below one that it was asked of."""
        if not self.name:
            yield found
        elif (value := found.get(self.name)) is not None:
            value = value["nodes"] if self.is_page else value
            yield from (one for one in (value if isinstance(value, list) else [value]) if one is not None)


Way: TypeAlias = tuple[Step, ...]


@dataclass(frozen=True)
class Field:
    """A field that leads to objects, and the leaves that are asked of those."""

    name: str
    """Its type and its name."""
    way: Way
    leaves: str


@dataclass(frozen=True)
class Asking:
    """A document that asks fields of the objects at the end of a way."""

    place: str
    """The list that it goes through: the type that has it, and its field."""
    way: Way
    fields: tuple[Field, ...]

    def __str__(self) -> str:
        steps = ".".join(step.name for step in self.way if step.name)
        return f"{self.place}: {steps} {{ {' '.join(field.name for field in self.fields)} }}"

    @cached_property
    def query(self) -> str:
        """The document."""
        declared = ", ".join(f"${name}: {VARIABLES[name]}" for name in self.variables)
        return f"query({declared}) {{ {self._text} }}" if declared else f"{{ {self._text} }}"

    @cached_property
    def variables(self) -> list[str]:
        """The names of those that it needs."""
        return [name for name in VARIABLES if f"${name}" in self._text]

    @property
    def kind(self) -> str:
        """Which type the objects of a list at the root are narrowed to; empty where they are not."""
        way = (*self.way, *self.fields[0].way)
        return next((step.text.removeprefix("... on ") for step in way[:2] if not step.name), "")

    def objects(self, data: Any) -> dict[str, list[Any]]:
        """What each of the fields leads to in the answer."""
        return {field.name: reached([data], (*self.way, *field.way)) for field in self.fields}

    @property
    def _text(self) -> str:
        return asked(self.way, " ".join(asked(field.way, field.leaves) for field in self.fields))


def asked(way: Way, below: str) -> str:
    """The steps of a way, with what is asked at its end."""
    return reduce(lambda text, step: step.around(text), reversed(way), below)


def reached(objects: list[Any], way: Way) -> list[Any]:
    """What stands at the end of a way below the objects."""
    return reduce(lambda found, step: [below for one in found for below in step.into(one)], way, objects)
