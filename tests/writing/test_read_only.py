"""A file that may only be read refuses changes; once it may be written again, the next change is made."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from graphql_api.database import Database
from graphql_api.reading.faults import is_read_only, is_unavailable
from tests.factories import World


async def test_a_writer_that_could_only_read_is_opened_anew(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    async with database.connect() as connection:
        await connection.exec_driver_sql("PRAGMA query_only=ON")
    with pytest.raises(OperationalError) as caught:
        await World.make(database)
    assert is_read_only(caught.value)
    assert is_unavailable(caught.value)
    await World.make(database)
    await database.close()
