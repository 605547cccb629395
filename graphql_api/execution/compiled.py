"""The executor with compiled completion, plugged in where graphql-core completes the value of a root field.

Parsing, validation, variables, root fields and their arguments, mutations, subscriptions and all errors stay
graphql-core's. A root field's value is completed level by level (levels.py); where that gives up, graphql-core
completes it from the start, so errors, paths and nulls are the specification's. What stands below a root field has no
side effects, so nobody notices that parts of it were asked twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphql import (
    DirectiveNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    get_named_type,
    is_leaf_type,
    visit,
)

from graphql_api.execution.borrowed import StrawberryExecutor, is_awaitable
from graphql_api.execution.calls import Run
from graphql_api.execution.compiler import Compiler, NotCompiled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql import GraphQLOutputType, GraphQLResolveInfo
    from graphql.pyutils import Path

    from graphql_api.execution.borrowed import FieldDetails
    from graphql_api.execution.levels import Completion

MAX_VARIANTS: Final = 8  # of one operation: choices of its @skip and @include


class Plans:
    """The compiled completions of one operation; `given_up` counts the values that graphql-core completed after all."""

    def __init__(
        self, operation: OperationDefinitionNode, fragments: Iterable[FragmentDefinitionNode]
    ) -> None:
        """Nothing is compiled before it is asked for."""
        self._switches = _switches([operation, *fragments])
        self._variants: dict[tuple[Any, ...], dict[str, Completion | None]] = {}
        self.given_up = 0

    def completion(
        self,
        executor: StrawberryExecutor,
        type_: GraphQLOutputType,
        name: str,
        details: list[FieldDetails],
    ) -> Completion | None:
        """How the value of the root field that answers under `name` is completed, unless graphql-core is to do it."""
        coerced = executor.variable_values.coerced
        variant = tuple(coerced.get(switch) for switch in self._switches)
        if variant not in self._variants and len(self._variants) >= MAX_VARIANTS:
            return None
        known = self._variants.setdefault(variant, {})
        if name not in known:
            known[name] = _compiled(executor, type_, details)
        return known[name]


def _compiled(
    executor: StrawberryExecutor, type_: GraphQLOutputType, details: list[FieldDetails]
) -> Completion | None:
    if is_leaf_type(get_named_type(type_)):
        return None
    try:
        return Compiler(executor).completion(type_, details)
    except (NotCompiled, GraphQLError):  # the latter as for @include(if: null), told if it is reached
        return None


class CompiledExecutor(StrawberryExecutor):
    """Strawberry's executor, with compiled completion of what stands below its root fields."""

    plans: Plans | None = None
    """Those of the operation; None to leave everything to graphql-core."""

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Complete the value, compiled where it is a root field's."""
        args = (return_type, field_details_list, info, path, result, position_context)
        if self.plans and path.prev is None and return_type is info.return_type:
            name = str(path.key)
            completion = self.plans.completion(self, return_type, name, field_details_list)
            if completion:
                return self._compiled(completion, args)
        return super().complete_value(*args)

    async def _compiled(self, completion: Completion, args: Any) -> Any:
        _, _, info, _, result, _ = args
        try:
            return (await completion(Run(self, info), [result]))[0]
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
