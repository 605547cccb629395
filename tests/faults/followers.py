"""Writers and subscribers of one partner, who keep lists; and the comparison of those with the database's tables."""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

import httpx2
from sqlalchemy import func, select

from graphql_api.models import rows
from graphql_api.realtime.cursor import Cursors
from tests.factories import World
from tests.faults.stage import PATIENCE, SECRET, Stage
from tests.realtime.documents import EVENTS
from tests.realtime.live import Client, Watch

SECONDS = float(os.environ.get("FAULT_SECONDS", "3"))
"""How long a storm lasts."""
CREATE = """mutation($input: CreateConfirmationLinkInput!) {
  createConfirmationLink(input: $input) { confirmationLink { name } userErrors { code } } }"""


@dataclass
class Crowd:
    """All that happens to our partner meanwhile."""

    stage: Stage
    world: World
    addresses: list[str]
    """Of the processes, each of which anybody may meet."""
    acknowledged: list[str] = field(default_factory=list)
    """The names of the links whose making was answered."""
    lists: list[list[str]] = field(default_factory=list)
    """The cursors that each subscriber got, over all its connections."""
    connections: int = 0
    last: str | None = None
    """The cursor of the last event, once nobody writes any more."""

    @property
    def token(self) -> str:
        return self.world.tokens["partner_admin"]

    def start(self) -> str:
        """The cursor before everything."""
        return self._cursor(0)

    async def write(self, number: int, until: float) -> None:
        """Make links, one after the other, until that moment."""
        chance = random.Random(number)  # noqa: S311 - a test's dice
        async with httpx2.AsyncClient(
            timeout=60, headers={"Authorization": f"Bearer {self.token}"}
        ) as client:
            for turn in count():
                if time.monotonic() >= until:
                    return
                name = f"Link {number} {turn}"
                given = {"name": name, "products": self.world.chosen("MKT-PRO")}
                body = {"query": CREATE, "variables": {"input": given}}
                address = chance.choice(self.addresses)
                answer = (await client.post(f"http://{address}/graphql", json=body)).json()
                assert answer["data"]["createConfirmationLink"]["userErrors"] == []
                self.acknowledged.append(name)

    async def come_and_go(self, number: int) -> None:
        """Follow with the last cursor, drop the connection, come back; until the last event is there."""
        chance = random.Random(-number - 1)  # noqa: S311
        seen: list[str] = []
        self.lists.append(seen)
        while not self._is_complete(seen):
            await asyncio.sleep(chance.random() / 10)
            over, client = chance.choice(["websocket", "events"]), Client(chance.choice(self.addresses))
            self.connections += 1
            async with client.ask(EVENTS, self.token, over=over, after=(seen or [self.start()])[-1]) as watch:
                await self._read(watch, seen, chance.choice([0, 1, 5, 25, 125]))

    async def follow(self, *before: str) -> None:
        """Follow until the last event is there, on one connection; `before` are the cursors of what was seen."""
        seen = list(before)
        self.lists.append(seen)
        self.connections += 1
        address = self.addresses[len(self.lists) % len(self.addresses)]
        async with Client(address).ask(EVENTS, self.token, after=(seen or [self.start()])[-1]) as watch:
            await self._read(watch, seen, sys.maxsize)

    async def writing_ended(self) -> None:
        """From now on subscribers know when they have everything."""
        self.last = self._cursor((await self.positions())[-1])

    async def positions(self) -> list[int]:
        """All of the partner's events, by the table."""
        asked = select(rows.PartnerEvent.position).where(
            rows.PartnerEvent.partner_id == self.world.ours.partner.id
        )
        async with self.world.database.read() as session:
            return list(await session.scalars(asked.order_by(rows.PartnerEvent.position)))

    async def compare(self) -> str:
        """Every acknowledged link is there, every subscriber got every event once, in order. Says what it counted."""
        positions = await self.positions()
        async with self.world.database.read() as session:
            links = await session.scalar(select(func.count()).select_from(rows.ConfirmationLink))
        told = (
            f"{len(self.acknowledged)} acknowledged links, {links} in the table; {len(positions)} events;"
            f" {len(self.lists)} subscribers on {self.connections} connections got"
            f" {sorted({len(one) for one in self.lists})} each"
        )
        sys.stdout.write(told + "\n")
        assert positions == [*range(1, len(positions) + 1)]
        assert len(self.acknowledged) == len(set(self.acknowledged)) == links
        expected = [self._cursor(position) for position in positions]
        assert all(one == expected for one in self.lists)
        return told

    async def _read(self, watch: Watch, seen: list[str], at_most: int) -> None:
        """Take so many events, or all that will ever come."""
        enough, heard = len(seen) + at_most, time.monotonic()
        while len(seen) < enough and not self._is_complete(seen):
            with suppress(TimeoutError):  # meanwhile what was seen may turn out to be all
                payload = await asyncio.wait_for(watch.received.get(), 0.5)
                assert payload, "it is complete"
                seen.append(payload["data"]["partnerEvents"]["cursor"])
                heard = time.monotonic()
            assert time.monotonic() < heard + PATIENCE, f"nothing came after {len(seen)} events"

    def _is_complete(self, seen: list[str]) -> bool:
        return self.last is not None and self.last in seen[-1:]

    def _cursor(self, position: int) -> str:
        return Cursors(SECRET.encode()).at(self.world.ours.partner.id, position)
