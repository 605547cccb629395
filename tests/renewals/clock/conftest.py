"""A clock that starts at noon: no test crosses midnight without meaning to."""

from __future__ import annotations

import pytest

from graphql_api.settings import Settings
from tests.api import Api
from tests.clock import Clock
from tests.factories import World
from tests.renewals.clock.clockwork import PRIMARY, Clockwork


@pytest.fixture
def clock() -> Clock:
    return Clock.at_noon()


@pytest.fixture
async def clockwork(world: World, api: Api, clock: Clock, settings: Settings) -> Clockwork:
    """The world's clock, with Ana as Acme's primary contact."""
    made = Clockwork(world, api, clock, settings)
    await made.contact("Ana", PRIMARY)
    return made
