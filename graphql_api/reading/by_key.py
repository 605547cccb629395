"""Records by their keys, within a session's transaction."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from graphql_api.reading.prepared import Prepared
from graphql_api.reading.questions import Among
from graphql_api.reading.records import CHILDREN, columns_of, maker_of, names_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession


async def records_by_key(session: AsyncSession, model: Any, keys: Collection[UUID]) -> dict[UUID, Any]:
    """Records of the model by their keys, each with its children."""
    if not keys:
        return {}
    make, place = maker_of(model), names_of(model).index("id")
    found = {values[place]: values for values in await _keyed(model, model.id)(session, keys=keys)}
    if model not in CHILDREN:
        return {key: make(values) for key, values in found.items()}
    children = await _children(session, model, found)
    return {key: make((*values, children[key])) for key, values in found.items()}


async def _children(
    session: AsyncSession, model: Any, keys: Collection[UUID]
) -> defaultdict[UUID, list[Any]]:
    held = CHILDREN[model]
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    place = names_of(held.model).index(held.parent.key)
    asked = _keyed(held.model, held.parent, held.order)
    for child in map(maker_of(held.model), await asked(session, keys=keys)):
        found[child[place]].append(child)
    return found


@cache
def _keyed(model: Any, key: Any, order: Any = None) -> Prepared:
    return Prepared(lambda _kind: select(*columns_of(model)).where(Among(key)).order_by(order))
