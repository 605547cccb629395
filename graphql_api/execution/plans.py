"""Plans: what was compiled of an operation, for all the requests that send it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    default_field_resolver,
    default_type_resolver,
    visit,
)

from graphql_api.execution.borrowed import FragmentDetails, is_awaitable
from graphql_api.execution.compiled import CompiledExecutor
from graphql_api.execution.compiler import Compiler, NotCompiled
from graphql_api.execution.fields import Attribute, OneByOne, Together
from graphql_api.execution.variables import Variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphql import GraphQLObjectType, GraphQLSchema

    from graphql_api.execution.borrowed import FieldDetails, StrawberryExecutor

Root: TypeAlias = OneByOne | Together | Attribute
MAX_VARIANTS: Final = 8  # of one operation: choices of its @skip and @include


class Plans:
    """The compiled completions of one operation; `given_up` counts the values that graphql-core completed after all."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Iterable[FragmentDefinitionNode],
    ) -> None:
        """No field is compiled before it is asked for."""
        self._schema = schema
        self._operation = operation
        self._variables = Variables(schema, operation)
        self._fragments = {one.name.value: one for one in fragments}
        self._details = {name: FragmentDetails(one, None) for name, one in self._fragments.items()}
        self._switches = _switches([operation, *fragments])
        self._has_one_root = isinstance(operation.selection_set.selections[0], FieldNode) and (
            len(operation.selection_set.selections) == 1
        )
        self._variants: dict[tuple[Any, ...], dict[str, Root | None]] = {}
        self.given_up = 0

    def executor(
        self, context: object, variables: Mapping[str, Any], extensions: Mapping[str, Any] | None
    ) -> CompiledExecutor | None:
        """What executes the operation, as graphql-core's `build` makes it; None where only that can tell."""
        values = self._variables.values(variables)
        if values is None:
            return None
        return CompiledExecutor(
            self._schema,
            self._fragments,
            self._details,
            None,
            context,
            self._operation,
            values,
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
            is_awaitable=is_awaitable,
            operation_extensions=extensions,
        )

    def root(
        self,
        executor: StrawberryExecutor,
        parent: GraphQLObjectType,
        name: str,
        details: list[FieldDetails],
    ) -> Root | None:
        """The root field that answers under `name`, unless graphql-core is to complete it."""
        variant = self._variant(executor)
        if variant not in self._variants and len(self._variants) >= MAX_VARIANTS:
            del self._variants[next(iter(self._variants))]
        known = self._variants.setdefault(variant, {})
        if name not in known:
            known[name] = _compiled(executor, parent, details)
        return known[name]

    def only_root(self, executor: StrawberryExecutor) -> tuple[str, OneByOne] | None:
        """The one field that a query asks at its root, with its name, once that was compiled."""
        known = self._variants.get(self._variant(executor)) if self._has_one_root else None
        [(name, root)] = known.items() if known else [("", None)]
        return (name, root) if isinstance(root, OneByOne) else None

    def _variant(self, executor: StrawberryExecutor) -> tuple[Any, ...]:
        coerced = executor.variable_values.coerced
        return tuple(coerced.get(switch) for switch in self._switches)


def _compiled(
    executor: StrawberryExecutor, parent: GraphQLObjectType, details: list[FieldDetails]
) -> Root | None:
    if details[0].node.selection_set is None:  # a leaf
        return None
    try:
        field = Compiler(executor).field(parent, details)
    except (NotCompiled, GraphQLError):  # the latter as for @include(if: null), told if it is reached
        return None
    return field if isinstance(field, Root) else None


class _Switches(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        values = [argument.value for argument in node.arguments or ()]
        self.names.update(value.name.value for value in values if isinstance(value, VariableNode))


def _switches(nodes: Iterable[OperationDefinitionNode | FragmentDefinitionNode]) -> list[str]:
    """The variables that directives ask: with them, the selected fields change."""
    found = _Switches()
    for node in nodes:
        visit(node, found)
    return sorted(found.names)
