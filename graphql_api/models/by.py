"""By whom a change is made."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID


class By(NamedTuple):
    """The actor, or nobody we know (a client, a clock, an operator), and the name that is kept with the change."""

    actor_id: UUID | None
    name: str
