"""Noon, so that no day passes between two looks; and both partners' admins looking."""

from __future__ import annotations

import pytest

from graphql_api.settings import Settings
from tests.api import Api
from tests.clock import Clock
from tests.factories import World
from tests.renewals.clock.clockwork import PRIMARY, Clockwork
from tests.revisions.snapshot import snapshot
from tests.revisions.watching import Watch


@pytest.fixture
def clock() -> Clock:
    return Clock.at_noon()


@pytest.fixture
async def clockwork(world: World, api: Api, clock: Clock, settings: Settings) -> Clockwork:
    """Acme, of our partner, has Ana for its primary contact, and a renewal that a notice is due for."""
    made = Clockwork(world, api, clock, settings)
    await made.contact("Ana", PRIMARY)
    await made.renewal(120)
    return made


@pytest.fixture
async def watch(api: Api, world: World, clockwork: Clockwork) -> Watch:
    """The service knows the documents already, so from the first look on it keeps their answers."""
    assert clockwork
    await snapshot(api, world.tokens["other_partner_admin"])
    return Watch(api, world)
