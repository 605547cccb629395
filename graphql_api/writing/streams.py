"""Moving streams, at the end of the transaction that changed what they tell of.

A plain sequence loses events that commit late: a reader passes them by. Here the writer locks the stream's row until it
commits, so positions become visible in order and without gaps, on both databases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

import orjson

from graphql_api.models import rows
from graphql_api.models.node_id import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STREAM_OF: Final[dict[type[rows.Base], str]] = {
    rows.Notification: "recipient_id",
    rows.PartnerEvent: "partner_id",
}
"""What takes a place in a stream, with what names the stream."""
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


def document(steps: Mapping[UUID, int]) -> str:
    """How many positions to take of each stream, if any; its revision moves too.

    All in one order, so that two transactions never wait for each other in a circle. What all partners see comes last.
    """
    ordered = sorted(steps, key=lambda key: (key == NOWHERE, key))
    return orjson.dumps([{"id": key.hex, "steps": steps[key]} for key in ordered]).decode()


def stands(found: Iterable[tuple[UUID | str, int]]) -> dict[UUID, int]:
    """Where each stream that was moved stands now."""
    return {key if isinstance(key, UUID) else UUID(key): position for key, position in found}
