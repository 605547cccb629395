"""Reading what is in a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, bindparam, select

from graphql_api.reading.records import columns_of
from graphql_api.writing.streams import STREAM_OF

if TYPE_CHECKING:
    from sqlalchemy import Select


def rows_after(model: Any) -> Select[Any]:
    """The rows of the model in one `stream`, in order, that follow the position `after`: at most so `many`."""
    rows = select(*columns_of(model)).where(getattr(model, STREAM_OF[model]) == bindparam("stream", None))
    following = rows.where(model.position > bindparam("after", None)).order_by(model.position)
    return following.limit(bindparam("many", None, type_=Integer))
