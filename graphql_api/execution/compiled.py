"""The executor with compiled root fields, plugged in where graphql-core executes them.

Parsing, validation, variables, the choice of root fields, subscriptions and all errors stay graphql-core's. A query's
root field is resolved and completed level by level (levels.py); where that gives up, graphql-core executes it from the
start, so errors, paths and nulls are the specification's. Queries have no side effects, so nobody notices that parts of
one were asked twice. What a mutation or an event answered is completed in the same way, but resolved by graphql-core,
once. A query of one root field, as most are, is that field's answer, once graphql-core has chosen and we compiled it.

A query or an event with very many objects is answered whole or not at all: an error stands for its root field, since
graphql-core would hold up everybody for half a minute to find out where exactly it belongs. No mutation has so many:
what was done would be told as an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphql import ExecutionResult, OperationType
from graphql.pyutils import Path

from graphql_api.execution.borrowed import StrawberryExecutor, is_awaitable, to_nodes
from graphql_api.execution.calls import Run
from graphql_api.execution.columns import GiveUp
from graphql_api.execution.fields import OneByOne, settled
from graphql_api.execution.introspected import is_introspection
from graphql_api.execution.reach import MAX_OBJECTS
from graphql_api.models.client_error import TooCostly

if TYPE_CHECKING:
    from collections.abc import Hashable

    from graphql import GraphQLList, GraphQLObjectType, GraphQLOutputType, GraphQLResolveInfo

    from graphql_api.execution.borrowed import FieldDetails
    from graphql_api.execution.levels import Completion
    from graphql_api.execution.plans import Plans, Root

WIDE: Final = 5_000
"""So many objects hold up everybody for a second while graphql-core completes them, and cost more than to compile."""
TOO_WIDE: Final = (
    f"Something in the answer needs care that only up to {WIDE:,} objects get: ask for less at once"
)


class CompiledExecutor(StrawberryExecutor):
    """Strawberry's executor, with compiled root fields."""

    plans: Plans | None = None
    """Those of the operation; None to leave everything to graphql-core."""
    asked: Hashable = None
    """Tells a subscription's operation, with its variables, from others."""
    is_wide = False
    """Whether it asks for more than graphql-core may complete."""
    may_swell = False
    """Whether the same objects may stand at very many places of its answer."""
    most_items = MAX_OBJECTS
    """So many items of lists are completed by graphql-core at most."""
    _failed: Exception | None = None
    """Why a wide query's only field has no answer."""

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
            if self._failed:
                return self._told(self._failed, args)
            root = self.plans.root(self, parent_type, str(path.key), field_details_list)
            if isinstance(root, OneByOne):
                return self._executed(root, args)
            if self._is_too_wide(root, field_details_list):
                return self._told(TooCostly(TOO_WIDE), args)
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
            if self._is_too_wide(root, field_details_list):
                raise TooCostly(TOO_WIDE)
        return super().complete_value(*args)

    def complete_list_value(
        self,
        return_type: GraphQLList[GraphQLOutputType],
        field_details_list: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Complete the list as graphql-core does, unless there were too many items already.

        Raises:
            TooCostly: a list without pages was longer than anybody could know before.

        """
        if isinstance(result, list | tuple) and not is_introspection(info.parent_type):
            self.most_items -= len(result)
            if self.most_items < 0:
                raise TooCostly(TOO_WIDE)
        return super().complete_list_value(
            return_type, field_details_list, info, path, result, position_context
        )

    @property
    def _may_repeat(self) -> bool:
        return self.operation.operation is OperationType.QUERY

    async def _executed_only(self, name: str, root: OneByOne) -> Any:
        try:
            return ExecutionResult({name: await self._asked(root, Path(None, name, root.call.parent.name))})
        except Exception as error:  # noqa: BLE001 - graphql-core meets it again, or tells it
            self._give_up()
            if self.is_wide:
                self._failed = error
            else:
                self.plans = None
        executed = super().execute_operation()
        return await executed if is_awaitable(executed) else executed

    async def _executed(self, root: OneByOne, args: Any) -> Any:
        *_, path, _ = args
        try:
            return await self._asked(root, path)
        except Exception as error:  # noqa: BLE001 - graphql-core meets it again, or tells it
            self._give_up()
            if self.is_wide:
                return self._told(error, args)
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
        except Exception as error:
            self._give_up()
            if self.is_wide:
                raise _reason(error) from error
        completed = super().complete_value(*args)
        return await completed if is_awaitable(completed) else completed

    def _is_too_wide(self, root: Root | None, details: list[FieldDetails]) -> bool:
        """Whether only graphql-core knows how to complete it, and may not."""
        node = details[0].node
        return self.is_wide and root is None and bool(node.selection_set) and node.name.value[:2] != "__"

    def _told(self, error: Exception, args: Any) -> None:
        """Tell the error at its root field, which is null; where it may not be, so is all."""
        parent, _, details, path, _ = args
        definition = self.schema.get_field(parent, details[0].node.name.value)
        assert definition  # noqa: S101 - the document is valid
        self.handle_field_error(_reason(error), definition.type, details, path)

    def _give_up(self) -> None:
        if self.plans:
            self.plans.given_up += 1


def _reason(error: Exception) -> Exception:
    """What is told of the error."""
    return TooCostly(TOO_WIDE) if isinstance(error, GiveUp) else error
