"""What a partner reads comes from the replica, but never older than what the partner was told of."""

from __future__ import annotations

import asyncio
import signal
from random import Random

import pytest
from structlog.testing import capture_logs

from graphql_api.app import App
from graphql_api.database import Database
from tests.api import Api
from tests.factories import World
from tests.replicas.asking import asked_of, create, names, replica_of
from tests.replicas.standby import Pair

PAGE = "{ viewer { partner { name summary { pendingLinks } } } confirmationLinks { totalCount } }"
LINK = "query($id: ID!) { confirmationLink(id: $id) { name } }"


async def test_what_a_partner_reads_comes_from_a_replica_that_has_it_all(
    api: Api, world: World, servers: Pair, database: Database
) -> None:
    token = world.tokens["partner_admin"]
    await create(api, token, world, "Proof")
    await servers.go_on()
    with asked_of(replica_of(database)) as of_replica, asked_of(database.reader) as of_primary:
        found = await api.ask(PAGE, token)
        assert await names(api, token) == ["Proof"]
    assert found["viewer"]["partner"]["summary"]["pendingLinks"] == 1
    assert "session" in of_replica
    assert len(of_replica) == 5
    assert of_primary == []


async def test_a_change_is_read_at_once_wherever_the_next_request_comes(
    api: Api, other: App, world: World, servers: Pair, database: Database
) -> None:
    token = world.tokens["partner_admin"]
    await servers.hold_up()
    link = await create(api, token, world, "Proof")
    with asked_of(replica_of(database)) as heard, asked_of(replica_of(other.service.database)) as there:
        for process in (api, Api(other)):
            assert await names(process, token) == ["Proof"]
            assert (await process.ask(LINK, token, id=link))["confirmationLink"] == {"name": "Proof"}
            assert (await process.ask(PAGE, token))["confirmationLinks"]["totalCount"] == 1
    assert heard == there == []
    await servers.go_on()


async def test_a_mutations_own_answer_is_read_where_it_was_written(
    api: Api, world: World, servers: Pair
) -> None:
    token = world.tokens["partner_admin"]
    assert await names(api, token) == []
    await servers.hold_up()
    both = """mutation($a: CreateConfirmationLinkInput!) { createConfirmationLink(input: $a) {
      confirmationLink { name partner { confirmationLinks { nodes { name } } } } userErrors { code } } }"""
    made = await api.ask(both, token, a={"name": "Proof", "products": world.chosen("MKT-PRO")})
    link = made["createConfirmationLink"]["confirmationLink"]
    assert link["partner"]["confirmationLinks"]["nodes"] == [{"name": "Proof"}]
    await servers.go_on()


async def test_what_others_change_keeps_nobody_from_the_replica(
    api: Api, world: World, servers: Pair, database: Database
) -> None:
    ours, theirs = world.tokens["partner_admin"], world.tokens["other_partner_admin"]
    await servers.hold_up()
    await create(api, ours, world, "Proof")
    with asked_of(replica_of(database)) as heard:
        assert await names(api, theirs) == []
        assert heard
    await servers.go_on()


async def test_the_vendors_side_reads_the_database_itself(
    api: Api, world: World, servers: Pair, database: Database
) -> None:
    await servers.hold_up()
    await create(api, world.tokens["partner_admin"], world, "Proof")
    with asked_of(replica_of(database)) as heard:
        for who in ("cam", "staff_admin", "crm_sync"):
            assert await names(api, world.tokens[who]) == ["Proof"]
    assert heard == []
    await servers.go_on()


async def test_an_answer_that_is_kept_is_never_an_older_one(api: Api, world: World, servers: Pair) -> None:
    token, told = world.tokens["partner_admin"], []
    for turn in range(6):
        await (servers.hold_up if turn % 2 else servers.go_on)()
        told.append(await create(api, token, world, f"Proof {turn}"))
        for _ in range(2):
            assert len(await names(api, token)) == len(told)
    await servers.go_on()
    assert len(await names(api, token)) == len(told)


async def test_many_who_write_and_read_through_two_processes_always_find_their_own(
    api: Api, other: App, world: World
) -> None:
    random, token = Random(5), world.tokens["partner_admin"]  # noqa: S311 - the same on every run
    processes = [api, Api(other)]

    async def one(number: int) -> None:
        for turn in range(6):
            link = await create(random.choice(processes), token, world, f"Proof {number} {turn}")
            found = await random.choice(processes).ask(LINK, token, id=link)
            assert found["confirmationLink"] == {"name": f"Proof {number} {turn}"}

    await asyncio.gather(*map(one, range(8)))


async def test_a_replica_that_dies_is_left_alone_until_it_is_back(
    api: Api, world: World, servers: Pair, database: Database
) -> None:
    token = world.tokens["partner_admin"]
    assert await names(api, token) == []
    servers.stop()
    with capture_logs() as logs:
        for _ in range(3):
            await create(api, token, world, "Proof")
            assert await names(api, token)
    assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["replica away"]
    servers.start()
    await create(api, token, world, "Proof")
    await servers.go_on()
    assert database.replica
    database.replica._away_until = 0
    with asked_of(replica_of(database)) as heard:
        assert len(await names(api, token)) == 4
        assert heard


async def test_a_replica_that_dies_once_it_was_chosen_is_left_by_sessions_too(
    api: Api, world: World, servers: Pair, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def has(_revisions: object) -> bool:
        return True

    monkeypatch.setattr(database.replica, "has", has)
    servers.stop()
    try:
        for _ in range(2):
            assert (await api.ask("{ products { code } }", world.tokens["partner_admin"]))["products"]
    finally:
        servers.start()


async def test_a_replica_that_says_nothing_holds_up_nobody(api: Api, world: World, servers: Pair) -> None:
    token = world.tokens["partner_admin"]
    assert await names(api, token) == []
    servers.stop(signal.SIGSTOP)
    try:
        async with asyncio.timeout(10):
            await create(api, token, world, "Proof")
            assert await names(api, token) == ["Proof"]
    finally:
        servers.wake()
