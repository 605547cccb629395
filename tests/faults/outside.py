"""Whoever comes from outside: the proxy is all that they can reach."""

from __future__ import annotations

import asyncio
import re
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx2
from websockets.exceptions import WebSocketException

from tests.factories import World
from tests.faults.followers import CREATE
from tests.realtime.documents import EVENTS
from tests.realtime.live import TRANSPORTS

ANSWER = {"decision": "confirm", "seenVersion": "1", "name": "Bo Li", "email": "bo@acme.example"}


@dataclass
class Subscriber:
    """Follows all events through the proxy, over whatever connections it takes."""

    address: str
    token: str
    over: str
    seen: list[str]
    """Cursors; the first is the one to begin after."""
    kinds: list[str] = field(default_factory=list)
    connections: int = 0

    async def follow(self) -> None:
        """Until cancelled."""
        for self.connections in count(1):
            request = {"query": EVENTS, "variables": {"after": self.seen[-1]}}
            with suppress(OSError, WebSocketException, httpx2.TransportError, AssertionError):
                async with aclosing(TRANSPORTS[self.over](self.address, self.token, request)) as payloads:
                    async for payload in payloads:
                        event = payload["data"]["partnerEvents"]
                        self.seen.append(event["cursor"])
                        self.kinds.append(event["kind"])
            await asyncio.sleep(0.1)

    async def heard(self, number: int, following: asyncio.Task[None]) -> bool:
        """Whether it has heard so many; it must not have given up."""
        if following.done():
            following.result()
        return len(self.kinds) >= number


@dataclass
class Outside:
    """Those who ask and answer."""

    client: httpx2.AsyncClient
    world: World

    async def change(self, who: str, document: str, **variables: Any) -> dict[str, Any]:
        """A mutation that is allowed."""
        headers = {"Authorization": f"Bearer {self.world.tokens[who]}"}
        body = {"query": document, "variables": variables}
        answer = await self.client.post("/graphql", json=body, headers=headers)
        assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["X-Request-Id"])
        [payload] = answer.json()["data"].values()
        assert payload["userErrors"] == []
        result: dict[str, Any] = payload
        return result

    async def create_whatever_happens(self, name: str) -> int:
        """Make a link, again with its key for as long as there is no answer: how often it was sent."""
        headers = {"Authorization": f"Bearer {self.world.tokens['partner_admin']}", "Idempotency-Key": name}
        body = {
            "query": CREATE,
            "variables": {"input": {"name": name, "products": self.world.chosen("MKT-PRO")}},
        }
        for sent in count(1):
            with suppress(httpx2.TransportError):
                answer = await self.client.post("/graphql", json=body, headers=headers)
                if answer.status_code == 200 and answer.json().get("data"):
                    assert answer.json()["data"]["createConfirmationLink"]["userErrors"] == []
                    return sent
            await asyncio.sleep(0.05)
        raise AssertionError

    async def confirm(self, page: str) -> None:
        """What the client does with a mail."""
        assert (await self.client.get(page)).status_code == 200
        assert (await self.client.post(page, data=ANSWER)).status_code == 303
