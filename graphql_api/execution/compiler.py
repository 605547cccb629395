"""Turning the selections of an operation into completions, once for all the requests that send it."""

from __future__ import annotations

import inspect
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from graphql import (
    GraphQLAbstractType,
    GraphQLObjectType,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from graphql_api.execution.borrowed import GraphQLCoreConverter, collect_subfields, field_of
from graphql_api.execution.calls import Call
from graphql_api.execution.columns import leaves
from graphql_api.execution.fields import Attribute, Field, OneByOne, Together, Typename
from graphql_api.execution.levels import Abstract, Completion, Lists, Nullable, Objects, rows_of
from graphql_api.schema.fields import BRINGS, LEAD, TOGETHER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from graphql import GraphQLOutputType

    from graphql_api.execution.borrowed import FieldDetails, StrawberryExecutor

MAX_FIELDS: Final = 5_000  # of one root field; each possible type of an interface counts


class NotCompiled(Exception):  # noqa: N818 - not an error
    """Something in the selection is not understood, or there is too much of it: graphql-core completes it."""


class Compiler:
    """Compiles what stands below one root field."""

    def __init__(self, executor: StrawberryExecutor) -> None:
        """For the operation that the executor runs, with its choices of @skip and @include."""
        self._executor = executor
        self._left = MAX_FIELDS

    def completion(self, type_: GraphQLOutputType, details: list[FieldDetails]) -> Completion:
        """Completes values of the type, selected so.

        Raises:
            NotCompiled: graphql-core is to do it.

        """
        nullable = not is_non_null_type(type_)
        inner: Any = type_ if nullable else type_.of_type  # type: ignore[union-attr]
        if is_leaf_type(inner):
            return leaves(inner, nullable=nullable)
        completion: Completion
        if is_list_type(inner):
            completion = Lists(self.completion(inner.of_type, details))
        elif is_abstract_type(inner):
            completion = self._abstract(inner, details)
        else:
            completion = self._objects(inner, details)
        return Nullable(completion) if nullable else completion

    def _abstract(self, type_: GraphQLAbstractType, details: list[FieldDetails]) -> Completion:
        possible = self._executor.schema.get_possible_types(type_)
        if not _told_by_is_type_of(type_, possible):
            raise NotCompiled
        return Abstract({one: self._objects(one, details) for one in possible})

    def _objects(self, type_: GraphQLObjectType, details: list[FieldDetails]) -> Objects:
        executor = self._executor
        grouped = collect_subfields(
            executor.schema,
            executor.fragments,
            executor.variable_values,
            executor.operation,
            type_,
            details,
            executor.hide_suggestions,
        ).grouped_field_set
        self._left -= len(grouped)
        if self._left < 0:
            raise NotCompiled
        return Objects(type_, {name: self.field(type_, same) for name, same in grouped.items()})

    def field(self, parent: GraphQLObjectType, details: list[FieldDetails]) -> Field:
        """The field of that type, selected so.

        Raises:
            NotCompiled: as completion().

        """
        name = details[0].node.name.value
        if name == "__typename":
            return Typename(parent.name)
        definition = self._executor.schema.get_field(parent, name)
        field = field_of(definition) if definition else None
        if definition is None or field is None:
            raise NotCompiled
        complete = self.completion(definition.type, details)
        if field.is_basic_field:
            return Attribute(attrgetter(field.python_name), complete)
        call = Call(field, definition, parent, details, self._executor.schema)
        if brings := field.metadata.get(BRINGS):
            call.ahead = _brought(complete, brings)
        if together := field.metadata.get(TOGETHER):
            resolve = partial(partial, together) if inspect.iscoroutinefunction(together) else together
            return Together(resolve, call, complete, field.metadata.get(LEAD))
        return OneByOne(call, complete)


def _brought(complete: Completion, brings: Callable[[Iterable[Any]], tuple[Any, ...]]) -> tuple[Any, ...]:
    """Which of the relations below it a resolver is to bring along; those need not be asked then."""
    below = [one for row in rows_of(complete) for one in row.fields.values() if isinstance(one, Together)]
    return brings(dict.fromkeys(one.lead for one in below if one.lead))


def _told_by_is_type_of(type_: GraphQLAbstractType, possible: Iterable[GraphQLObjectType]) -> bool:
    """Whether the types themselves declare which values they are; else Strawberry has ways of its own to find out."""
    declared = [one.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF) for one in (type_, *possible)]
    if getattr(declared[0], "resolve_type", None):
        return False
    return all(getattr(one, "is_type_of", None) for one in declared[1:])
