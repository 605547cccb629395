"""A second service on the same database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from graphql_api.app import App
from graphql_api.database import Database
from graphql_api.settings import Settings
from tests.api import Api
from tests.clock import Clock


@pytest.fixture
async def other_api(settings: Settings, database_url: str, clock: Clock) -> AsyncIterator[Api]:
    """The second service, with connections of its own."""
    database = Database(database_url, clock)
    yield Api(App(settings, database))
    await database.close()
