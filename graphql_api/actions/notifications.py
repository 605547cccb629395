"""What a person does with its notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.models import rows
from graphql_api.models.refusal import LimitExceeded, NotFound, refuse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from graphql_api.access.sight import Sight
    from graphql_api.database import Writing

LIMIT = 500


async def mark_read(writing: Writing, sight: Sight, keys: Sequence[UUID]) -> list[rows.Notification]:
    """Mark the viewer's own notifications as read; those read before keep their time.

    Raises:
        LimitExceeded: more than 500.
        Refused: ids that name none of the viewer's notifications; then none is marked.

    """
    if len(keys) > LIMIT:
        raise LimitExceeded("ids", message=f"at most {LIMIT} at once")
    mine = sight.select(rows.Notification).where(rows.Notification.id.in_(keys))
    locked = await writing.session.scalars(mine.order_by(rows.Notification.id).with_for_update())
    found = {row.id: row for row in locked}
    refuse([NotFound("ids", str(index)) for index, key in enumerate(keys) if key not in found])
    for row in found.values():
        row.read_at = row.read_at or writing.now
    return [found[key] for key in dict.fromkeys(keys)]
