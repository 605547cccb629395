"""The second wall: which partners' rows PostgreSQL itself shows a connection (row-level security).

The first are the conditions of every query (access/sight.py). Where one was forgotten, this still shows nothing of
others. A connection that nobody has told anything sees no partner at all. SQLite has no such wall.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

ROLE = "partner_api"
"""The role that the service works as: it owns no table, so the wall holds for it."""
PARTNERS = "partner_api.partners"
"""The setting with the partners that are seen, as an array; or *."""
VIEWER = "partner_api.viewer"
"""The setting with the person or machine that is signed in."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen behind the wall: the values of its settings."""

    partners: str
    viewer: str = ""

    @property
    def sql(self) -> str:
        """What tells a connection, for good. Both values are made here, of keys alone: there is nothing to quote."""
        return f"SET {PARTNERS} = '{self.partners}'; SET {VIEWER} = '{self.viewer}'"

    @property
    def settings(self) -> dict[str, str]:
        """The settings by their names."""
        return {PARTNERS: self.partners, VIEWER: self.viewer}


EVERYTHING = Seen("*")
"""For the service's own work: jobs, commands, and whoever holds a link's secret."""
NOTHING = Seen("")


def only(partners: Iterable[UUID], viewer: UUID) -> Seen:
    """These partners' rows, and the viewer's own."""
    return Seen(f"{{{','.join(map(str, partners))}}}", str(viewer))
