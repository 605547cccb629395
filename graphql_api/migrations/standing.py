"""Whether a database has the tables that this version of the code works on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import DBAPIError

from graphql_api.migrations.revisions import head, is_migrated, revision_of
from graphql_api.models.operator_error import OperatorError
from graphql_api.reading.faults import state_of

if TYPE_CHECKING:
    from graphql_api.database import Database

STRANGE: Final = ("22023", "42501")
"""PostgreSQL: there is no such role; or there is, for another database, and this one has not granted it anything."""
REMEDY: Final = "run `migrate`"


class NotMigrated(OperatorError):  # noqa: N818 - named for what the operator has not done
    """One line that says where the database stands, and what to do."""


async def check_migrated(database: Database) -> None:
    """Whether the code can work there.

    Raises:
        NotMigrated: it lacks tables, some of their columns, or the service's rights to them.

    """
    try:
        async with database.aside() as connection:
            revision = await connection.run_sync(revision_of)
    except DBAPIError as error:
        if state_of(error) not in STRANGE:
            raise
        raise NotMigrated(f"the database does not let the service in yet: {REMEDY}") from None
    if not is_migrated(revision):
        found = f"the database is at {revision}" if revision else "the database has no tables"
        raise NotMigrated(f"{found}, this version needs {head()}: {REMEDY}")
