"""A stop in the middle of everything: what was asked is answered, who follows is sent away, and mails are settled."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx2
import pytest
from aiosmtpd.smtp import SMTP, Envelope
from sqlalchemy import select
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from graphql_api.database import Database
from graphql_api.models import rows
from graphql_api.models.outbox_mail import MailStatus
from tests.factories import World
from tests.faults.stage import Serving, Stage
from tests.mail import examples
from tests.mail.conftest import MailServer, queue
from tests.realtime.documents import EVENTS
from tests.realtime.live import Client
from tests.transport.socket_client import ask, closed, connected, receive

SOCKETS = 20
CREATE = """mutation($input: CreateConfirmationLinkInput!) {
  createConfirmationLink(input: $input) { confirmationLink { name } userErrors { code } } }"""
AWAY = (1001, "Going away")
CUT = "cut what was going on"


@dataclass
class SlowMailServer(MailServer):
    """Takes a mail, and its time."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_DATA(self, _server: SMTP, _session: object, envelope: Envelope) -> str:  # noqa: N802
        self.begun.set()
        await self.may_end.wait()
        return await super().handle_DATA(_server, _session, envelope)


@pytest.fixture
async def mail_server() -> AsyncIterator[SlowMailServer]:
    server = SlowMailServer()
    async with server.listening():
        yield server
        server.may_end.set()


