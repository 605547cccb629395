"""The door: who holds a token is looked at anew, and at once for all who ask together."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from graphql_api.access import door as doors
from graphql_api.access.door import Door
from graphql_api.app import App
from graphql_api.models.client_error import Unauthenticated
from tests.clock import Clock
from tests.factories import World
from tests.statements import counted


@pytest.fixture
def door(app: App) -> Door:
    return app.service.door


async def test_all_who_ask_together_are_looked_at_by_one_statement(door: Door, world: World) -> None:
    ours, theirs = world.tokens["partner_admin"], world.tokens["other_partner_admin"]
    with counted(world.database) as statements:
        found = await asyncio.gather(*(door.viewer(token) for token in (ours, theirs, ours)))
    assert len(statements) == 1
    assert found[0] is found[2]
    assert [one.partner_id for one in found[:2]] == [world.ours.partner.id, world.theirs.partner.id]


async def test_who_asks_while_others_are_looked_at_is_looked_at_anew(door: Door, world: World) -> None:
    token = world.tokens["partner_admin"]
    with counted(world.database) as statements:
        first = asyncio.create_task(door.viewer(token))
        for _ in range(3):
            await asyncio.sleep(0)
        second = await door.viewer(token)
        assert await first is not second
    assert len(statements) == 2


async def test_each_is_told_for_themselves(door: Door, world: World, clock: Clock) -> None:
    ours, soon = world.tokens["partner_admin"], clock() + timedelta(hours=1)
    expired = await world.token_for(world.ours.admin, expires_at=soon)
    clock.advance(minutes=61)
    told = await asyncio.gather(*map(door.viewer, (ours, expired, "unknown")), return_exceptions=True)
    assert [type(one) for one in told[1:]] == [Unauthenticated, Unauthenticated]
    assert not isinstance(told[0], BaseException)


async def test_very_many_are_looked_at_by_several_statements(
    door: Door, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "AT_ONCE", 2)
    tokens = [await world.token_for(world.ours.admin) for _ in range(5)]
    with counted(world.database) as statements:
        found = await asyncio.gather(*map(door.viewer, tokens))
    assert len(statements) == 3
    assert len({one.token.id for one in found}) == 5


async def test_one_who_leaves_leaves_the_others(door: Door, world: World) -> None:
    token = world.tokens["partner_admin"]
    leaving, staying = (asyncio.create_task(door.viewer(token)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying).partner_id == world.ours.partner.id
    assert leaving.cancelled()


async def test_a_database_that_says_nothing_is_not_waited_for(
    door: Door, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_: object) -> None:
        await asyncio.sleep(60)

    with monkeypatch.context() as broken:
        broken.setattr(doors, "PATIENCE", 0.05)
        broken.setattr(door, "_database", _Silent(silent))
        told = await asyncio.gather(*map(door.viewer, ("one", "two")), return_exceptions=True)
    assert [type(one) for one in told] == [TimeoutError, TimeoutError]
    assert await door.viewer(world.tokens["partner_admin"])


class _Silent:
    def __init__(self, ask: object) -> None:
        self.ask = ask
