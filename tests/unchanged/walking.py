"""Walking the schema: which types can be reached from where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from graphql import (
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLUnionType,
    get_named_type,
)

from graphql_api.execution.borrowed import field_of
from graphql_api.schema.fields import PASSING
from graphql_api.schema.root import SCHEMA

TYPES = SCHEMA._schema
ANY_NODE = {"PartnerEvent.subject", "Alert.subject"}
"""Typed as anything with an id: test_passing.py shows that nothing personal is ever among them."""


@dataclass
class Field:
    place: str
    kind: GraphQLNamedType
    passing: bool


def fields(kind: GraphQLNamedType) -> Iterator[Field]:
    """Those of the type, if it has any."""
    for name, definition in getattr(kind, "fields", {}).items():
        field = field_of(definition)
        passing = bool(field and field.metadata.get(PASSING))
        yield Field(f"{kind.name}.{name}", get_named_type(definition.type), passing)


def may_be(kind: GraphQLNamedType) -> list[GraphQLNamedType]:
    """The type, and what may stand behind it."""
    if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
        return [kind, *TYPES.get_possible_types(kind)]
    return [kind]


def reached(*start: str, by: Callable[[Field], bool] = lambda _: True) -> dict[str, str]:
    """Every type that is reached by such fields, with the place that it was first reached by."""
    found, waiting = dict.fromkeys(start, ""), list(start)
    while waiting:
        for field in fields(TYPES.type_map[waiting.pop()]):
            behind = [field.kind] if field.place in ANY_NODE else may_be(field.kind)
            new = [one.name for one in behind if by(field) and one.name not in found]
            found |= dict.fromkeys(new, field.place)
            waiting += new
    return found
