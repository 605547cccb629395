"""A walk through the schema: each field below each list is asked by itself, two levels down, with all leaves.

A list is asked of one object that has it, found by the shortest way from the root. What one field has loaded must not
hide what another asks again, so a document asks one field. Fields share one only where each was asked by itself below
another list: those of a type that has been walked, and those of the second level that lead on from a listed type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, Final, TypeAlias

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
)

from graphql_api.execution.borrowed import core_schema
from graphql_api.schema.root import SCHEMA
from tests.reads.askings import VARIABLES, Asking, Field, Step, Way

Composite: TypeAlias = GraphQLObjectType | GraphQLInterfaceType
Below: TypeAlias = tuple[Field, Composite]
"""A field, and the type of the objects that it leads to."""

CORE: Final = core_schema(SCHEMA)
GIVEN: Final = {"at": '"2030-01-01T00:00:00Z"', "owner": "HUBSPOT"} | {name: f"${name}" for name in VARIABLES}
"""What arguments that a field cannot do without are given, by their names."""
NOT_BELOW: Final = dict.fromkeys(
    ("Alert.subject", "Notification.subject", "PartnerEvent.subject"),
    "whatever has a global id is walked below Query.nodes",
)
"""Fields below whose objects only leaves are asked, and why."""


class Walk:
    """Through the whole schema, from objects with these global ids, by the names of their types."""

    def __init__(self, ids: Mapping[str, str]) -> None:
        """Each has lists that are not empty."""
        self._ids = ids
        self._walked: set[str] = set()

    def askings(self) -> Iterator[Asking]:
        """Every document."""
        places = self.places()
        listed = {type_ for _, type_ in places.values()}
        interfaces_last = sorted(places, key=lambda place: bool(kinds(places[place][1])))
        for place in interfaces_last:
            way, type_ = places[place]
            below = list(self.below(type_))
            yield Asking(place, way, (Field(place, (), leaves(type_)),))
            yield from _together(place, way, [one for one, _ in below if one.name in self._walked])
            for one in below:
                if one[0].name not in self._walked:
                    yield from self._two_levels(place, way, one, listed)
            self._walked |= {one.name for one, _ in below}

    def _two_levels(self, place: str, way: Way, below: Below, listed: set[Composite]) -> Iterator[Asking]:
        """One field by itself, then those below it."""
        field, type_ = below
        yield Asking(place, way, (field,))
        further = [] if field.name in NOT_BELOW else [one for one, _ in self.below(type_)]
        for fields in filter(None, [further] if type_ in listed else [[one] for one in further]):
            yield Asking(place, (*way, *field.way), tuple(fields))

    def places(self) -> dict[str, tuple[Way, Composite]]:
        """Every list that an object has which can be reached, with the way to it and what it lists."""
        found: dict[str, tuple[Way, Composite]] = {}
        ways: dict[Composite, Way] = {_query(): ()}
        waiting = list(ways)
        for type_ in waiting:  # it grows meanwhile
            for field, inner in self.below(type_):
                way = (*ways[type_], *field.way)
                if is_list(field.name):
                    found.setdefault(field.name, (way, inner))
                    continue
                for one, narrowed in self._as_each(way, inner):
                    if one not in ways:
                        ways[one] = narrowed
                        waiting.append(one)
        return found

    def below(self, type_: Composite) -> Iterator[Below]:
        """The fields that lead to objects: of the type itself, and those that only types behind it have."""
        for one in (type_, *kinds(type_)):
            narrowing = () if one is type_ else (Step(f"... on {one.name}"),)
            for name, field in one.fields.items():
                inner = _leads_to(field)
                if isinstance(inner, Composite) and (one is type_ or name not in type_.fields):
                    alias = f"{one.name}_{name}" if narrowing else name
                    step = Step(f"{alias}: {name}{self._arguments(field, inner)}", alias, _is_page(field))
                    yield Field(f"{one.name}.{name}", (*narrowing, step), leaves(inner)), inner

    def _as_each(self, way: Way, type_: Composite) -> Iterator[tuple[Composite, Way]]:
        """The type with the way to it, and each type behind it; to those with a global id by that."""
        *before, last = way
        if last.name != "node":
            yield type_, way
        for one in kinds(type_):
            step = Step(f'node(id: "{self._ids[one.name]}")', "node") if last.name == "node" else last
            yield one, (*before, step, Step(f"... on {one.name}"))

    def _arguments(self, field: GraphQLField, inner: Composite) -> str:
        given = {
            name: GIVEN[name]
            for name, one in field.args.items()
            if is_required_argument(one) and name in GIVEN
        }
        if "id" in field.args:
            given["id"] = f'"{self._ids[inner.name]}"'
        return f"({', '.join(f'{name}: {value}' for name, value in given.items())})" if given else ""


def lists() -> set[str]:
    """Every list of objects that any query can come to."""
    met, found = [_query()], set()
    for type_ in met:  # it grows meanwhile
        for field, inner in Walk(dict.fromkeys(CORE.type_map, "")).below(type_):
            if is_list(field.name):
                found.add(field.name)
            met += [one for one in (inner, *kinds(inner)) if one not in met]
    return found


def is_list(name: str) -> bool:
    """Whether the field of that type and name answers with many."""
    type_, _, field = name.partition(".")
    declared = _fields(CORE.type_map[type_])[field]
    return _is_page(declared) or is_list_type(get_nullable_type(declared.type))


def kinds(type_: GraphQLNamedType) -> tuple[GraphQLObjectType, ...]:
    """The types behind an interface."""
    return tuple(CORE.get_possible_types(type_)) if isinstance(type_, GraphQLInterfaceType) else ()


def leaves(type_: Composite) -> str:
    """All leaves of an object, and of the types behind an interface under names of their own."""
    behind = (
        f"... on {one.name} {{ {' '.join(f'{one.name}_{name}: {name}' for name in _leaves(one))} }}"
        for one in kinds(type_)
    )
    return " ".join(("__typename", *_leaves(type_), *behind))


def _together(place: str, way: Way, fields: list[Field]) -> Iterator[Asking]:
    """All the fields of each type in one document."""
    for _, same in groupby(fields, lambda field: field.name.partition(".")[0]):
        yield Asking(place, way, tuple(same))


def _query() -> Composite:
    assert CORE.query_type
    return CORE.query_type


def _fields(type_: Any) -> Mapping[str, GraphQLField]:
    fields: Mapping[str, GraphQLField] = type_.fields
    return fields


def _is_page(field: GraphQLField) -> bool:
    return get_named_type(field.type).name.endswith("Connection")


def _leads_to(field: GraphQLField) -> GraphQLNamedType:
    """The type of what a field leads to, the page between left out."""
    inner = get_named_type(field.type)
    return get_named_type(_fields(inner)["nodes"].type) if _is_page(field) else inner


def _leaves(type_: Composite) -> list[str]:
    return [name for name, field in type_.fields.items() if is_leaf_type(get_named_type(field.type))]
