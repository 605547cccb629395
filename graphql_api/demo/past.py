"""The past of the demo: things happen through the product's own actions, each at its time and by whoever does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from graphql_api.access.sight import Sight
from graphql_api.access.viewer import Viewer
from graphql_api.database import Writing
from graphql_api.models import rows
from graphql_api.models.by import By

Step = tuple[datetime, Callable[[], Awaitable[object]]]
"""When something happens, and what."""


async def happen(writing: Writing, steps: Iterable[Step]) -> None:
    """Let everything happen in the order of time, all in one transaction whose clock is set back for it."""
    for at, act in sorted(steps, key=lambda step: step[0]):
        writing.now = at
        await act()


def act_as(writing: Writing, actor: rows.Actor) -> Sight:
    """Go on as this actor; answers with what they see."""
    writing.by = By(actor.id, actor.name)
    return Sight(Viewer(actor, rows.ApiToken(actor_id=actor.id, scopes=[])))
