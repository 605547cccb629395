"""The executor with compiled root fields, plugged in where graphql-core executes them.

Parsing, validation, variables, the choice of root fields, subscriptions and all errors stay graphql-core's. A query's
root field is resolved and completed level by level (levels.py); where that gives up, graphql-core executes it from the
start, so errors, paths and nulls are the specification's. Queries have no side effects, so nobody notices that parts of
one were asked twice. What a mutation or an event answered is completed in the same way, but resolved by graphql-core,
once. A query of one root field, as most are, is that field's answer, once graphql-core has chosen and we compiled it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from graphql import (
    DirectiveNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    default_field_resolver,
    default_type_resolver,
    visit,
)
from graphql.pyutils import Path

from graphql_api.execution.borrowed import FragmentDetails, StrawberryExecutor, is_awaitable, to_nodes
from graphql_api.execution.calls import Run
from graphql_api.execution.compiler import Compiler, NotCompiled
from graphql_api.execution.fields import Attribute, OneByOne, Together, settled
from graphql_api.execution.variables import Variables

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from graphql import GraphQLObjectType, GraphQLOutputType, GraphQLResolveInfo, GraphQLSchema

    from graphql_api.execution.borrowed import FieldDetails
    from graphql_api.execution.levels import Completion

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
            return None
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


class CompiledExecutor(StrawberryExecutor):
    """Strawberry's executor, with compiled root fields."""

    plans: Plans | None = None
    """Those of the operation; None to leave everything to graphql-core."""
    asked: Hashable = None
    """Tells a subscription's operation, with its variables, from others."""

    def execute_operation(self, serially: bool | None = None) -> Any:  # noqa: FBT001 - graphql-core's form
        """Execute the operation: by one compiled field, where that is all that a query asks."""
        only = self.plans.only_root(self) if self.plans and self._may_repeat else None
        return self._executed_only(*only) if only else super().execute_operation(serially)

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: list[FieldDetails],
        path: Path,
        position_context: Any,
    ) -> Any:
        """Resolve the field and complete its value, compiled where it is a query's root field."""
        args = (parent_type, source, field_details_list, path, position_context)
        if self.plans and path.prev is None and self._may_repeat:
            root = self.plans.root(self, parent_type, str(path.key), field_details_list)
            if isinstance(root, OneByOne):
                return self._executed(root, args)
        return super().execute_field(*args)

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Complete the value, compiled where it is that of a root field which is resolved only once."""
        args = (return_type, field_details_list, info, path, result, position_context)
        if self.plans and path.prev is None and return_type is info.return_type:
            root = self.plans.root(self, info.parent_type, str(path.key), field_details_list)
            if root and not (self._may_repeat and isinstance(root, OneByOne)):
                return self._completed(root.complete, args)
        return super().complete_value(*args)

    @property
    def _may_repeat(self) -> bool:
        return self.operation.operation is OperationType.QUERY

    async def _executed_only(self, name: str, root: OneByOne) -> Any:
        try:
            return ExecutionResult({name: await self._asked(root, Path(None, name, root.call.parent.name))})
        except Exception:  # noqa: BLE001 - graphql-core meets it again, and tells it
            self._give_up()
        self.plans = None
        executed = super().execute_operation()
        return await executed if is_awaitable(executed) else executed

    async def _executed(self, root: OneByOne, args: Any) -> Any:
        *_, path, _ = args
        try:
            return await self._asked(root, path)
        except Exception:  # noqa: BLE001 - graphql-core meets it again, and tells it
            self._give_up()
        executed = super().execute_field(*args)
        return await executed if is_awaitable(executed) else executed

    async def _asked(self, root: OneByOne, path: Path) -> Any:
        call = root.call
        info = self.build_resolve_info(call.definition, to_nodes(call.details), call.parent, path)
        return (await root.column(Run(self, info, call), [self.root_value])())[0]

    async def _completed(self, completion: Completion, args: Any) -> Any:
        _, _, info, _, result, _ = args
        try:
            return (await settled(completion(Run(self, info), [result])))[0]
        except Exception:  # noqa: BLE001 - graphql-core meets it again, and tells it
            self._give_up()
        completed = super().complete_value(*args)
        return await completed if is_awaitable(completed) else completed

    def _give_up(self) -> None:
        if self.plans:
            self.plans.given_up += 1


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
