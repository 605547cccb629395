"""Taking the next position in a stream, and asking where it stands.

A plain sequence loses events that commit late: a reader passes them by. Here the writer locks the stream's row until it
commits, so positions become visible in order and without gaps, on both databases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import BigInteger, BindParameter, Uuid, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from graphql_api.models.stream import Stream
from graphql_api.reading.prepared import Prepared

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
MOVED = "moved"
"""Where a session's info has the streams whose revision it has moved."""


class Span(NamedTuple):
    """The part of a stream that is kept: what follows `pruned_to`, up to `position`."""

    pruned_to: int
    position: int


def _further(kind: str) -> Any:
    count: BindParameter[int] = bindparam("count", None, BigInteger())
    insert = INSERTS[kind](Stream).values(id=bindparam("stream", None, Uuid()), position=count, revision=1)
    further = {"position": Stream.position + count, "revision": Stream.revision + 1}
    return insert.on_conflict_do_update(index_elements=[Stream.id], set_=further).returning(Stream.position)


FURTHER = Prepared(_further)


async def next_positions(session: AsyncSession, stream_id: UUID, count: int) -> range:
    """Take so many positions at once, and move the revision, in one statement."""
    [(last,)] = await FURTHER(session, stream=stream_id, count=count)
    session.info.setdefault(MOVED, set()).add(stream_id)
    return range(last - count + 1, last + 1)


async def current_position(session: AsyncSession, stream_id: UUID) -> int:
    """Where the stream stands: 0 while it is empty."""
    return await session.scalar(select(Stream.position).where(Stream.id == stream_id)) or 0


async def current_span(session: AsyncSession, stream_id: UUID) -> Span:
    """How much of the stream there is."""
    found = await session.execute(select(Stream.pruned_to, Stream.position).where(Stream.id == stream_id))
    return Span(*found.one_or_none() or (0, 0))
