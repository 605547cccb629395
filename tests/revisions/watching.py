"""What a change does to what the two partners see, and to the revisions that they can tell it by.

Each look is taken twice: by fresh eyes, and through the service, which keeps its answers until something moves.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from graphql_api.app import App
from graphql_api.execution.documents import Documents
from graphql_api.execution.unchanged import Unchanged
from graphql_api.models import rows
from graphql_api.models.node_id import NOWHERE
from graphql_api.schema.root import SCHEMA
from tests.api import Api
from tests.factories import World
from tests.revisions.snapshot import snapshot

OURS, THEIRS, ALL = "ours", "theirs", "all"
ADMINS = {OURS: "partner_admin", THEIRS: "other_partner_admin"}
DOCUMENTS = Documents(SCHEMA._schema)
"""What is made of a text depends on nothing else, so fresh eyes may know it."""


@dataclass
class Noticed:
    """Who sees something else than before, and whose revision moved: ours, theirs, or that of all."""

    seen: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)

    def check(self) -> None:
        """Whoever sees something else can tell."""
        missed = set() if ALL in self.moved else self.seen - self.moved
        assert not missed, f"changed for {missed}, and moved for {self.moved or 'nobody'}"


@dataclass(frozen=True)
class Look:
    """What both partners' admins see at a moment, and where the revisions stand."""

    seen: dict[str, Any]
    """By eyes that have seen nothing before."""
    told: dict[str, Any]
    """By the service, which keeps its answers: ours alone, since looking takes long."""
    stands: dict[str, int]

    def till(self, later: Look) -> Noticed:
        """What is different in a later look."""
        noticed = Noticed(_different(self.seen, later.seen), _different(self.stands, later.stands))
        noticed.check()
        stale = _different(later.told, later.seen)
        assert not stale, f"a kept answer is no longer so: {stale}"
        return noticed


@dataclass(frozen=True)
class Watch:
    """Both partners' admins, looking at everything."""

    api: Api
    world: World

    async def look(self, since: Look | None = None) -> Look:
        """Look around; where nothing of theirs moved `since`, and so nothing may have changed, not at theirs again.

        The last look of a test is one at everything: it finds what changed though nothing moved.
        """
        stands = await self.revisions()
        fresh, seen = anew(self.api), {}
        for who in ADMINS:
            is_known = since and who == THEIRS and not _different(since.stands, stands) & {THEIRS, ALL}
            seen[who] = since.seen[who] if since and is_known else (await self._by(fresh, [who]))[who]
        return Look(seen, await self._by(self.api, [OURS]), stands)

    async def _by(self, api: Api, who: Iterable[str]) -> dict[str, Any]:
        return {one: await snapshot(api, self.world.tokens[ADMINS[one]]) for one in who}

    @asynccontextmanager
    async def over(self) -> AsyncIterator[Noticed]:
        """Look before and after a change; what was noticed is known at the end."""
        noticed = Noticed()
        before = await self.look()
        yield noticed
        found = before.till(await self.look())
        noticed.seen, noticed.moved = found.seen, found.moved

    async def revisions(self) -> dict[str, int]:
        """Where each stands."""
        async with self.world.database.read() as session:
            found = await session.execute(select(rows.Stream.id, rows.Stream.revision))
        stand = dict(found.all())
        return {who: stand.get(key, 0) for who, key in self._streams.items()}

    @property
    def _streams(self) -> dict[str, UUID]:
        return {OURS: self.world.ours.partner.id, THEIRS: self.world.theirs.partner.id, ALL: NOWHERE}


def anew(api: Api) -> Api:
    """The service on the same database, with no answer kept and nothing remembered of its rows."""
    database = copy(api.app.service.database)
    database._listeners = []
    app = App(api.app.settings, database)
    operations = app.http._operations
    operations._documents, operations.unchanged = DOCUMENTS, Unchanged(DOCUMENTS)
    return Api(app)


def _different(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {who for who in before if before[who] != after[who]}
