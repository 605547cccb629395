"""All that compose.yaml names, by processes: database, migrations, two that serve, a worker, a proxy, a mail server."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import httpx2
import pytest

from graphql_api.database import Database
from graphql_api.realtime.cursor import Cursors
from tests.factories import World
from tests.faults.followers import CREATE, Crowd
from tests.faults.outside import Outside, Subscriber
from tests.faults.proxy import PROXY, Proxy, free_address, proxy_to
from tests.faults.stage import ROOT, SECRET, Postgres, Process, Stage, own_postgres, until
from tests.mail.conftest import MailServer

ATTACH = """mutation($link: ID!, $deal: ID!) {
  attachConfirmationLink(input: { confirmationLinkId: $link, dealId: $deal }) { userErrors { code } } }"""
CHECK_OUT = """mutation($deal: ID!) {
  startCheckout(input: { dealId: $deal, recipientName: "Bo Li", recipientEmail: "bo@acme.example" }) {
    userErrors { code } } }"""
CREATE_ONE = CREATE.replace("{ name }", "{ id }")
WHOLE_WAY = ["LINK_CREATED", "LINK_ATTACHED", "LINK_SENT", "LINK_VIEWED", "LINK_CONFIRMED"]
STORM = 40
"""Links made while a process dies."""


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    """As its image makes it: with our file run on it once."""
    with own_postgres() as made:
        psql = Path(made.command[0]).with_name("psql")
        file = ["--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-f", str(ROOT / "deploy" / "owner.sql"), made.url]
        subprocess.run([psql, *file], env=os.environ | {"DATABASE_PASSWORD": "a1"}, check=True)
        yield made


@pytest.fixture
def database_url(postgres: Postgres) -> str:
    """The service's login is no superuser."""
    return f"postgresql://partner_service:a1@/partner?host={postgres.folder}"


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    server = MailServer()
    async with server.listening():
        yield server


async def migrated_by_three(stage: Stage) -> None:
    """All three succeed; one has done it."""
    migrating = [stage.start("migrate") for _ in range(3)]
    assert [await one.ended() for one in migrating] == [0, 0, 0]
    said = [one.log.read_text("utf-8") for one in migrating]
    assert sorted("applied 0001" in one for one in said) == [False, False, True], said


async def page_in_mail(mail_server: MailServer) -> str:
    """The address that the client got."""

    def found() -> list[str]:
        texts = [str(mail.get_body(("plain",))) for mail in mail_server.messages if "bo@" in str(mail["To"])]
        return re.findall(r"http://\S+/c/\S+", "".join(texts))

    async def has_come() -> bool:
        return bool(found())

    await until(has_come)
    return found()[0]


async def whole_way(outside: Outside, mail_server: MailServer, proxy: Proxy) -> None:
    """From the link to the client's answer, through the proxy."""
    given = {"name": "Portal", "products": outside.world.chosen("MKT-PRO")}
    made = await outside.change("partner_admin", CREATE_ONE, input=given)
    link, deal = made["confirmationLink"]["id"], str(outside.world.ours.shared[0].node_id)
    await outside.change("partner_member", ATTACH, link=link, deal=deal)
    await outside.change("checkout", CHECK_OUT, deal=deal)
    page = await page_in_mail(mail_server)
    assert page.startswith(f"http://{proxy.address}/c/")
    await outside.confirm(page)
    logged = proxy.log.read_text("utf-8")
    assert (page.rpartition("/")[2] in logged, "/c/-" in logged) == (False, True)
    assert (await outside.client.get("/metrics")).status_code == 404


async def storm(outside: Outside, victim: Process) -> list[int]:
    """Links are made all the while; in their midst a process dies. How often each was sent."""
    making = [asyncio.create_task(outside.create_whatever_happens(f"Link {n}")) for n in range(STORM // 2)]
    await asyncio.wait(making, return_when=asyncio.FIRST_COMPLETED)
    victim.kill()
    during = await asyncio.gather(*making)
    after = [await outside.create_whatever_happens(f"Later link {n}") for n in range(STORM // 2)]
    assert after == [1] * len(after), "the service answers meanwhile"
    return during


@pytest.mark.skipif(not PROXY, reason="needs caddy")
@pytest.mark.rule("D1")
async def test_the_whole_way_through_the_proxy_while_a_process_dies(
    database_url: str, tmp_path: Path, mail_server: MailServer
) -> None:
    at, stage = free_address(), Stage(database_url, tmp_path)
    stage.environment = {"PUBLIC_URL": f"http://{at}", "MAIL_URL": mail_server.url}
    database = Database(database_url)
    try:
        await migrated_by_three(stage)
        world = await World.make(database)
        serving = [await stage.serve(), await stage.serve()]
        await stage.work()
        with proxy_to([one.address for one in serving], at, tmp_path) as proxy:
            await proxy.ready()
            await through(proxy, Crowd(stage, world, [at]), mail_server, serving[0])
    finally:
        stage.end()
        await database.close()


async def through(proxy: Proxy, crowd: Crowd, mail_server: MailServer, victim: Process) -> None:
    """Two subscribers hear the whole way, and then all the rest, each event once and in order."""
    start = Cursors(SECRET.encode()).at(crowd.world.ours.partner.id, 0)
    subscribers = [
        Subscriber(proxy.address, crowd.token, over, [start])
        for over in ("websocket", "events", "websocket", "events")
    ]
    following = [asyncio.create_task(one.follow()) for one in subscribers]
    async with httpx2.AsyncClient(base_url=f"http://{proxy.address}", timeout=60) as client:
        outside = Outside(client, crowd.world)
        await whole_way(outside, mail_server, proxy)
        for one, task in zip(subscribers, following, strict=True):
            await until(partial(one.heard, len(WHOLE_WAY), task))
            assert one.kinds == WHOLE_WAY
        before = [one.connections for one in subscribers]
        sent = await storm(outside, victim)
    for one, task in zip(subscribers, following, strict=True):
        await until(partial(one.heard, len(WHOLE_WAY) + STORM, task))
    for task in following:
        task.cancel()
    await asyncio.gather(*following, return_exceptions=True)
    crowd.acknowledged = ["Portal", *(f"Link {number}" for number in range(STORM))]
    crowd.lists = [one.seen[1:] for one in subscribers]
    crowd.connections = sum(one.connections for one in subscribers)
    await crowd.compare()
    print(f"{sum(sent) - len(sent)} links were sent again")  # noqa: T201 - what was counted
    assert [one.connections for one in subscribers] != before
