"""Which migrations were run is written by whoever migrates, and only read by the service."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from graphql_api.database import Database
from graphql_api.migrations.migrate import upgrade
from graphql_api.migrations.revisions import revision_of
from graphql_api.migrations.standing import check_migrated
from graphql_api.reading.wall import SERVICE, VIEWER
from tests.migrations.test_live_system import asked

BEFORE, AT = "0007", "0008"
WRITES = (
    "UPDATE alembic_version SET version_num = '0001'",
    "DELETE FROM alembic_version",
    "INSERT INTO alembic_version (version_num) VALUES ('9999')",
)


@pytest.mark.rule("D12")
@pytest.mark.parametrize("role", [SERVICE, VIEWER])
@pytest.mark.parametrize("write", WRITES)
def test_neither_role_says_which_migrations_were_run(postgresql_url: str, role: str, write: str) -> None:
    def overwrite(connection: Connection) -> None:
        connection.execute(text(f"SET LOCAL ROLE {role}"))
        connection.execute(text(write))

    with pytest.raises(DBAPIError, match="permission denied for table alembic_version"):
        asked(postgresql_url, overwrite)
    assert asked(postgresql_url, revision_of) is not None


async def test_the_service_still_reads_it(database: Database) -> None:
    await check_migrated(database)


def test_a_database_in_use_is_brought_there(empty_database_url: str) -> None:
    upgrade(empty_database_url, to=BEFORE)
    assert upgrade(empty_database_url, to=AT) == [AT]
    assert asked(empty_database_url, revision_of) == AT
