"""Writers who give up on nothing: each change has a key of its own, and is sent again until it is answered."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2
from sqlalchemy import func, select

from graphql_api.database import Database
from graphql_api.models import rows
from tests.factories import World
from tests.faults.stage import PATIENCE, Serving

CREATE = """mutation($input: CreateConfirmationLinkInput!) { createConfirmationLink(input: $input) {
  confirmationLink { id name } userErrors { code } cursor } }"""
PAUSE = 0.1


@dataclass
class Writers:
    """What they were answered, over all."""

    servers: Sequence[Serving]
    world: World
    acknowledged: dict[str, str] = field(default_factory=dict)
    """By a link's name its id."""
    troubles: Counter[str] = field(default_factory=Counter)
    """The codes of errors, and what went wrong with connections."""
    longest: float = 0.0
    """Seconds that any one answer took."""

    async def create(self, name: str, first: int = 0) -> None:
        """Make a link of that name, at one server after the other."""
        deadline = time.monotonic() + PATIENCE
        turn = first
        async with httpx2.AsyncClient(timeout=PATIENCE) as client:
            while name not in self.acknowledged:
                assert time.monotonic() < deadline, (name, self.troubles)
                server = self.servers[turn % len(self.servers)]
                if not await self._sent(client, server, name):
                    turn += 1
                    await asyncio.sleep(PAUSE)

    async def _sent(self, client: httpx2.AsyncClient, server: Serving, name: str) -> bool:
        started = time.monotonic()
        try:
            answer = await client.post(
                f"http://{server.address}/graphql",
                json={"query": CREATE, "variables": {"input": self._input(name)}},
                headers={
                    "Authorization": f"Bearer {self.world.tokens['partner_admin']}",
                    "Idempotency-Key": name,
                },
            )
        except httpx2.TransportError as error:
            self.troubles[type(error).__name__] += 1
            return False
        finally:
            self.longest = max(self.longest, time.monotonic() - started)
        return self._taken(name, answer)

    def _taken(self, name: str, answer: httpx2.Response) -> bool:
        said: dict[str, Any] = answer.json()
        if "errors" in said:
            self.troubles.update(error["extensions"]["code"] for error in said["errors"])
            assert (answer.status_code == 503) == ("retry-after" in answer.headers)
            return False
        payload = said["data"]["createConfirmationLink"]
        assert payload["userErrors"] == []
        self.acknowledged[name] = payload["confirmationLink"]["id"]
        return True

    def _input(self, name: str) -> dict[str, Any]:
        return {"name": name, "products": self.world.chosen("MKT-PRO")}


@dataclass(frozen=True)
class Counts:
    """What is in the database, of our partner."""

    links: Counter[str]
    positions: list[int]
    mails: int
    audits: int


async def counts_of(database: Database, world: World) -> Counts:
    """Count the rows that creating links leaves."""
    partner_id = world.ours.partner.id
    async with database.read() as session:
        link, event = rows.ConfirmationLink, rows.PartnerEvent
        names = await session.scalars(select(link.name).where(link.partner_id == partner_id))
        positions = await session.scalars(
            select(event.position).where(event.partner_id == partner_id).order_by(event.position)
        )
        mails = await session.scalar(select(func.count()).select_from(rows.OutboxMail))
        audits = await session.scalar(
            select(func.count()).where(rows.AuditEntry.action == "confirmation_link.create")
        )
        return Counts(Counter(names), list(positions), mails or 0, audits or 0)


def check(writers: Writers, counts: Counts, wanted: int, mails_each: int) -> None:
    """Nothing acknowledged is lost, nothing is done twice."""
    print(  # noqa: T201 - what was counted
        f"acknowledged {len(writers.acknowledged)} of {wanted}; links {counts.links.total()}, events "
        f"{len(counts.positions)}, audit entries {counts.audits}, mails {counts.mails}; longest answer "
        f"{writers.longest:.1f} s; {dict(writers.troubles)}"
    )
    assert counts.links == Counter(writers.acknowledged.keys())
    assert len(writers.acknowledged) == wanted
    assert counts.positions == list(range(1, wanted + 1))
    assert (counts.audits, counts.mails) == (wanted, wanted * mails_each)
