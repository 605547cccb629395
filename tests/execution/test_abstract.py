"""Objects of several types behind one interface: what the groups wait for, they wait for at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLString

from graphql_api.execution.fields import settled
from graphql_api.execution.levels import Abstract, Objects


class Link:
    pass


class Deal:
    pass


class Meeting:
    """A field that is answered once both groups have asked for it."""

    def __init__(self) -> None:
        self._both = asyncio.Barrier(2)

    def column(self, _run: object, objects: list[Any]) -> Callable[[], Awaitable[list[Any]]]:
        async def later() -> list[Any]:
            await self._both.wait()
            return [type(one).__name__ for one in objects]

        return later


def type_of(kind: type) -> GraphQLObjectType:
    def is_type_of(row: object, _info: object) -> bool:
        return isinstance(row, kind)

    is_type_of.fits = lambda other: other is kind  # type: ignore[attr-defined]
    is_type_of.when = None  # type: ignore[attr-defined]
    return GraphQLObjectType(kind.__name__, {"is": GraphQLField(GraphQLString)}, is_type_of=is_type_of)


async def test_groups_of_different_types_ask_at_the_same_time() -> None:
    meeting, types = Meeting(), [type_of(Link), type_of(Deal)]
    either = Abstract({type_: Objects(type_, {"is": meeting}) for type_ in types})
    run: Any = None
    async with asyncio.timeout(5):
        answered = await settled(either(run, [Link(), Deal(), Link()]))
    assert answered == [{"is": "Link"}, {"is": "Deal"}, {"is": "Link"}]
