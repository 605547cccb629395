"""The whole service on a port of its own, once on each database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from graphql_api.app import App
from tests.realtime.live import Live, served


@pytest.fixture
async def live(app: App) -> AsyncIterator[Live]:
    """The service, served until the test ends; the test's own commits wake it."""
    async with served(app) as live:
        yield live


@pytest.fixture(params=["websocket", "events"])
def over(request: pytest.FixtureRequest) -> str:
    """The transport; the test runs once over each."""
    return str(request.param)
