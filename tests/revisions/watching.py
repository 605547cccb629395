"""What a change does to what the two partners see, and to the revisions that they can tell it by."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from graphql_api.models import rows
from graphql_api.models.node_id import NOWHERE
from tests.api import Api
from tests.factories import World
from tests.revisions.snapshot import snapshot

OURS, THEIRS, ALL = "ours", "theirs", "all"


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
    stands: dict[str, int]

    def till(self, later: Look) -> Noticed:
        """What is different in a later look."""
        noticed = Noticed(_different(self.seen, later.seen), _different(self.stands, later.stands))
        noticed.check()
        return noticed


@dataclass(frozen=True)
class Watch:
    """Both partners' admins, looking at everything."""

    api: Api
    world: World

    async def look(self) -> Look:
        """Look around."""
        admins = {OURS: "partner_admin", THEIRS: "other_partner_admin"}
        seen = {who: await snapshot(self.api, self.world.tokens[name]) for who, name in admins.items()}
        return Look(seen, await self.revisions())

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


def _different(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {who for who in before if before[who] != after[who]}
