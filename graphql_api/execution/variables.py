"""An operation's variables, coerced by functions that are made once for their types.

graphql-core asks anew of each value of each field what its type is: 20 ms for a sync of 500 clients, during which
nobody else is answered. What is not as expected is left to graphql-core, which knows what to say about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    Undefined,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)

from graphql_api.execution.borrowed import (
    VariableValues,
    VariableValueSource,
    coerce_default_value,
    get_variable_signature,
    get_variable_values,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphql import GraphQLInputType, GraphQLSchema, OperationDefinitionNode, VariableDefinitionNode

    Coercion: TypeAlias = Callable[[Any], Any]


class UnexpectedError(Exception):
    """Wrong, or right in a way that is left to graphql-core."""


class Variables:
    """The variables that an operation declares."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        """The operation is valid."""
        self._schema = schema
        self._declared = [_Variable.of(schema, node) for node in operation.variable_definitions or ()]

    def values(self, given: Mapping[str, Any]) -> VariableValues | None:
        """Their values; None where only graphql-core can say what they are, or what is wrong."""
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        try:
            for variable in self._declared:
                name = variable.signature.name
                value = given.get(name, Undefined)
                if value is Undefined:
                    found = variable.left_out(self._schema)
                    sources |= found.sources
                    coerced |= found.coerced
                else:
                    sources[name] = VariableValueSource(variable.signature, value)
                    coerced[name] = variable.coerce(value)
        except Exception:  # noqa: BLE001 - graphql-core meets it again, and tells it
            return None
        return VariableValues(sources, coerced)


class _Variable(NamedTuple):
    node: VariableDefinitionNode
    signature: Any
    coerce: Coercion

    @classmethod
    def of(cls, schema: GraphQLSchema, node: VariableDefinitionNode) -> _Variable:
        signature = get_variable_signature(schema, node)
        if isinstance(signature, GraphQLError):  # never of a valid document
            raise signature
        return cls(node, signature, _coercion(signature.type))

    def left_out(self, schema: GraphQLSchema) -> VariableValues:
        """What it is then: its default, or nothing."""
        found = get_variable_values(schema, [self.node], {})
        if isinstance(found, list):
            raise UnexpectedError
        return found


def _coercion(type_: GraphQLInputType) -> Coercion:
    if is_non_null_type(type_):
        return _required(_of_nullable(type_.of_type))
    return _optional(_of_nullable(type_))


def _of_nullable(type_: Any) -> Coercion:
    """How values other than null are coerced."""
    if is_list_type(type_):
        return _list(_coercion(type_.of_type))
    return _object(type_) if is_input_object_type(type_) else type_.coerce_input_value


def _required(coerce: Coercion) -> Coercion:
    def required(value: Any) -> Any:
        if value is None:
            raise UnexpectedError
        return coerce(value)

    return required


def _optional(coerce: Coercion) -> Coercion:
    return lambda value: None if value is None else coerce(value)


def _list(coerce: Coercion) -> Coercion:
    def listed(value: Any) -> Any:
        if type(value) is not list:  # one value may stand for a list of it
            raise UnexpectedError
        return list(map(coerce, value))

    return listed


def _object(type_: GraphQLInputObjectType) -> Coercion:
    if type_.is_one_of:
        return _unexpected
    fields = [
        (
            name,
            one.out_name or name,
            _coercion(one.type),
            is_required_input_field(one),
            coerce_default_value(one),
        )
        for name, one in type_.fields.items()
    ]
    names = type_.fields.keys()

    def built(value: Any) -> Any:
        if type(value) is not dict or not value.keys() <= names:
            raise UnexpectedError
        made = {}
        for name, out_name, coerce, is_required, default in fields:
            if name in value:
                made[out_name] = coerce(value[name])
            elif is_required:
                raise UnexpectedError
            elif default is not Undefined:
                made[out_name] = default
        return type_.out_type(made)

    return built


def _unexpected(_value: Any) -> Any:
    raise UnexpectedError
