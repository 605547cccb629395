"""Records by their keys, within a session's transaction."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select

from graphql_api.models.base import Base
from graphql_api.reading.prepared import Prepared
from graphql_api.reading.questions import Among
from graphql_api.reading.records import CHILDREN, columns_of, maker_of, names_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

Model = TypeVar("Model", bound=Base)


async def records_by_key(
    session: AsyncSession, model: type[Model], keys: Collection[UUID]
) -> dict[UUID, Model]:
    """Records of the model by their keys, each with its children; to be read only.

    No sight is asked: only for what a visible row names.
    """
    if not keys:
        return {}
    make, width, place = maker_of(model), len(names_of(model)), names_of(model).index("id")
    found = list(await _keyed(model)(session, keys=keys))
    if model not in CHILDREN:
        return {values[place]: make(values) for values in found}
    held: defaultdict[tuple[Any, ...], list[Any]] = defaultdict(list)
    make_child = maker_of(CHILDREN[model].model)
    for values in found:
        child = values[width:]
        held[values[:width]] += [] if child[0] is None else [make_child(child)]
    return {values[place]: make((*values, children)) for values, children in held.items()}


@cache
def _keyed(model: Any) -> Prepared:
    """Each with its children beside it, or with none."""
    found = select(*columns_of(model)).where(Among(model.id))
    if model not in CHILDREN:
        return Prepared(found)
    held = CHILDREN[model]
    beside = found.add_columns(*columns_of(held.model)).outerjoin(held.model, held.parent == model.id)
    return Prepared(beside.order_by(held.order))
