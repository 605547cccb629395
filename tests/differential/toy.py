"""A small schema with everything that completing a value can meet, over objects that may be broken in any way."""

import asyncio
import enum
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import strawberry

from graphql_api.schema.fields import answered_by, attribute, relation

Info = strawberry.Info


class Thing:
    """What resolvers answer: whatever it was given, and nothing else."""

    def __init__(self, **held: Any) -> None:
        self.__dict__.update(held)

    def answer(self, name: str) -> Any:
        """What it was given to answer under that name."""
        return self.__dict__["answers"][name]()

    @property
    def name(self) -> Any:
        """What it was given as a title; or it raises, as properties may."""
        if isinstance(self.__dict__["title"], BaseException):
            raise self.__dict__["title"]
        return self.__dict__["title"]


class LeafRow(Thing):
    pass


class OtherRow(Thing):
    pass


class BranchRow(Thing):
    pass


@strawberry.enum
class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Shade(enum.StrEnum):
    RED = "red"
    DARK = "dark"


def made_of(model: type, when: Callable[[Any], Any] | None = None) -> Any:
    """As the project's, of classes that no database knows."""

    def is_type_of(_type: type, row: object, _info: object) -> Any:
        return isinstance(row, model) and (when is None or when(row))

    is_type_of.by_class = when is None  # type: ignore[attr-defined]
    return classmethod(is_type_of)


def _is_other(row: Any) -> Any:
    return row.answer("is_other")


@strawberry.interface
class Named:
    name: str = attribute("A text.")
    twice: str = answered_by(lambda root: root.name * 2, "It, twice.")


@strawberry.type
class Leaf(Named):
    identity: strawberry.ID = attribute("An ID.")
    count: int | None = attribute("A number.")
    sure: int = attribute("A number that must be there.")
    share: float | None = attribute("A fraction.")
    is_green: bool | None = attribute("Yes or no.")
    color: Color = attribute("A member.")
    maybe_color: Color | None = attribute("A member, or none.")
    colors: list[Color | None] | None = attribute("Members.")
    at: datetime | None = attribute("A moment.")
    tags: list[str] = attribute("Texts.")
    maybe_tags: list[str | None] | None = attribute("Texts, or not.")
    is_type_of = made_of(LeafRow)


@strawberry.type
class Other(Named):
    is_type_of = made_of(OtherRow, _is_other)
    number: int = attribute("A number.")


@strawberry.input
class Wish:
    times: int = 1
    end: str | None = "."


def say_again(root: Any, times: int = 2, wish: Wish | None = None) -> str:
    return str(root.name * times) + (f"{wish.times}{wish.end}" if wish else "")


async def wait_for(root: Any, info: Info) -> Any:
    await asyncio.sleep(0)
    return root.answer("awaited" if info.field_name == "awaited" else "maybe_awaited")


def fetch(root: Any) -> Any:
    return root.answer("at_once")


def fetch_or_load(root: Any, info: Info[Any, None]) -> Any:
    return root.answer("now") if root.seed % 2 else info.context.loaders.relation("leaf").load(root.seed)


def path_of(info: Info) -> str:
    return "/".join(map(str, info.path.as_list()))


@strawberry.type
class Branch:
    id: strawberry.ID = attribute("An ID.")
    name: str | None = attribute("A text, or none.")
    leaf: Leaf = attribute("An object.")
    maybe_leaf: Leaf | None = attribute("An object, or none.")
    leaves: list[Leaf] = attribute("Objects.")
    maybe_leaves: list[Leaf | None] | None = attribute("Objects, or not.")
    grid: list[list[Leaf]] = attribute("Lists of objects.")
    named: Named = attribute("One of several.")
    maybe_named: Named | None = attribute("One of several, or none.")
    nameds: list[Named | None] = attribute("Several of several.")
    either: Annotated[Leaf | Other, strawberry.union("Either")] | None = attribute("One of two.")
    repeated: str = answered_by(say_again, "With arguments.")
    at_once: Leaf | None = answered_by(fetch, "By a function.")
    awaited: Leaf = answered_by(wait_for, "By a coroutine.")
    maybe_awaited: list[Leaf] | None = answered_by(wait_for, "By a coroutine, or none.")
    now_or_later: Leaf | None = answered_by(fetch_or_load, "By a function that may have to wait.")
    children: list["Branch"] = answered_by(lambda root: root.answer("children"), "More of these.")
    where: str = answered_by(path_of, "Its path.")
    loaded: list[Leaf] = relation("leaves", "seed", "By a loader, many.")
    loaded_leaf: Leaf | None = relation("leaf", "maybe_seed", "By a loader, one or none.")

    @strawberry.field
    def by_self(self) -> str | None:
        # As Strawberry has it, `self` is what the parent answered.
        return str(self.name)


@strawberry.type
class Query:
    @strawberry.field
    def branches(self, info: Info[Any, None]) -> list[Branch]:
        return info.context.branches  # type: ignore[no-any-return]

    @strawberry.field
    async def maybe_branches(self, info: Info[Any, None]) -> list[Branch | None] | None:
        return info.context.branches  # type: ignore[no-any-return]

    @strawberry.field
    async def branch(self, info: Info[Any, None]) -> Branch | None:
        return info.context.branches[0]  # type: ignore[no-any-return]


SCHEMA = strawberry.Schema(Query, types=[Leaf, Other])
