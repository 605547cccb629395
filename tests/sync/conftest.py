"""A database for the syncs."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from graphql_api.database import Database
from graphql_api.models.by import By
from graphql_api.models.rows import Base


@pytest.fixture
async def database(empty_database_url: str) -> AsyncIterator[Database]:
    """A fresh database; the test runs once on each kind."""
    found = Database(empty_database_url)
    async with found.write(By(None, "Test")) as writing:
        await (await writing.session.connection()).run_sync(Base.metadata.create_all)
    yield found
    await found.close()
