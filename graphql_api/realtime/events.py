"""Reading what is in a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Integer, bindparam, select

from graphql_api.models.stream import PartnerEvent
from graphql_api.reading.records import columns_of, maker_of
from graphql_api.writing.streams import STREAM_OF

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncSession


def rows_after(model: Any) -> Select[Any]:
    """The rows of the model in one `stream`, in order, that follow the position `after`: at most so `many`."""
    rows = select(*columns_of(model)).where(getattr(model, STREAM_OF[model]) == bindparam("stream", None))
    following = rows.where(model.position > bindparam("after", None)).order_by(model.position)
    return following.limit(bindparam("many", None, type_=Integer))


async def events_after(
    session: AsyncSession, partner_id: UUID, position: int, limit: int, visible: ColumnElement[bool]
) -> Sequence[PartnerEvent]:
    """A partner's events that follow a position, in order, as far as they are visible."""
    asked = {"stream": partner_id, "after": position, "many": limit}
    found = await session.execute(rows_after(PartnerEvent).where(visible), asked)
    return list(map(maker_of(PartnerEvent), found))
