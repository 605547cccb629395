"""What a delivery costs the database."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest

from tests.factories import World
from tests.realtime.documents import EVENTS
from tests.realtime.live import Live
from tests.statements import counted

BARE = EVENTS.replace("subject { id __typename }", "")


@pytest.mark.rule("D1", "D12")
async def test_an_event_is_read_once_and_all_who_hear_it_are_looked_at_at_once(
    live: Live, world: World
) -> None:
    async with AsyncExitStack() as stack:
        watches = [
            await stack.enter_async_context(live.watch(BARE, world.tokens[who], over=over))
            for who in ("partner_admin", "partner_member")
            for over in ("websocket", "events") * 5
        ]
        with counted(world.database) as statements:
            await world.link()
            assert {(await watch.next())["kind"] for watch in watches} == {"LINK_CREATED"}
    assert sum("FROM partner_events" in one for one in statements) == 1
    assert sum("FROM api_tokens" in one for one in statements) == 1
