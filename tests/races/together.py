"""Things done at once, on connections of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from sqlalchemy import select

from graphql_api.models import rows
from tests.api import refusals
from tests.factories import World

Found = TypeVar("Found")
PATIENCE = 60


async def at_once(*doings: Awaitable[Found]) -> list[Found]:
    """What each comes to; a minute without an end is a deadlock."""
    return list(await asyncio.wait_for(asyncio.gather(*doings), PATIENCE))


def codes(payload: dict[str, Any]) -> list[str]:
    """The codes of a payload's refusals."""
    return [code for code, _field in refusals(payload)]


async def everything(world: World, model: type[Any], *where: Any) -> list[Any]:
    """The rows of a table."""
    async with world.database.read() as session:
        return list(await session.scalars(select(model).where(*where)))


async def lines_of(world: World, deal: rows.Deal) -> list[str]:
    """The kinds on a deal's timeline, sorted."""
    lines = await everything(world, rows.DealActivity, rows.DealActivity.deal_id == deal.id)
    return sorted(line.kind for line in lines)
