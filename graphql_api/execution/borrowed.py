"""What is used of graphql-core and Strawberry that is not public, in one place.

tests/execution/test_borrowed.py fails when a new version of either has changed one of them: read what changed, run the
differential test, and only then write down the new fingerprints.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, TypeGuard, cast

from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_subfields
from graphql.execution.executor import Executor, to_nodes
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import (
    VariableValues,
    VariableValueSource,
    get_argument_values,
    get_variable_values,
)
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_value
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import CustomGraphQLEnumType, GraphQLCoreConverter
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

if TYPE_CHECKING:
    import strawberry
    from graphql import GraphQLField, GraphQLSchema

__all__ = [
    "CustomGraphQLEnumType",
    "Executor",
    "FieldDetails",
    "FragmentDetails",
    "GraphQLCoreConverter",
    "StrawberryExecutor",
    "StrawberryField",
    "StrawberryResolver",
    "VariableValueSource",
    "VariableValues",
    "coerce_default_value",
    "collect_subfields",
    "convert_arguments",
    "core_schema",
    "field_of",
    "get_argument_values",
    "get_variable_signature",
    "get_variable_values",
    "is_awaitable",
    "let_go",
    "strawberry_schema",
    "to_nodes",
]

StrawberryExecutor = StrawberryGraphQLCoreExecutionContext
is_awaitable = cast("Callable[[Any], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable)

RELIED_ON: Final[tuple[Any, ...]] = (
    CustomGraphQLEnumType.coerce_output_value,
    Executor.build,
    Executor.build_resolve_info,
    Executor.complete_awaitable_value,
    Executor.complete_list_value,
    Executor.complete_value,
    Executor.execute_field,
    Executor.execute_operation,
    Executor.handle_field_error,
    GraphQLCoreConverter.from_interface,
    GraphQLCoreConverter.from_resolver,
    StrawberryExecutor.build_resolve_info,
    StrawberryField.get_result,
    StrawberryResolver.__call__,
    coerce_default_value,
    coerce_input_value,
    collect_subfields,
    convert_arguments,
    get_argument_values,
    get_variable_signature,
    get_variable_values,
    optimized_is_awaitable,
)
"""Whose behaviour, not only whose name, must stay as it is."""


def core_schema(schema: strawberry.Schema) -> GraphQLSchema:
    """graphql-core's own schema behind Strawberry's."""
    return schema._schema  # noqa: SLF001


def strawberry_schema(schema: GraphQLSchema) -> Any:
    """Strawberry's schema in front of graphql-core's."""
    return schema._strawberry_schema  # type: ignore[attr-defined]  # noqa: SLF001


def let_go(executor: Executor[Any]) -> None:
    """Free at once all that an operation has loaded: the executor is in a cycle with its own helpers."""
    executor.context_value.done()
    executor.context_value = None
    executor.async_helpers = None  # type: ignore[assignment]


def field_of(definition: GraphQLField) -> StrawberryField | None:
    """The field that Strawberry made the definition of, unless something of its own is called on the way."""
    field = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if not isinstance(field, StrawberryField) or type(field).get_result is not StrawberryField.get_result:
        return None
    return None if field.extensions or field.default_resolver is not getattr else field
