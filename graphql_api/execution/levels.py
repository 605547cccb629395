"""Completing values level by level, where graphql-core completes them object by object.

A level is all the objects that stand at one place of a document: the fifty links of a page, then their clients. Each
field of a level is one column, read and serialized at once; a relation is loaded by one call. The objects of the
answer are put together from their columns at the end.

Only complete values without an error come out of here. Whatever else is met (a null that may not be, a resolver that
raises, a value that does not serialize) is raised, and graphql-core completes the same value from the start.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from graphql_api.execution.borrowed import is_awaitable
from graphql_api.execution.columns import Column, GiveUp, Serialize, check_ordinary

if TYPE_CHECKING:
    from graphql import GraphQLObjectType

    from graphql_api.execution.calls import Call, Run


Test: TypeAlias = Callable[[Any], bool]


class Completion(Protocol):
    """Completes the values of one level: as many as it is given, in their order.

    It raises where graphql-core is to complete them.
    """

    async def __call__(self, run: Run, values: Column, /) -> Column:
        """The completed values."""


@dataclass(slots=True)
class Leaves:
    """Scalars and members of enums."""

    serialize: Serialize

    async def __call__(self, _run: Run, values: Column) -> Column:
        """Serialized."""
        return self.serialize(values)


@dataclass(slots=True)
class Nullable:
    """Lists or objects that may be null."""

    inner: Completion

    async def __call__(self, run: Run, values: Column) -> Column:
        """Completed, where they are not null."""
        present = [value for value in values if value is not None]
        if not present:
            return values
        completed = await self.inner(run, present)
        if len(present) == len(values):
            return completed
        following = iter(completed)
        return [None if value is None else next(following) for value in values]


@dataclass(slots=True)
class Lists:
    """Lists, whose items are one level together."""

    inner: Completion

    async def __call__(self, run: Run, values: Column) -> Column:
        """Completed, item by item."""
        if not {list, tuple}.issuperset(map(type, values)):
            raise GiveUp
        items = [item for value in values for item in value]
        completed = iter(await self.inner(run, items) if items else ())
        return [list(islice(completed, len(value))) for value in values]


@dataclass(slots=True)
class Objects:
    """Objects of one type. One that stands at many places is completed once."""

    type: GraphQLObjectType
    fields: Mapping[str, Field]
    asking: list[str] = field(init=False)
    """The fields that ask somebody else: siblings of that kind ask at the same time."""

    def __post_init__(self) -> None:
        """Find them."""
        self.asking = [name for name, one in self.fields.items() if one.asks]

    async def __call__(self, run: Run, values: Column) -> Column:
        """Each as the answer shows it."""
        check_ordinary(values)
        is_type_of = self.type.is_type_of
        if is_type_of and not all(is_type_of(one, run.info) for one in _examples(is_type_of, values)):
            raise GiveUp
        return await self.known(run, values)

    async def known(self, run: Run, values: Column) -> Column:
        """The same, for values that are known to be of the type."""
        distinct = dict(zip(map(id, values), values, strict=True))
        if len(distinct) == len(values):
            return await self._completed(run, values)
        completed = await self._completed(run, list(distinct.values()))
        by_id = dict(zip(distinct, completed, strict=True))
        return [by_id[id(value)] for value in values]

    async def _completed(self, run: Run, objects: Column) -> Column:
        columns = await self._columns(run, objects)
        if not columns:
            return [{} for _ in objects]
        names = tuple(self.fields)
        rows = zip(*[columns[name] for name in names], strict=True)
        return [dict(zip(names, row)) for row in rows]  # noqa: B905 - each row is as long as the names

    async def _columns(self, run: Run, objects: Column) -> dict[str, Column]:
        if len(self.asking) < 2:  # noqa: PLR2004 - nothing to ask beside it
            return {name: await one.column(run, objects) for name, one in self.fields.items()}
        columns = {name: await one.column(run, objects) for name, one in self.fields.items() if not one.asks}
        asked = await _all([self.fields[name].column(run, objects) for name in self.asking])
        return columns | dict(zip(self.asking, asked, strict=True))


@dataclass(slots=True)
class Abstract:
    """Objects behind an interface or a union, each group completed as what it is."""

    possible: Mapping[GraphQLObjectType, Objects]

    async def __call__(self, run: Run, values: Column) -> Column:
        """Each as the answer shows it."""
        check_ordinary(values)
        kinds = {kind: self._tests(run, kind) for kind in set(map(type, values))}
        places = defaultdict(list)
        for place, value in enumerate(values):
            places[_first(kinds[type(value)], value)].append(place)
        if len(places) == 1:
            return await self.possible[next(iter(places))].known(run, values)
        completed: Column = [None] * len(values)
        for type_, own in places.items():
            group = await self.possible[type_].known(run, [values[place] for place in own])
            for place, value in zip(own, group, strict=True):
                completed[place] = value
        return completed

    def _tests(self, run: Run, kind: type) -> list[tuple[GraphQLObjectType, Test | None]]:
        """The types that an object of this class may be, each with what decides beside the class."""
        if hasattr(kind, "__strawberry_definition__"):  # Strawberry goes by its class first
            raise GiveUp
        tests: list[tuple[GraphQLObjectType, Test | None]] = []
        for type_ in self.possible:
            is_type_of: Any = type_.is_type_of
            if not hasattr(is_type_of, "fits"):
                tests.append((type_, partial(_asked, is_type_of, run.info)))
            elif is_type_of.fits(kind):
                tests.append((type_, is_type_of.when))
        return tests


def _first(tests: list[tuple[GraphQLObjectType, Test | None]], value: Any) -> GraphQLObjectType:
    for type_, test in tests:
        if test is None or test(value):
            return type_
    raise GiveUp


def _asked(is_type_of: Any, info: Any, value: Any) -> bool:
    return bool(is_type_of and is_type_of(value, info))


def _examples(is_type_of: Any, values: Column) -> Iterable[Any]:
    """Those to be looked at: where the class alone decides, one of each."""
    by_class = hasattr(is_type_of, "fits") and is_type_of.when is None
    return {type(one): one for one in values}.values() if by_class else values


class Field(Protocol):
    """One field of the objects of a level."""

    @property
    def asks(self) -> bool:
        """Whether it asks somebody else, such as the database."""

    async def column(self, run: Run, objects: Column, /) -> Column:
        """The field of each object, completed."""


@dataclass(slots=True)
class Typename:
    """__typename."""

    name: str
    asks: bool = field(default=False, init=False)

    async def column(self, _run: Run, objects: Column) -> Column:
        """The same for all."""
        return [self.name] * len(objects)


@dataclass(slots=True)
class Attribute:
    """What the object itself holds."""

    get: Callable[[Any], Any]
    complete: Completion
    asks: bool = field(default=False, init=False)

    async def column(self, run: Run, objects: Column) -> Column:
        """Completed."""
        return await self.complete(run, list(map(self.get, objects)))


@dataclass(slots=True)
class Together:
    """What a resolver answers for a whole level in one call."""

    resolve: Callable[..., Any]
    call: Call
    complete: Completion
    asks: bool

    async def column(self, run: Run, objects: Column) -> Column:
        """Completed."""
        info, given = run.given(self.call)
        values = self.resolve(info, objects, **given)
        return await self.complete(run, await values if self.asks else values)


@dataclass(slots=True)
class OneByOne:
    """What a resolver answers for each object."""

    call: Call
    complete: Completion
    asks: bool

    async def column(self, run: Run, objects: Column) -> Column:
        """Completed."""
        info, given = run.given(self.call)
        values = [self.call.resolve(one, info, given) for one in objects]
        awaited = [value for value in values if is_awaitable(value)]
        if awaited:
            answers = iter(await _all(awaited))
            values = [next(answers) if is_awaitable(value) else value for value in values]
        return await self.complete(run, values)


async def _all(awaitables: Iterable[Awaitable[Any]]) -> Column:
    """Wait for all at once, so that what they load is loaded together.

    Where one raises, the others are not cut short: a load on which others wait would stay cancelled for them too.
    """
    answers = await asyncio.gather(*awaitables, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return answers
