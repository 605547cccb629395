"""PostgreSQL goes away and comes back: a clear code meanwhile, never a hang, and nothing lost or done twice."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest
from websockets.exceptions import WebSocketException

from graphql_api.database import Database
from graphql_api.migrations.migrate import upgrade
from graphql_api.realtime.cursor import Cursors
from tests.factories import World
from tests.faults.stage import PATIENCE, SECRET, Postgres, Serving, Stage, own_postgres, until
from tests.faults.test_servers_killed import MAILS_EACH
from tests.faults.writers import Writers, check, counts_of
from tests.transport.socket_client import ask, connected, receive

WRITERS = 10
EACH = 8
FOLLOW = """subscription($after: Cursor) { partnerEvents(after: $after) { cursor subject { id } } }"""


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    """A server of the test's own, which keeps what it has said it has."""
    with own_postgres("-c", "synchronous_commit=on") as made:
        upgrade(made.url)
        yield made


@pytest.fixture
async def database(postgres: Postgres) -> AsyncIterator[Database]:
    made = Database(postgres.url)
    yield made
    await made.close()


@pytest.fixture
def stage(postgres: Postgres, tmp_path: Path) -> Iterator[Stage]:
    made = Stage(postgres.url, tmp_path, {"STATEMENT_SECONDS": "2"})
    yield made
    made.end()


async def followed(server: Serving, token: str, after: str, count: int) -> list[str]:
    """The ids that a subscriber is told of, who comes back with its cursor for as long as some are missing.

    Meanwhile it may be cut off, or sent away: 1013, "Try again later".
    """
    heard: list[str] = []
    deadline = time.monotonic() + PATIENCE
    while len(heard) < count:
        assert time.monotonic() < deadline, heard
        with suppress(WebSocketException, OSError, AssertionError, KeyError, TimeoutError):
            async with connected(server.address, {"Authorization": token}) as socket:
                await ask(socket, "1", FOLLOW, variables={"after": after})
                while len(heard) < count:
                    async with asyncio.timeout(3):
                        message = await receive(socket)
                    assert message["type"] == "next"
                    event = message["payload"]["data"]["partnerEvents"]
                    heard.append(event["subject"]["id"])
                    after = event["cursor"]
        await asyncio.sleep(0.1)
    return heard


@pytest.mark.rule("D1", "D3")
@pytest.mark.parametrize("sig", [signal.SIGINT, signal.SIGQUIT], ids=["stopped", "crashed"])
async def test_postgresql_is_stopped_and_started_under_load(
    stage: Stage, world: World, postgres: Postgres, sig: signal.Signals
) -> None:
    servers = await asyncio.gather(stage.serve(), stage.serve())
    writers = Writers(servers, world)
    token, start = world.tokens["partner_admin"], Cursors(SECRET.encode()).at(world.ours.partner.id, 0)

    is_away = asyncio.Event()

    async def write(one: int) -> None:
        for turn in range(EACH):
            if turn == EACH - 1:
                await is_away.wait()  # however slow we are, there is something left to write by then
            await writers.create(f"{sig.name} {one} {turn}", one)

    subscribers = [
        asyncio.create_task(followed(server, token, start, WRITERS * EACH)) for server in (*servers, *servers)
    ]
    writing = [asyncio.create_task(write(one)) for one in range(WRITERS)]

    async def is_in_the_middle() -> bool:
        return len(writers.acknowledged) >= WRITERS

    await until(is_in_the_middle)
    postgres.stop(sig)
    is_away.set()
    await asyncio.sleep(1)
    postgres.start()
    await asyncio.gather(*writing)
    told = await asyncio.gather(*subscribers)
    assert writers.troubles["SERVICE_UNAVAILABLE"] > 0
    assert set(writers.troubles) == {"SERVICE_UNAVAILABLE"}
    check(writers, await counts_of(world.database, world), WRITERS * EACH, MAILS_EACH)
    assert all(one == told[0] for one in told)
    assert sorted(told[0]) == sorted(writers.acknowledged.values())
    print(f"{len(told)} subscribers, each with {len(told[0])} events in one order, each once")  # noqa: T201 - what was counted


async def test_a_database_that_says_nothing_is_told_in_time(
    stage: Stage, world: World, postgres: Postgres
) -> None:
    """Stopped with all its processes, as behind a broken network: no connection ends, nothing is answered."""
    server = await stage.serve()
    headers = {"Authorization": f"Bearer {world.tokens['partner_admin']}"}
    query = {"query": "{ confirmationLinks { totalCount nodes { name } } viewer { partner { name } } }"}
    async with httpx2.AsyncClient(base_url=f"http://{server.address}", headers=headers, timeout=60) as client:
        assert "errors" not in (await client.post("/graphql", json=query)).json()
        postgres.signal_all(signal.SIGSTOP)
        try:
            started = time.monotonic()
            answers = await asyncio.gather(*(client.post("/graphql", json=query) for _ in range(5)))
            alive = await client.get("/healthz")
            took = time.monotonic() - started
        finally:
            postgres.signal_all(signal.SIGCONT)
        codes = {error["extensions"]["code"] for one in answers for error in one.json()["errors"]}
        print(f"told after {took:.1f} s: {codes}")  # noqa: T201 - what was counted
        assert codes <= {"SERVICE_UNAVAILABLE", "TIMEOUT"}
        assert {one.status_code for one in answers} <= {503, 504}
        assert alive.status_code == 200

        async def answers_again() -> bool:
            return "errors" not in (await client.post("/graphql", json=query)).json()

        await until(answers_again)
