"""Where tokens are shown."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, Select, Uuid, case, func, null, select
from sqlalchemy.orm import aliased

from graphql_api.access.tokens import hash_of
from graphql_api.access.viewer import Viewer
from graphql_api.models import rows
from graphql_api.models.actor import ActorKind
from graphql_api.models.client_error import Unauthenticated
from graphql_api.models.node_id import NOWHERE
from graphql_api.reading.questions import KEYS, Among
from graphql_api.reading.records import columns_of, maker_of, names_of
from graphql_api.waiting import Errand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement

    from graphql_api.reading.questions import Answering, Question

AT_ONCE = 500
PATIENCE = 10.0
"""Seconds in which the database must say who it is: everybody waits for that first."""


class Door:
    """Tells who holds a token, looking anew each time, and which revision of things they see.

    One statement answers all who ask at the same moment: at an event, every subscriber is looked at again.
    """

    def __init__(self, database: Answering, clock: Callable[[], datetime]) -> None:
        """One for a process; it asks the database, and the clock."""
        self._database = database
        self._clock = clock
        self._question: Question = database.question(_holders(database.kind))
        self._asked: set[str] = set()
        """The secrets of those whom the next look answers."""
        self._look: Errand[Mapping[str, Viewer]] | None = None

    async def viewer(self, secret: str) -> Viewer:
        """Who holds this token.

        Raises:
            Unauthenticated: unknown, expired or revoked, or its owner is no longer active.
            TimeoutError: the database says nothing.

        """
        viewer = (await self._next_look(secret).result()).get(secret)
        if viewer is None:
            raise Unauthenticated
        return viewer

    async def viewers(self, secrets: Iterable[str]) -> Mapping[str, Viewer]:
        """Who holds these tokens, where it is somebody who may come in.

        Raises:
            TimeoutError: the database says nothing.

        """
        found: dict[str, Viewer] = {}
        for look in {self._next_look(secret) for secret in secrets}:
            found |= await look.result()
        return found

    def _next_look(self, secret: str) -> Errand[Mapping[str, Viewer]]:
        """The look that has not begun yet: one that has might tell the past."""
        if self._look is None or len(self._asked) >= AT_ONCE:
            self._asked = set()
            self._look = Errand(self._found(self._asked))
        self._asked.add(secret)
        return self._look

    async def _found(self, secrets: set[str]) -> Mapping[str, Viewer]:
        """Who holds these, where it is somebody who may come in."""
        if self._asked is secrets:
            self._look = None
        by_hash = {hash_of(secret): secret for secret in secrets}
        async with asyncio.timeout(PATIENCE):
            found = await self._database.ask(self._question, {KEYS: [*by_hash]})
        now = self._clock()
        viewers = (_viewer(row, now.date()) for row in found)
        return {
            by_hash[one.token.secret_hash]: one
            for one in viewers
            if one.token.is_valid(now) and one.actor.is_active
        }


def _viewer(row: Sequence[Any], today: date) -> Viewer:
    """Who holds a token, whether or not it is valid still."""
    width = len(names_of(rows.ApiToken))
    *held, own, common, looks_after = row
    token, actor = maker_of(rows.ApiToken)(held[:width]), maker_of(rows.Actor)(held[width:])
    return Viewer(actor, token, (own or 0, common or 0), tuple(looks_after or ()), today)


@cache
def _holders(kind: str) -> Select[Any]:
    """Tokens with whose they are, the revisions of the holder's partner and of what all partners see, and partners."""
    own, common = aliased(rows.Stream), aliased(rows.Stream)
    return (
        select(*columns_of(rows.ApiToken), *columns_of(rows.Actor), own.revision, common.revision)
        .add_columns(_looked_after() if kind == "postgresql" else null())
        .join(rows.Actor, rows.Actor.id == rows.ApiToken.actor_id)
        .outerjoin(own, own.id == rows.Actor.partner_id)
        .outerjoin(common, common.id == NOWHERE)
        .where(Among(rows.ApiToken.secret_hash))
    )


def _looked_after() -> ColumnElement[Any]:
    """The partners of one of the vendor's staff: the assigned ones, and those whose renewals they manage."""
    assigned = select(rows.Assignment.partner_id).where(rows.Assignment.staff_member_id == rows.Actor.id)
    managed = select(rows.Renewal.partner_id).where(rows.Renewal.renewal_manager_id == rows.Actor.id)
    partners = func.array(assigned.union(managed).scalar_subquery(), type_=ARRAY(Uuid()))
    return case((rows.Actor.kind == ActorKind.STAFF_MEMBER, partners))
