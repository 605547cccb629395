"""The client's page, opened on a fresh database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from graphql_api.database import Database
from tests.pages.site import Site, opened


@pytest.fixture
async def site(database_url: str) -> AsyncIterator[Site]:
    """The page of one pending link; the test runs on both databases."""
    database = Database(database_url)
    async with opened(database) as site:
        yield site
    await database.close()


@pytest.fixture
async def sqlite_site(sqlite_url: str) -> AsyncIterator[Site]:
    """The same on SQLite only, for what the database has no part in."""
    database = Database(sqlite_url)
    async with opened(database) as site:
        yield site
    await database.close()
