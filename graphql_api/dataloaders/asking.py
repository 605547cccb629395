"""Asking what a viewer sees, and getting it as records."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from graphql_api.reading.questions import Among
from graphql_api.reading.records import CHILDREN, Children, columns_of, maker_of, names_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from uuid import UUID

    from graphql_api.access.sight import Sight
    from graphql_api.database import View
    from graphql_api.reading.questions import Found, Question


class SightedQuestion:
    """A select that depends on who looks. It is prepared once for every kind of viewer."""

    def __init__(self, build: Callable[[Sight], Select[Any]]) -> None:
        """`build` makes it of a sight."""
        self._build = build
        self._prepared: dict[tuple[Any, ...], Question] = {}

    def __call__(self, database: View, sight: Sight, **values: Any) -> Awaitable[Found]:
        """What the database answers, for these values of its parameters."""
        place = (database.kind, sight.kind)
        question = self._prepared.get(place)
        if question is None:
            question = self._prepared[place] = database.question(self._build(sight))
        return database.ask(question, sight.values | values)


async def records(database: View, sight: Sight, model: Any, columns: Sequence[Sequence[Any]]) -> list[Any]:
    """Records of the model, made of its columns, each with its children."""
    make, children = maker_of(model), CHILDREN.get(model)
    if children is None:
        return list(map(make, zip(*columns, strict=True)))
    keys = columns[names_of(model).index("id")]
    of = await _children(database, sight, children, keys)
    return list(map(make, zip(*columns, map(of.__getitem__, keys), strict=True)))


async def _children(
    database: View, sight: Sight, children: Children, keys: Sequence[UUID]
) -> defaultdict[UUID, list[Any]]:
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    place = names_of(children.model).index(children.parent.key)
    for child in map(maker_of(children.model), await _asked(children)(database, sight, keys=keys)):
        found[child[place]].append(child)
    return found


@cache
def _asked(children: Children) -> SightedQuestion:
    listed = select(*columns_of(children.model)).where(Among(children.parent)).order_by(children.order)
    return SightedQuestion(lambda _sight: listed)
