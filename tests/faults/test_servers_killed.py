"""A server is killed in the middle of many changes: nothing acknowledged is lost, nothing is done twice."""

from __future__ import annotations

import asyncio

import pytest

from tests.factories import World
from tests.faults.stage import Stage, until
from tests.faults.writers import Writers, check, counts_of

CHANGES = 200
MAILS_EACH = 2
"""To the channel account manager and the partner development manager."""


@pytest.mark.rule("D3", "D2")
async def test_a_server_is_killed_amid_two_hundred_changes(stage: Stage, world: World) -> None:
    victim, other = await asyncio.gather(stage.serve(), stage.serve())
    writers = Writers([victim, other], world)
    writing = [asyncio.create_task(writers.create(f"Link {number}")) for number in range(CHANGES)]

    async def is_in_the_middle() -> bool:
        return len(writers.acknowledged) > CHANGES // 5

    await until(is_in_the_middle)
    victim.kill()
    answered = len(writers.acknowledged)
    await asyncio.gather(*writing)
    assert answered < CHANGES
    assert writers.troubles
    check(writers, await counts_of(world.database, world), CHANGES, MAILS_EACH)
