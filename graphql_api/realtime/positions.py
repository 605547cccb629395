"""Moving streams, and asking where one stands.

A plain sequence loses events that commit late: a reader passes them by. Here the writer locks the stream's row until it
commits, so positions become visible in order and without gaps, on both databases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import select

from graphql_api.models.node_id import NOWHERE
from graphql_api.models.stream import Stream
from graphql_api.reading.questions import Among

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncSession

FURTHER: Final = """
INSERT INTO streams (id, position, revision) SELECT {id}, {steps}, 1 FROM {moving} WHERE true
ON CONFLICT (id) DO UPDATE SET position = streams.position + excluded.position, revision = streams.revision + 1
RETURNING id, position"""
"""Row by row, in the order given: so it is locked in."""
SQLITE: Final = FURTHER.format(
    id="json_extract(value, '$.id')", steps="json_extract(value, '$.steps')", moving="json_each(?)"
)
POSTGRESQL: Final = FURTHER.format(
    id="id", steps="steps", moving="json_to_recordset($1::text::json) AS moving (id uuid, steps bigint)"
)


class Span(NamedTuple):
    """The part of a stream that is kept: what follows `pruned_to`, up to `position`."""

    pruned_to: int
    position: int


def document(steps: Mapping[UUID, int]) -> str:
    """How many positions to take of each stream, if any; its revision moves too.

    All in one order, so that two transactions never wait for each other in a circle. What all partners see comes last.
    """
    ordered = sorted(steps, key=lambda key: (key == NOWHERE, key))
    return orjson.dumps([{"id": key.hex, "steps": steps[key]} for key in ordered]).decode()


def stands(found: Iterable[tuple[UUID | str, int]]) -> dict[UUID, int]:
    """Where each stream that was moved stands now."""
    return {key if isinstance(key, UUID) else UUID(key): position for key, position in found}


async def current_position(session: AsyncSession, stream_id: UUID) -> int:
    """Where the stream stands: 0 while it is empty."""
    return await session.scalar(select(Stream.position).where(Stream.id == stream_id)) or 0


def spans() -> Select[Any]:
    """How much there is of the streams that are asked for: their keys, with what a Span holds."""
    columns: list[Any] = [Stream.id, Stream.pruned_to, Stream.position]
    return select(*columns).where(Among(Stream.id))
