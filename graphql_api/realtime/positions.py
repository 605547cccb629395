"""Where streams stand, and how much of them is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from graphql_api.models.stream import Stream
from graphql_api.reading.questions import Among

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncSession


class Span(NamedTuple):
    """The part of a stream that is kept: what follows `pruned_to`, up to `position`."""

    pruned_to: int
    position: int


async def current_position(session: AsyncSession, stream_id: UUID) -> int:
    """Where the stream stands: 0 while it is empty."""
    return await session.scalar(select(Stream.position).where(Stream.id == stream_id)) or 0


def spans() -> Select[Any]:
    """How much there is of the streams that are asked for: their keys, with what a Span holds."""
    columns: list[Any] = [Stream.id, Stream.pruned_to, Stream.position]
    return select(*columns).where(Among(Stream.id))
