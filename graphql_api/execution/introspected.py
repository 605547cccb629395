"""The schema's own description: who asks for it, and how large it is, list by list."""

from __future__ import annotations

from functools import cache
from math import ceil
from typing import TYPE_CHECKING, Any

from graphql import FieldNode, is_input_object_type, is_interface_type, is_object_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


@cache
def sizes_of(schema: GraphQLSchema) -> Mapping[str, int]:
    """How many items each list of the description has on average, by the names of the fields that answer with them."""
    types: list[Any] = list(schema.type_map.values())
    with_fields = [one for one in types if is_object_type(one) or is_interface_type(one)]
    fields = [field for one in with_fields for field in one.fields.values()]
    inputs = [one.fields for one in types if is_input_object_type(one)]
    return {
        "types": len(types),
        "directives": len(schema.directives),
        "fields": _average((one.fields for one in with_fields), types),
        "args": _average((field.args for field in fields), fields),
        "inputFields": _average(inputs, types),
        "enumValues": _average((one.values for one in types if hasattr(one, "values")), types),
        "interfaces": _average((one.interfaces for one in with_fields), types),
        "possibleTypes": _average((one.interfaces for one in with_fields), types),
    }


def _average(found: Iterable[Any], among: list[Any]) -> int:
    return ceil(sum(map(len, found)) / len(among))
