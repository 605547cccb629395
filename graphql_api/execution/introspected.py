"""The schema's own description: who asks for it, and how large it is, list by list."""

from __future__ import annotations

from functools import cache
from math import ceil
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graphql import FieldNode, is_abstract_type, is_input_object_type, is_interface_type, is_object_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from graphql import GraphQLNamedType, GraphQLSchema, OperationDefinitionNode


def is_introspection(type_: GraphQLNamedType) -> bool:
    """Whether the type is of GraphQL's own, which describe the schema."""
    return type_.name.startswith("__")


def asks_for_schema(operation: OperationDefinitionNode) -> bool:
    """Whether it asks for the schema's description and nothing else, so that the answer is the same for everybody."""
    return all(
        isinstance(one, FieldNode) and one.name.value.startswith("__")
        for one in operation.selection_set.selections
    )


OF_EVERY_TYPE: Final = {"__schema", "types", "fields", "args", "inputFields", "enumValues", "directives"}
"""On the way through these, each type is met once. Any other way leads to whichever type the asker has chosen."""


class Size(NamedTuple):
    """How many items a list of the description has."""

    average: int
    largest: int


def usual_size(schema: GraphQLSchema, name: str, way: AbstractSet[str]) -> int:
    """How many items the list of that name is to count for, where these fields led to it."""
    size = _sizes_of(schema)[name]
    return size.average if "types" in way and way <= OF_EVERY_TYPE else size.largest


@cache
def _sizes_of(schema: GraphQLSchema) -> Mapping[str, Size]:
    """By the names of the fields that answer with them."""
    types: list[Any] = list(schema.type_map.values())
    with_fields = [one for one in types if is_object_type(one) or is_interface_type(one)]
    fields = [field for one in with_fields for field in one.fields.values()]
    abstract = [one for one in types if is_abstract_type(one)]
    return {
        "types": _size([types], [schema]),
        "directives": _size([schema.directives], [schema]),
        "fields": _size((one.fields for one in with_fields), types),
        "args": _size((field.args for field in fields), fields),
        "inputFields": _size((one.fields for one in types if is_input_object_type(one)), types),
        "enumValues": _size((one.values for one in types if hasattr(one, "values")), types),
        "interfaces": _size((one.interfaces for one in with_fields), types),
        "possibleTypes": _size(map(schema.get_possible_types, abstract), types),
    }


def _size(found: Iterable[Any], among: list[Any]) -> Size:
    sizes = list(map(len, found))
    return Size(ceil(sum(sizes) / len(among)), max(sizes))
