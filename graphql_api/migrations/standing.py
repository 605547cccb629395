"""Whether a database has the tables that this version of the code works on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import DBAPIError

from graphql_api.migrations.revisions import head, is_migrated, revision_of
from graphql_api.models.operator_error import OperatorError
from graphql_api.reading.faults import state_of
from graphql_api.reading.wall import SERVICE, VIEWER

if TYPE_CHECKING:
    from graphql_api.database import Database

NO_ROLE, NO_RIGHT = "22023", "42501"
"""PostgreSQL: there is no such role; or there is, for another database, and something has not been granted here."""
REMEDY: Final = "run `migrate`"
LOCKED_OUT: Final = f"the database does not let the service in yet: {REMEDY}"
NOT_GRANTED: Final = (
    f"the service's login was not granted its roles: where `migrate` may not do so, an administrator runs"
    f" GRANT {SERVICE}, {VIEWER} TO it (docs/scaling.md, Roles)"
)


class NotMigrated(OperatorError):  # noqa: N818 - named for what the operator has not done
    """One line that says where the database stands, and what to do."""


async def check_migrated(database: Database) -> None:
    """Whether the code can work there.

    Raises:
        NotMigrated: it lacks tables, some of their columns, or the service's rights to them; or the login lacks its roles.

    """
    try:
        async with database.aside() as connection:
            revision = await connection.run_sync(revision_of)
    except DBAPIError as error:
        state = state_of(error)
        if state not in {NO_ROLE, NO_RIGHT}:
            raise
        raise NotMigrated(
            NOT_GRANTED if state == NO_RIGHT and _is_before_asking(error) else LOCKED_OUT
        ) from None
    if not is_migrated(revision):
        found = f"the database is at {revision}" if revision else "the database has no tables"
        raise NotMigrated(f"{found}, this version needs {head()}: {REMEDY}")


def _is_before_asking(error: DBAPIError) -> bool:
    """Whether taking on the role was refused already, as each connection does when it is opened."""
    return error.statement is None
