"""The revisions that this version of the code knows, and the one that a database is at.

Told without alembic: a server asks for no more, and would wait a tenth of a second for it at every start.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import column, inspect, select, table

if TYPE_CHECKING:
    from sqlalchemy import Connection

FOLDER: Final = Path(__file__).parent / "versions"
STANDS: Final = table("alembic_version", column("version_num"))


def head() -> str:
    """The newest revision that the code knows."""
    return revisions()[-1]


@cache
def revisions() -> list[str]:
    """Every revision that the code knows, oldest first: the numbers that their files begin with."""
    return sorted(path.name.partition("_")[0] for path in FOLDER.glob("[0-9]*_*.py"))


def revision_of(connection: Connection) -> str | None:
    """The revision that a database is at."""
    if not inspect(connection).has_table(STANDS.name):
        return None
    found: str | None = connection.scalar(select(STANDS.c.version_num))
    return found


def is_migrated(revision: str | None) -> bool:
    """Whether this code can work on a database at that revision: its own newest, or a later one.

    Migrations only add. So while a new version is rolled out, the old one goes on with the tables of the new.
    """
    return revision is not None and (revision == head() or revision not in revisions())
