"""Several processes at one address: any may die, and the service goes on."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from contextlib import AsyncExitStack
from functools import partial

import asyncpg
import pytest
from sqlalchemy import select

from graphql_api.database import Database
from graphql_api.models import rows
from graphql_api.models.outbox_mail import MailStatus
from tests.api import Api
from tests.factories import World
from tests.faults.stage import Stage, has_ended, until
from tests.faults.test_stop import create, mail_states
from tests.realtime.documents import EVENTS, events_of
from tests.transport.socket_client import ask, connected, receive

SUBSCRIBERS = 12


async def until_heard(url: str, count: int) -> None:
    """Wait until so many processes listen."""
    connection = await asyncpg.connect(url)
    asking = (
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()"
    )

    async def listen() -> bool:
        return int(await connection.fetchval(asking, "partner-api listener")) == count

    await until(listen)
    await connection.close()


@pytest.mark.rule("D1")
async def test_each_process_hears_what_another_commits(stage: Stage, world: World) -> None:
    """There are so many subscribers that each process has some."""
    serving = await stage.serve("--workers", "2")
    await until_heard(stage.database_url, 2)
    async with AsyncExitStack() as stack:
        sockets = []
        for _ in range(SUBSCRIBERS):
            login = {"Authorization": world.tokens["partner_admin"]}
            sockets.append(await stack.enter_async_context(connected(serving.address, login)))
            await ask(sockets[-1], "1", EVENTS)
        await asyncio.sleep(1)
        await asyncio.gather(*(create(serving, world, f"Link {number}") for number in range(4)))
        told = [[(await receive(socket))["payload"] for _ in range(4)] for socket in sockets]
    assert all(one == told[0] for one in told)


@pytest.mark.rule("D1")
async def test_a_killed_process_is_replaced_and_the_service_goes_on(
    stage: Stage, world: World, api: Api
) -> None:
    serving = await stage.serve("--workers", "2")
    await serving.until_it_says("process started", times=2)
    victim = serving.children()[0]
    await until_heard(stage.database_url, 2)
    os.kill(victim, signal.SIGKILL)
    [died] = await serving.until_it_says("process died")
    assert (died["served"], died["exit_code"]) == (victim, -signal.SIGKILL)
    made = [await create(serving, world, f"Link {number}") for number in range(5)]
    await serving.until_it_says("process started", times=3)
    await until_heard(stage.database_url, 2)
    made += [await create(serving, world, f"Link {number}") for number in range(5, 10)]
    assert Counter(answer.status_code for answer in made) == {200: 10}
    assert len(await events_of(api, world.tokens["partner_admin"])) == 10
    assert await serving.stop() == 0


async def test_no_process_outlives_the_one_that_keeps_it(stage: Stage, world: World) -> None:
    assert world
    serving = await stage.serve("--workers", "2")
    await serving.until_it_says("process started", times=2)
    children = serving.children()
    serving.kill()
    for child in children:
        await until(partial(has_ended, child))


async def test_on_sqlite_the_workers_of_all_processes_send_each_mail_once(
    sqlite_url: str, stage: Stage
) -> None:
    database = Database(sqlite_url)
    world, stage.database_url = await World.make(database), sqlite_url
    serving = await stage.serve("--workers", "3")
    await serving.until_it_says("worker started", times=3)
    made = await asyncio.gather(*(create(serving, world, f"Link {number}") for number in range(15)))
    assert Counter(answer.status_code for answer in made) == {200: 15}

    async def all_are_sent() -> bool:
        return {state for state, _ in await mail_states(database)} == {MailStatus.SENT}

    await until(all_are_sent)
    attempts = await stored_attempts(database)
    await database.close()
    assert len(attempts) == len(list(stage.mails.glob("*.eml"))) == 30
    assert set(attempts) == {1}
    assert await serving.stop() == 0


async def stored_attempts(database: Database) -> list[int]:
    """How often each mail was tried."""
    async with database.read() as session:
        return list(await session.scalars(select(rows.OutboxMail.attempts)))
