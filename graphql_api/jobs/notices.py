"""The clock's main work: whatever notice or reminder is due today is decided, each exactly once (D6)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from graphql_api.actions.renewal_notices import Place, decide, due_places
from graphql_api.models.by import By

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from uuid import UUID

    from graphql_api.database import Database
    from graphql_api.models.renewal_notice import Milestone
    from graphql_api.settings import Settings

CLOCK = By(None, "Clock")
FOUND_AT_ONCE = 5_000
DECIDED_AT_ONCE = 100

log = structlog.get_logger(__name__)


async def decide_due(database: Database, settings: Settings, stop: asyncio.Event | None = None) -> int:
    """Decide all that is due now, or until `stop` is set; says how many notices.

    Safe to run twice at once, and to be killed anywhere.
    """
    today, stop = database.clock().date(), stop or asyncio.Event()
    decided = 0
    for milestone in settings.milestones:
        decided += await _decide_milestone(database, milestone, today, stop)
    if decided:
        log.info("renewal notices decided", count=decided)
    return decided


async def _decide_milestone(
    database: Database, milestone: Milestone, today: date, stop: asyncio.Event
) -> int:
    decided, last = 0, None
    while True:
        async with database.read() as session:
            places = await due_places(session, milestone, today, last, FOUND_AT_ONCE)
        for keys in _batches(places):
            if stop.is_set():
                return decided
            await asyncio.sleep(0)  # whoever waits for SQLite's one writer has it in between
            async with database.write(CLOCK) as writing:
                decided += len(await decide(writing, keys, milestone, today))
        if len(places) < FOUND_AT_ONCE:
            return decided
        last = places[-1]


def _batches(places: Sequence[Place]) -> Iterator[list[UUID]]:
    """Partner after partner: a transaction holds the streams of few."""
    keys = [place.renewal_id for place in sorted(places, key=lambda place: place.partner_id)]
    for start in range(0, len(keys), DECIDED_AT_ONCE):
        yield keys[start : start + DECIDED_AT_ONCE]
