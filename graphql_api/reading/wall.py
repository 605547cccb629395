"""The second wall: which partners' rows PostgreSQL itself shows a connection (row-level security).

The first are the conditions of every query (access/sight.py). Where one was forgotten, this still shows nothing of
others. A connection that nobody has told anything sees no partner at all. SQLite has no such wall.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

SERVICE: Final = "partner_api"
"""The role for the service's own work, which sees every row."""
VIEWER: Final = "partner_api_viewer"
"""The role for whoever is signed in. Neither owns a table, so the wall holds for both."""
SETTING: Final = "partner_api.seen"
"""The setting with what a viewer sees, by keys: partners, and the viewer."""


TOLD: Final = text("told.keys IS NOT NULL")
"""The condition that lets a select within behind_wall() begin only once the connection was told what is seen."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen behind the wall: as which role, and for a viewer which keys, as an array."""

    role: str
    keys: str = ""


EVERYTHING: Final = Seen(SERVICE)
"""For jobs, commands, and whoever holds a link's secret."""
NOTHING: Final = Seen(VIEWER)


def only(partners: Iterable[UUID], viewer: UUID) -> Seen:
    """These partners' rows, and the viewer's own."""
    return Seen(VIEWER, f"{{{','.join(map(str, (*partners, viewer)))}}}")


def behind_wall(sql: str, place: int) -> str:
    """The select, which has the condition TOLD, with the keys that are seen as its argument at that place.

    They hold for this one statement, and are set before it reads its first row: the select depends on what setting them
    answers, and OFFSET keeps it apart. In any other order nothing would be seen. Telling them in a statement of their
    own cost a message to the database and back for each: a fifth of a dashboard's time.
    """
    told = f"SELECT set_config('{SETTING}', ${place}, true) AS keys"
    return f"WITH told AS MATERIALIZED ({told}) SELECT q.* FROM told CROSS JOIN LATERAL ({sql} OFFSET 0) AS q"  # noqa: S608 - ours
