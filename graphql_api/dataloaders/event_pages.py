"""What follows a position in partners' streams, for many partners at once."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Integer, and_, bindparam, select, true

from graphql_api.dataloaders.asking import SightedQuestion
from graphql_api.models import rows
from graphql_api.reading.questions import each_key
from graphql_api.reading.records import columns_of, maker_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import Select

    from graphql_api.access.sight import Sight
    from graphql_api.database import View
    from graphql_api.dataloaders.batches import Batch
    from graphql_api.realtime.feed import Feed


def event_pages(feed: Feed[rows.PartnerEvent], after: int | None, many: int) -> Batch:
    """For each partner so many visible events that follow the position, or all that is kept.

    With them comes how much of its stream there is, where that must be known: after a position, or without an event.
    It is asked last, so that what was deleted meanwhile is told.
    """

    async def batch(database: View, sight: Sight, keys: Sequence[UUID]) -> list[Any]:
        asked = FOLLOWING[database.kind]
        found = defaultdict(list)
        for event in map(
            maker_of(rows.PartnerEvent), await asked(database, sight, keys=keys, after=after or 0, many=many)
        ):
            found[event.partner_id].append(event)
        unsure = [key for key in keys if after is not None or not found[key]]
        spans = await feed.spans(unsure) if unsure else {}
        return [(found[key], spans.get(key)) for key in keys]

    return batch


def _following(kind: str, sight: Sight) -> Select[Any]:
    """For each key a page of its own, as pages of lists are (paging.py)."""
    event = rows.PartnerEvent
    keys = each_key(event.partner_id.type, kind)
    of_one = (
        select(*columns_of(event))
        .where(event.partner_id == keys.c.value, sight.of(event))
        .where(event.position > bindparam("after", None, type_=BigInteger))
        .order_by(event.position)
        .limit(bindparam("many", None, type_=Integer))
    )
    if kind == "postgresql":
        own = of_one.lateral()
        return select(*own.c).select_from(keys).join(own, true()).order_by(own.c.position)
    positions = of_one.with_only_columns(event.position).correlate(keys)
    on_page = and_(event.partner_id == keys.c.value, event.position.in_(positions))
    return select(*columns_of(event)).select_from(keys).join(event, on_page).order_by(event.position)


FOLLOWING = {kind: SightedQuestion(partial(_following, kind)) for kind in ("sqlite", "postgresql")}
