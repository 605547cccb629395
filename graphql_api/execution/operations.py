"""Runs one operation: the one way in for HTTP, server-sent events and WebSockets.

graphql-core's own steps are called one by one, rather than Strawberry's `execute`, so that every kind of
mistake gets its code, and so that documents already parsed and validated can be kept.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final, cast

import strawberry
from graphql import (
    ExecutionResult,
    GraphQLError,
    OperationType,
    create_source_event_stream,
)

from graphql_api.execution.audiences import Audiences
from graphql_api.execution.borrowed import core_schema, is_awaitable, let_go
from graphql_api.execution.compiled import WIDE, CompiledExecutor
from graphql_api.execution.counting import UTMOST
from graphql_api.execution.documents import MAX_ERRORS, Document, Documents
from graphql_api.execution.errors import as_graphql_error, coded, note_faults
from graphql_api.execution.outcomes import AtOnce, Failure, NeedsStream, Outcome, Results, failure
from graphql_api.execution.reach import MAX_OBJECTS
from graphql_api.execution.requests import Asker, Request
from graphql_api.execution.size import bounded
from graphql_api.execution.unchanged import Unchanged
from graphql_api.models.client_error import BadUserInput, ErrorCode, TimedOut, TooCostly

TIME_LIMIT: Final = 30.0  # seconds for a query
WIDE_CHANGE: Final = (
    f"A mutation is answered with {WIDE:,} objects at most, and nothing was done: ask for lists in a query"
)
_mutations: Final[set[asyncio.Task[ExecutionResult]]] = set()


class Operations:
    """Runs the operations of one schema, with what was kept of their documents."""

    def __init__(self, schema: strawberry.Schema, *, compiled: bool = True) -> None:
        """Not `compiled`, graphql-core completes every value: slower, and otherwise the same."""
        if schema.extensions:
            raise TypeError("Schema extensions are not run here: work belongs in execution/operations.py")
        self.schema = core_schema(schema)
        self._documents = Documents(self.schema)
        self.unchanged = Unchanged(self._documents)
        self._audiences = Audiences()
        self._compiled = compiled

    async def run(
        self,
        request: Request,
        context: Asker,
        *,
        streams: bool = True,
        time_limit: float = TIME_LIMIT,
        at_once: AtOnce | None = None,
    ) -> Outcome:
        """Run the request's operation.

        Queries are cut short after `time_limit` seconds, and when the caller is cancelled. Mutations never are:
        between commit and answer nobody could tell which it was. A subscription is a generator, to be closed by
        the caller; what it can deliver `at_once` does not come out of it.
        """
        try:
            executor = self._executor(request, context)
        except Exception as error:  # noqa: BLE001 - told or masked, as every error is
            return failure(error)
        if isinstance(executor, Failure):
            return executor
        if executor.operation.operation is OperationType.SUBSCRIPTION:
            return await self._subscribe(executor, request, at_once) if streams else _needs_stream()
        if executor.operation.operation is OperationType.MUTATION:
            return await _mutate(executor)
        return await _query(executor, time_limit)

    def _executor(self, request: Request, context: Asker) -> CompiledExecutor | Failure:
        document = self._documents.read(request.query, known=context.is_signed_in)
        if isinstance(document, Failure):
            return document
        operation = document.operation(request.operation_name)
        plans = document.plans(operation) if self._compiled else None
        prepared = plans and plans.executor(context, request.variables or {}, request.extensions)
        executor = prepared or self._built(document, request, context)
        if isinstance(executor, list):
            return Failure([coded(error, ErrorCode.BAD_USER_INPUT) for error in executor])
        variables = executor.variable_values.coerced
        objects = document.reach(operation).check(variables)
        if operation.operation is OperationType.MUTATION and objects > WIDE:
            raise TooCostly(WIDE_CHANGE)
        if plans:
            executor.plans, executor.is_wide, executor.most_items = plans, objects > WIDE, WIDE
        executor.may_swell = document.reach(operation, UTMOST).objects(variables) > MAX_OBJECTS
        return executor

    def _built(
        self, document: Document, request: Request, context: Asker
    ) -> CompiledExecutor | list[GraphQLError]:
        executor = CompiledExecutor.build(
            self.schema,
            document.node,
            context_value=context,
            raw_variable_values=request.variables,
            operation_name=request.operation_name,
            max_coercion_errors=MAX_ERRORS,
            is_awaitable=is_awaitable,
            operation_extensions=request.extensions,
        )
        return cast("CompiledExecutor | list[GraphQLError]", executor)

    async def _subscribe(
        self, executor: CompiledExecutor, request: Request, at_once: AtOnce | None
    ) -> Failure | Results:
        source: Any = create_source_event_stream(executor)
        if is_awaitable(source):
            source = await source
        if isinstance(source, ExecutionResult):
            return Failure(source.errors or [])
        executor.asked = request.query, request.operation_name, repr(executor.variable_values.coerced)
        return self._audiences.results(executor, source, at_once)


async def finish_mutations(within: float = 10.0) -> None:
    """Wait, at most so many seconds, for mutations whose clients have left; before the database is closed."""
    if _mutations:
        await asyncio.wait(_mutations, timeout=within)


async def _execute(executor: CompiledExecutor) -> ExecutionResult:
    try:
        result: Any = executor.execute_operation()
        if is_awaitable(result):
            result = await result
        return bounded(result) if executor.may_swell else cast("ExecutionResult", result)
    finally:
        let_go(executor)


async def _query(executor: CompiledExecutor, time_limit: float) -> ExecutionResult | Failure:
    try:
        async with asyncio.timeout(time_limit):
            return await _execute(executor)
    except TimeoutError:
        return failure(TimedOut())


async def _mutate(executor: CompiledExecutor) -> ExecutionResult:
    task = asyncio.create_task(_execute(executor))
    _mutations.add(task)
    task.add_done_callback(_mutations.discard)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(_note_unheard)
        raise


def _note_unheard(task: asyncio.Task[ExecutionResult]) -> None:
    """Log what went wrong in a mutation that nobody waits for any longer."""
    if not task.cancelled():
        error = task.exception()
        note_faults([as_graphql_error(error)] if isinstance(error, Exception) else task.result().errors or [])


def _needs_stream() -> NeedsStream:
    words = "A subscription needs a WebSocket, or a request that accepts text/event-stream"
    return NeedsStream([as_graphql_error(BadUserInput(words))])
