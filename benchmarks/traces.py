"""What a side wrote: a mutation that leaves less behind than the others would be measured for other work."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping

from sqlalchemy import func, select

from graphql_api.database import Database
from graphql_api.models.base import Base

CREATED = {
    "confirmation_links": 1,
    "link_products": 1,
    "partner_events": 1,
    "audit_entries": 1,
    "notifications": 2,
    "outbox_mails": 2,
}
"""By table, the rows of a link with one product whose partner has a CAM and a PDM."""


def row_counts(url: str) -> Counter[str]:
    """How many rows each table has."""
    return asyncio.run(_counted(url))


def missing(before: Counter[str], after: Counter[str], expected: Mapping[str, int]) -> Iterator[str]:
    """Where something else was written than expected."""
    for table in after:
        written, wanted = after[table] - before[table], expected.get(table, 0)
        if written != wanted:
            yield f"{written} rows written to {table} instead of {wanted}"


async def _counted(url: str) -> Counter[str]:
    database, found = Database(url), Counter[str]()
    async with database.read() as session:
        for name, table in Base.metadata.tables.items():
            found[name] = await session.scalar(select(func.count()).select_from(table)) or 0
    await database.close()
    return found
