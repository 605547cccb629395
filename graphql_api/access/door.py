"""Where tokens are shown."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from aiodataloader import DataLoader
from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from graphql_api.access.tokens import hash_of
from graphql_api.access.viewer import Viewer, viewer_with
from graphql_api.models import rows
from graphql_api.models.client_error import Unauthenticated
from graphql_api.models.node_id import NOWHERE
from graphql_api.reading.questions import Among
from graphql_api.reading.records import columns_of, maker_of, names_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from graphql_api.reading.questions import Answering, Question

AT_ONCE = 500


class Door:
    """Tells who holds a token, looking anew each time, and which revision of things they see.

    One statement answers all who ask at the same moment: at an event, every subscriber is looked at again.
    """

    def __init__(self, database: Answering, clock: Callable[[], datetime]) -> None:
        """One for a process; it asks the database, and the clock."""
        self._database = database
        self._clock = clock
        self._question: Question = database.question(_holders())
        self._asked: DataLoader[str, Viewer] | None = None  # made within the server's loop

    async def viewer(self, secret: str) -> Viewer:
        """Who holds this token.

        Raises:
            Unauthenticated: unknown, expired or revoked, or its owner is no longer active.

        """
        self._asked = self._asked or DataLoader(self._look, cache=False, max_batch_size=AT_ONCE)
        return await self._asked.load(secret)

    async def _look(self, secrets: list[str]) -> list[Any]:
        """For each a viewer, or what is raised in its stead."""
        hashes = [hash_of(secret) for secret in secrets]
        found = await self._database.ask(self._question, {"keys": list(set(hashes))})
        now, of_all = self._clock(), len(names_of(rows.ApiToken))
        viewers = {}
        for row in found:
            token, actor = maker_of(rows.ApiToken)(row[:of_all]), maker_of(rows.Actor)(row[of_all:-2])
            viewers[token.secret_hash] = viewer_with(token, actor, now, (row[-2] or 0, row[-1] or 0))
        return [viewers.get(one) or Unauthenticated() for one in hashes]


@cache
def _holders() -> Select[Any]:
    """Tokens with whose they are, and the revisions of the holder's partner and of what all partners see."""
    own, common = aliased(rows.Stream), aliased(rows.Stream)
    return (
        select(*columns_of(rows.ApiToken), *columns_of(rows.Actor), own.revision, common.revision)
        .join(rows.Actor, rows.Actor.id == rows.ApiToken.actor_id)
        .outerjoin(own, own.id == rows.Actor.partner_id)
        .outerjoin(common, common.id == NOWHERE)
        .where(Among(rows.ApiToken.secret_hash))
    )