@asynccontextmanager
async def stream_held(stage: Stage, world: World) -> AsyncIterator[None]:
    """Somebody else is writing to our partner's stream, and not done yet: who writes to it waits."""
    connection = await asyncpg.connect(stage.database_url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT 1 FROM streams WHERE id = $1 FOR UPDATE", world.ours.partner.id)
            yield
    finally:
        await connection.close()


def create(serving: Serving, world: World, name: str) -> asyncio.Task[httpx2.Response]:
    """A link is on its way."""
    body = {"query": CREATE, "variables": {"input": {"name": name, "products": world.chosen("MKT-PRO")}}}
    headers = {"Authorization": f"Bearer {world.tokens['partner_admin']}"}

    async def send() -> httpx2.Response:
        async with httpx2.AsyncClient(timeout=60) as client:
            return await client.post(f"http://{serving.address}/graphql", json=body, headers=headers)

    return asyncio.create_task(send())


async def rest_of(socket: ClientConnection) -> tuple[list[dict[str, Any]], tuple[int, str]]:
    """All that comes yet, and how the server closes the connection. Its other subscription may hear of the change."""
    answers, end = [], None
    while end is None:
        try:
            answers.append(await receive(socket))
        except ConnectionClosed as closing:
            end = closing.rcvd
    return answers, (end.code, end.reason)


async def refuses(serving: Serving) -> bool:
    """Whether nobody listens there any more."""
    host, port = serving.address.split(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except ConnectionRefusedError:
        return True
    writer.close()
    return False


async def mail_states(database: Database) -> list[tuple[MailStatus, bool]]:
    """Of each mail what became of it, and whether it is free."""
    async with database.read() as session:
        mails = await session.scalars(select(rows.OutboxMail).order_by(rows.OutboxMail.created_at))
        return [(mail.status, mail.leased_until is None) for mail in mails]


@pytest.mark.parametrize(("processes", "sig"), [(1, signal.SIGINT), (2, signal.SIGTERM)])
async def test_a_stop_answers_settles_and_sends_away(
    stage: Stage, world: World, mail_server: SlowMailServer, processes: int, sig: signal.Signals
) -> None:
    stage.environment = {"EMBEDDED_WORKER": "true", "MAIL_URL": mail_server.url, "SHUTDOWN_SECONDS": "60"}
    token = world.tokens["partner_admin"]
    serving = await stage.serve("--workers", str(processes))
    async with AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(connected(serving.address, {"Authorization": token}))
            for _ in range(SOCKETS)
        ]
        for socket in sockets:
            await ask(socket, "events", EVENTS)
        stream = await stack.enter_async_context(Client(serving.address).ask(EVENTS, token, over="events"))
        await queue(world.database, examples.declined_mail())
        await mail_server.begun.wait()
        await asyncio.sleep(1)
        async with stream_held(stage, world):
            answering, over_socket = create(serving, world, "Slow"), sockets.pop()
            variables = {"input": {"name": "Slow too", "products": world.chosen("MKT-PRO")}}
            await ask(over_socket, "create", CREATE, variables=variables)
            await asyncio.sleep(1)
            stopping = asyncio.create_task(serving.stop(sig))
            told = await asyncio.gather(*map(closed, sockets))
            assert await stream.end() is None
            assert await refuses(serving)
        answer = await answering
        answers, end = await rest_of(over_socket)
        mail_server.may_end.set()
        code = await stopping
    assert (told, end) == ([AWAY] * (SOCKETS - 1), AWAY)
    assert answer.json()["data"]["createConfirmationLink"]["confirmationLink"] == {"name": "Slow"}
    assert [one["type"] for one in answers if one["id"] == "create"] == ["next", "complete"]
    assert (code, serving.events(CUT)) == (0, []), serving.log.read_text()
    assert len(mail_server.messages) == 1
    assert (await mail_states(world.database))[0] == (MailStatus.SENT, True)


async def test_a_worker_settles_the_mail_on_its_way_and_hands_back_the_others(
    stage: Stage, world: World, mail_server: SlowMailServer
) -> None:
    await queue(world.database, *(examples.declined_mail() for _ in range(12)))
    worker = await stage.work(MAIL_URL=mail_server.url)
    await mail_server.begun.wait()
    stopping = asyncio.create_task(worker.stop())
    await asyncio.sleep(0.5)
    mail_server.may_end.set()
    assert (await stopping, worker.events(CUT)) == (0, [])
    states = await mail_states(world.database)
    assert all(is_free for _, is_free in states)
    assert len(mail_server.messages) == sum(state is MailStatus.SENT for state, _ in states) < 12


@pytest.mark.parametrize("processes", [1, 2])
async def test_what_does_not_end_in_time_is_cut(
    stage: Stage, world: World, mail_server: SlowMailServer, processes: int
) -> None:
    stage.environment = {"EMBEDDED_WORKER": "true", "MAIL_URL": mail_server.url, "SHUTDOWN_SECONDS": "2"}
    serving = await stage.serve("--workers", str(processes))
    await queue(world.database, examples.declined_mail())
    await mail_server.begun.wait()
    async with stream_held(stage, world):
        answering = create(serving, world, "Never")
        await asyncio.sleep(1)
        code = await serving.stop()
        [answer] = await asyncio.gather(answering, return_exceptions=True)
    assert code == 0
    assert 1 <= len(serving.events(CUT)) <= processes, serving.log.read_text()
    assert isinstance(answer, httpx2.TransportError) or getattr(answer, "status_code", None) == 500
    assert [line["requests"] for line in serving.events("cut requests")] == [1]
    assert len({line["pid"] for line in serving.said()}) == processes + (processes > 1)
    assert not any("exception" in line for line in serving.said())


async def test_a_worker_that_does_not_end_in_time_is_cut(
    stage: Stage, world: World, mail_server: SlowMailServer
) -> None:
    worker = await stage.work(MAIL_URL=mail_server.url, SHUTDOWN_SECONDS="1")
    await queue(world.database, examples.declined_mail())
    await mail_server.begun.wait()
    assert (await worker.stop(), len(worker.events(CUT))) == (0, 1)


@pytest.mark.parametrize("what", ["serve", "serve --workers 2", "worker"])
async def test_the_second_signal_ends_at_once(
    stage: Stage, world: World, mail_server: SlowMailServer, what: str
) -> None:
    stage.environment = {"EMBEDDED_WORKER": "true", "MAIL_URL": mail_server.url, "SHUTDOWN_SECONDS": "600"}
    process = await (stage.work() if what == "worker" else stage.serve(*what.split()[1:]))
    await queue(world.database, examples.declined_mail())
    await mail_server.begun.wait()
    process.send(signal.SIGTERM)
    await asyncio.sleep(1)
    assert process.is_running
    assert await process.stop() == -signal.SIGTERM
