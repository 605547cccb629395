"""Random documents over a schema: every field, in every way in which a document can ask for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)
from hypothesis import strategies as st

from tests.differential.arguments import Arguments, Draw, Pool

INTROSPECTION: Final = (
    "__schema { queryType { name } types { name kind interfaces { name } } }",
    "__schema { directives { name args { name defaultValue } } }",
    '__type(name: "Client") { name fields(includeDeprecated: true) { name type { name kind } } }',
    '__type(name: "Nothing") { name }',
    "__typename",
)
DEEPEST: Final = 6
MOST: Final = 40


@dataclass(frozen=True)
class Made:
    """A document, and the variables sent with it."""

    query: str
    variables: dict[str, Any]


@dataclass
class Writer:
    """Writes one document."""

    schema: GraphQLSchema
    draw: Draw
    arguments: Arguments
    unambiguous: frozenset[str]
    """Names of fields that have one type wherever they are."""
    fragments: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    """By name: the type, how deep it goes, and its text."""
    aliases: int = 0
    left: int = MOST
    """How many more selections there may be, about."""

    def document(self) -> Made:
        """The whole of it."""
        query = self.schema.query_type
        assert query
        selection = self.selection(query, DEEPEST)
        if self._one_in(8):
            selection += " " + self.draw(st.sampled_from(INTROSPECTION))
        fragments = " ".join(text for _, _, text in self.fragments.values())
        declared = self.arguments.declared()
        return Made(f"query Q{declared} {{ {selection} }} {fragments}", self.arguments.sent())

    def selection(self, type_: GraphQLNamedType, depth: int) -> str:
        """What is asked of one type, between its braces."""
        count = self.draw(st.integers(1, 4))
        self.left -= count
        return " ".join(self._part(type_, depth if self.left > 0 else 0) for _ in range(count))

    def _part(self, type_: GraphQLNamedType, depth: int) -> str:
        kind = self.draw(st.integers(0, 11)) if self.left > 0 else 11
        if kind == 0:
            return f"{self._alias('t')}: __typename{self._switch()}"
        if kind == 1 and depth:
            return self._spread(type_, depth)
        if kind in {2, 3} or (is_abstract_type(type_) and kind < 8):
            narrower = self._narrower(type_)
            on = "" if narrower is type_ and self._one_in(2) else f" on {narrower.name}"
            return f"...{on}{self._switch()} {{ {self.selection(narrower, depth)} }}"
        return self._field(type_, depth)

    def _spread(self, type_: GraphQLNamedType, depth: int) -> str:
        known = [
            name
            for name, (on, deep, text) in self.fragments.items()
            if text and deep <= depth and on in {type_.name, *self._kin(type_)}
        ]
        if known and self._one_in(2):
            return f"...{self.draw(st.sampled_from(known))}{self._switch()}"
        on = self._narrower(type_)
        name = f"F{len(self.fragments)}"
        self.fragments[name] = (on.name, depth, "")  # without a text it is not spread within itself
        text = f"fragment {name} on {on.name} {{ {self.selection(on, depth - 1)} }}"
        self.fragments[name] = (on.name, depth, text)
        return f"...{name}{self._switch()}"

    def _kin(self, type_: GraphQLNamedType) -> set[str]:
        if is_abstract_type(type_):
            return {one.name for one in self.schema.get_possible_types(type_)}
        return {one.name for one in type_.interfaces} if isinstance(type_, GraphQLObjectType) else set()

    def _narrower(self, type_: GraphQLNamedType) -> GraphQLNamedType:
        """The type itself, or another that some of its objects are."""
        kin = sorted(self._kin(type_))
        return self.schema.type_map[self.draw(st.sampled_from([type_.name, *kin]))]

    def _field(self, type_: GraphQLNamedType, depth: int) -> str:
        if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            return "__typename"  # a union has no fields of its own
        fields = {
            name: one
            for name, one in type_.fields.items()
            if depth or is_leaf_type(get_named_type(one.type)) or len(type_.fields) == 1
        }
        name = self.draw(st.sampled_from(sorted(fields) or ["__typename"]))
        return self._asked(type_, name, fields[name], depth) if name in fields else name

    def _asked(self, type_: GraphQLNamedType, name: str, definition: GraphQLField, depth: int) -> str:
        given = self.arguments.of(definition, self.draw)
        # Types behind one interface may call different things by one name.
        named = f"{self._alias(name)}: {name}" if given or self._one_in(4) else f"{type_.name}_{name}: {name}"
        if not given and name in self.unambiguous and self._one_in(2):
            named = name
        inner = get_named_type(definition.type)
        if is_leaf_type(inner):
            return named + given + self._switch()
        again = 2 if self.left > 0 and self._one_in(6) else 1
        written = [
            f"{named}{given}{self._switch()} {{ {self.selection(inner, max(depth - 1, 0))} }}"
            for _ in range(again)
        ]
        return " ".join(written)

    def _switch(self) -> str:
        return self.arguments.switch(self.draw)

    def _alias(self, name: str) -> str:
        self.aliases += 1
        return f"{name}{self.aliases}"

    def _one_in(self, count: int) -> bool:
        return bool(self.draw(st.integers(1, count)) == 1)


def documents(schema: GraphQLSchema, pool: Pool) -> st.SearchStrategy[Made]:
    """Documents over the schema, whose arguments come from the pool."""

    unambiguous = _unambiguous(schema)

    @st.composite
    def made(draw: Draw) -> Made:
        return Writer(schema, draw, Arguments(pool), unambiguous).document()

    return made()


def _unambiguous(schema: GraphQLSchema) -> frozenset[str]:
    types = defaultdict(set)
    for one in schema.type_map.values():
        if isinstance(one, GraphQLObjectType | GraphQLInterfaceType):
            for name, definition in one.fields.items():
                types[name].add(str(definition.type))
    return frozenset(name for name, found in types.items() if len(found) == 1)
