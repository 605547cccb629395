"""What runs when: one table, and what keeps to it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from graphql_api.jobs.notices import decide_due
from graphql_api.jobs.retention import prune_audit_log, prune_events, prune_keys, prune_mails
from graphql_api.reading.absence import Absence
from graphql_api.reading.faults import once_more

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from graphql_api.database import Database
    from graphql_api.settings import Settings


@dataclass(frozen=True, slots=True)
class Job:
    """Something that is done again and again; `every` in seconds. It ends early when its event is set."""

    name: str
    every: float
    run: Callable[[Database, Settings, asyncio.Event], Awaitable[object]]


JOBS = (
    Job("decide renewal notices", 20, decide_due),
    Job("delete old events", 3_600, prune_events),
    Job("delete old mails", 3_600, prune_mails),
    Job("delete old idempotency keys", 3_600, prune_keys),
    Job("delete old audit entries", 3_600, prune_audit_log),
)


async def run_clock(
    database: Database, settings: Settings, stop: asyncio.Event, absence: Absence | None = None
) -> None:
    """Run every job at its pace until `stop` is set; one that missed the database, as soon as that is back."""
    absence = absence or Absence("clock")
    await asyncio.gather(*(_keep(job, database, settings, stop, absence) for job in JOBS))


async def _keep(
    job: Job, database: Database, settings: Settings, stop: asyncio.Event, absence: Absence
) -> None:
    while not stop.is_set():
        pause = job.every
        try:
            await once_more(partial(job.run, database, settings, stop))
            absence.over(job.name)
        except Exception as error:  # noqa: BLE001 - it is logged; the next round tries again
            pause = min(pause, absence.note(error, job.name) or pause)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
