"""Completing values level by level, where graphql-core completes them object by object.

A level is all the objects that stand at one place of a document: the fifty links of a page, then their clients. Each
field of a level is one column, read and serialized at once; a relation is loaded by one call. The objects of the
answer are put together from their columns at the end.

Only complete values without an error come out of here. Whatever else is met (a null that may not be, a resolver that
raises, a value that does not serialize) is raised, and graphql-core completes the same value from the start.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from graphql_api.execution.columns import Column, GiveUp, Later, MaybeLater, check_ordinary
from graphql_api.execution.fields import Attribute, Together, settled, then, wait_for_all

if TYPE_CHECKING:
    from graphql import GraphQLObjectType

    from graphql_api.execution.calls import Run
    from graphql_api.execution.fields import Field

Test: TypeAlias = Callable[[Any], bool]


class Completion(Protocol):
    """Completes the values of one level: as many as it is given, in their order.

    It raises where graphql-core is to complete them.
    """

    def __call__(self, run: Run, values: Column, /) -> MaybeLater:
        """The completed values."""


@dataclass(slots=True)
class Nullable:
    """Lists or objects that may be null."""

    inner: Completion

    def __call__(self, run: Run, values: Column) -> MaybeLater:
        """Completed, where they are not null."""
        present = [value for value in values if value is not None]
        if not present:
            return values
        completed = self.inner(run, present)
        return completed if len(present) == len(values) else then(completed, partial(_among_nulls, values))


def _among_nulls(values: Column, completed: Column) -> Column:
    following = iter(completed)
    return [None if value is None else next(following) for value in values]


@dataclass(slots=True)
class Lists:
    """Lists, whose items are one level together."""

    inner: Completion

    def __call__(self, run: Run, values: Column) -> MaybeLater:
        """Completed, item by item."""
        if not all(issubclass(kind, list) or kind is tuple for kind in set(map(type, values))):
            raise GiveUp
        items = [item for value in values for item in value]
        return then(self.inner(run, items) if items else items, partial(_in_lists, values))


def _in_lists(values: Column, completed: Column) -> Column:
    following = iter(completed)
    return [list(islice(following, length)) for length in map(len, values)]


@dataclass(slots=True)
class Objects:
    """Objects of one type. One that stands at many places is completed once."""

    type: GraphQLObjectType
    fields: Mapping[str, Field]
    _classes: set[Any] = field(default_factory=set, init=False)
    """Those all of whose objects are of the type, as far as that is known yet."""

    def __call__(self, run: Run, values: Column) -> MaybeLater:
        """Each as the answer shows it."""
        if not self._classes.issuperset(map(type, values)):
            check_ordinary(values)
            self._check_type(run, values)
        return self.known(run, values)

    def _check_type(self, run: Run, values: Column) -> None:
        is_type_of: Any = self.type.is_type_of
        if is_type_of and not all(is_type_of(one, run.info) for one in values):
            raise GiveUp
        if not is_type_of or _goes_by_class(is_type_of):
            self._classes.update(map(type, values))

    def known(self, run: Run, values: Column) -> MaybeLater:
        """The same, for values that are known to be of the type."""
        if len(values) > 1 and len(distinct := dict(zip(map(id, values), values, strict=True))) < len(values):
            completed = self.known(run, list(distinct.values()))
            return then(completed, partial(_repeated, list(distinct), values))
        columns = [one.column(run, values) for one in self.fields.values()]
        later = [column for column in columns if not isinstance(column, list)]
        if later:
            return partial(self._later, columns, later, len(values))
        return self._put_together(columns, len(values))

    async def _later(self, columns: list[MaybeLater], later: list[Later], length: int) -> Column:
        """Siblings that have to wait do so at the same time."""
        following = iter(await wait_for_all([begin() for begin in later]))
        settled = [column if isinstance(column, list) else next(following) for column in columns]
        return self._put_together(settled, length)

    def _put_together(self, columns: Sequence[Any], length: int) -> Column:
        names = self.fields
        if not names:
            return [{} for _ in range(length)]
        rows = zip(*columns, strict=True)
        return [dict(zip(names, row)) for row in rows]  # noqa: B905 - each row is as long as the names


def _repeated(places: list[int], values: Column, completed: Column) -> Column:
    by_id = dict(zip(places, completed, strict=True))
    return list(map(by_id.__getitem__, map(id, values)))


@dataclass(slots=True)
class Abstract:
    """Objects behind an interface or a union, each group completed as what it is."""

    possible: Mapping[GraphQLObjectType, Objects]
    _told: dict[type, list[tuple[GraphQLObjectType, Test | None]]] = field(default_factory=dict, init=False)
    """Of each class that was met, where all types tell by classes."""

    def __call__(self, run: Run, values: Column) -> MaybeLater:
        """Each as the answer shows it."""
        check_ordinary(values)
        kinds = {kind: self._told.get(kind) or self._tests(run, kind) for kind in set(map(type, values))}
        same = _same(next(iter(kinds.values())), values) if len(kinds) == 1 else None
        return self.possible[same].known(run, values) if same else partial(self._grouped, run, values, kinds)

    async def _grouped(
        self, run: Run, values: Column, kinds: Mapping[type, list[tuple[GraphQLObjectType, Test | None]]]
    ) -> Column:
        places = defaultdict(list)
        for place, value in enumerate(values):
            places[_first(kinds[type(value)], value)].append(place)
        known = [
            self.possible[type_].known(run, [values[place] for place in own]) for type_, own in places.items()
        ]
        groups = await wait_for_all([settled(group) for group in known])
        completed: Column = [None] * len(values)
        for own, group in zip(places.values(), groups, strict=True):
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
        if all(hasattr(type_.is_type_of, "fits") for type_ in self.possible):
            self._told[kind] = tests
        return tests


def _same(tests: list[tuple[GraphQLObjectType, Test | None]], values: Column) -> GraphQLObjectType | None:
    """The type of all the values; None where they differ, or are of none."""
    for type_, test in tests:
        if test is None or all(map(test, values)):
            return type_
        if any(map(test, values)):
            return None
    return None


def _first(tests: list[tuple[GraphQLObjectType, Test | None]], value: Any) -> GraphQLObjectType:
    for type_, test in tests:
        if test is None or test(value):
            return type_
    raise GiveUp


def rows_of(completion: Completion) -> Iterator[Objects]:
    """The objects with relations that a value consists of: itself, or what is on its page."""
    match completion:
        case Nullable(inner) | Lists(inner):
            yield from rows_of(inner)
        case Abstract(possible):
            for objects in possible.values():
                yield from rows_of(objects)
        case Objects(_, fields) if any(isinstance(one, Together) and one.lead for one in fields.values()):
            yield completion
        case Objects(_, fields):
            for below in fields.values():
                if isinstance(below, Attribute):
                    yield from rows_of(below.complete)


def _asked(is_type_of: Any, info: Any, value: Any) -> bool:
    return bool(is_type_of and is_type_of(value, info))


def _goes_by_class(is_type_of: Any) -> bool:
    return hasattr(is_type_of, "fits") and is_type_of.when is None
