"""Leaves in columns: one field of all the objects of a level, serialized at once.

The common case is told by the classes of the values, which Python finds without a loop of ours. Everything else goes
value by value through the type's own coercion, as in graphql-core.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Any, Final, TypeAlias, cast

from graphql import GraphQLBoolean, GraphQLID, GraphQLLeafType, GraphQLString
from graphql.pyutils import UndefinedType

from graphql_api.execution.borrowed import CustomGraphQLEnumType

Column: TypeAlias = list[Any]
Later: TypeAlias = Callable[[], Awaitable[Column]]
"""Begins a column that has to be waited for. Nothing is begun before: whoever is cancelled leaves nothing half done."""
MaybeLater: TypeAlias = Column | Later
"""What needs nobody else is there at once: a coroutine for each level would cost more than a small one."""
Leaves: TypeAlias = Callable[[Any, Column], Column]
"""Completes scalars and members of enums, whatever they are part of."""

_AS_THEY_ARE: Final[dict[Any, type]] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}
_NOTHING: Final = {type(None), UndefinedType}
_ordinary: Final[set[type]] = set()


class GiveUp(Exception):  # noqa: N818 - not an error: graphql-core completes the value instead
    """Not the common case: graphql-core is to complete the value, with its errors, paths and nulls."""


def check_ordinary(values: Column) -> None:
    """Leave to graphql-core what it treats in its own way: null, exceptions, and what is to be awaited.

    Raises:
        GiveUp: one of the values is such.

    """
    if _ordinary.issuperset(map(type, values)):
        return
    for kind in set(map(type, values)):
        if issubclass(kind, Exception | UndefinedType | type(None)):
            raise GiveUp
        if hasattr(kind, "__await__") or hasattr(kind, "__aiter__"):
            raise GiveUp
        _ordinary.add(kind)


def leaves(type_: GraphQLLeafType, *, nullable: bool) -> Leaves:
    """What serializes a column of the type's values.

    The result raises whatever the type's coercion raises, and GiveUp for a null that may not be.
    """
    coerce = type_.coerce_output_value

    def each(_run: Any, values: Column) -> Column:
        present = [value for value in values if value is not None] if nullable else values
        check_ordinary(present)
        serialized = list(map(coerce, present))
        if not _NOTHING.isdisjoint(map(type, serialized)):
            raise GiveUp
        if len(present) == len(values):
            return serialized
        following = iter(serialized)
        return [None if value is None else next(following) for value in values]

    if type_ in _AS_THEY_ARE:
        return _as_they_are({_AS_THEY_ARE[type_]} | ({type(None)} if nullable else set()), each)
    return _members(type_, each) if isinstance(type_, CustomGraphQLEnumType) else each


def _as_they_are(usual: set[type], each: Leaves) -> Leaves:
    return lambda run, values: values if usual.issuperset(map(type, values)) else each(run, values)


def _members(type_: CustomGraphQLEnumType, each: Leaves) -> Leaves:
    members = cast("type[Enum]", type_.wrapped_cls)
    usual = {members}
    names = {member: type_.coerce_output_value(member) for member in members}

    def serialize(run: Any, values: Column) -> Column:
        if usual.issuperset(map(type, values)):
            return list(map(names.__getitem__, values))
        return each(run, values)

    return serialize
