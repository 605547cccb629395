"""Two processes on one PostgreSQL, each with its own application: a word of the database wakes the other at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from graphql_api.app import App
from graphql_api.database import Database
from graphql_api.jobs import outbox
from graphql_api.jobs.worker import run_worker
from graphql_api.models import rows
from graphql_api.realtime import feed, listening
from graphql_api.realtime.listening import LOOK, Listener, listener_of
from graphql_api.settings import Settings
from tests.api import Api
from tests.factories import World
from tests.mail import examples
from tests.mail.conftest import queue
from tests.realtime.documents import EVENTS, NOTIFICATIONS, events_of
from tests.realtime.live import Live, served, until
from tests.realtime.network import Network
from tests.setting import set_rows
from tests.statements import counted

NEVER = 3_600.0


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """PostgreSQL alone announces."""
    return postgresql_url


@pytest.fixture(autouse=True)
def _nobody_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes has been told."""
    monkeypatch.setattr(feed, "POLL_SECONDS", NEVER)
    monkeypatch.setattr(feed, "LISTENING_POLL_SECONDS", NEVER)


@pytest.fixture
async def elsewhere(settings: Settings) -> AsyncIterator[Live]:
    """The service as another process serves it, on the same database; it listens."""
    database = Database(settings.database_url)
    async with served(App(settings, database)) as live:
        listener = listener_in(live)
        await until(lambda: listener.is_listening)
        yield live
    await database.close()


def listener_in(live: Live) -> Listener:
    assert live.app.listener
    return live.app.listener


@pytest.mark.rule("D1")
async def test_a_change_through_one_process_reaches_the_subscribers_of_another(
    elsewhere: Live, world: World, over: str
) -> None:
    async with (
        elsewhere.watch(EVENTS, world.tokens["partner_admin"], over=over) as events,
        elsewhere.watch(NOTIFICATIONS, world.tokens["cam"], over=over) as notifications,
    ):
        link = await world.link()
        assert (await events.next())["subjectId"] == str(link.node_id)
        assert (await notifications.next())["subject"]["id"] == str(link.node_id)


@pytest.mark.rule("D1")
async def test_what_is_committed_while_nobody_listens_comes_once_and_in_order(
    elsewhere: Live, api: Api, world: World, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "FIRST_PAUSE", 0.3)
    token = world.tokens["partner_admin"]
    async with elsewhere.watch(EVENTS, token) as watch:
        await world.link(name="Before")
        assert await terminate_listeners(database_url) == 1
        await until(lambda: not listener_in(elsewhere).is_listening)
        for number in range(5):
            await world.link(name=f"Meanwhile {number}")
        await until(lambda: listener_in(elsewhere).is_listening)
        await world.link(name="After")
        seen = [event["cursor"] for event in await watch.several(7)]
    assert seen == await events_of(api, token)


async def terminate_listeners(url: str) -> int:
    """As an administrator would; says how many there were."""
    ending = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = $1 AND datname = current_database()"
    )
    administrator = await asyncpg.connect(url)
    ended = await administrator.fetch(ending, "partner-api listener")
    await administrator.close()
    return len(ended)


@pytest.mark.rule("D1")
async def test_an_own_change_is_read_once_though_the_database_tells_it_too(
    elsewhere: Live, world: World
) -> None:
    heard = asyncio.Event()
    listener_in(elsewhere).on(listening.STREAMS, lambda _: heard.set())
    world.database = elsewhere.app.service.database
    async with elsewhere.watch(EVENTS, world.tokens["partner_admin"]) as watch:
        with counted(world.database) as statements:
            await world.link()
            await watch.next()
            await heard.wait()
            await asyncio.sleep(0.1)
    assert sum("FROM partner_events" in one for one in statements) == 1


async def test_a_word_is_a_stream_and_its_position_and_nothing_else(elsewhere: Live, world: World) -> None:
    words: list[str] = []
    listener_in(elsewhere).on(listening.STREAMS, words.append)
    await set_rows(world.database, rows.Partner, rows.Partner.id == world.ours.partner.id, name="Renamed")
    await world.link()
    people = (world.ours.cam.id, world.ours.pdm.id)
    await until(lambda: len(words) == 1 + len(people))
    assert sorted(words) == sorted(f"{one} 1" for one in (world.ours.partner.id, *people))


async def test_a_server_that_answers_no_more_is_left(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network that swallows everything closes no connection: only a question without an answer tells."""
    monkeypatch.setattr(listening, "KEEPALIVE_SECONDS", 0.3)
    url = make_url(settings.database_url)
    async with Network.between(tmp_path / ".s.PGSQL.5432", Path(str(url.query["host"]))) as network:
        listener = Listener(url.set(query={"host": str(tmp_path)}).render_as_string())
        looks: list[str] = []
        listener.on(listening.MAILS, looks.append)
        listens = asyncio.create_task(listener.listen())
        await until(lambda: listener.is_listening)
        network.swallow()
        await until(lambda: not listener.is_listening)
        await until(lambda: listener.is_listening)
        listens.cancel()
        await asyncio.gather(listens, return_exceptions=True)
    assert looks == [LOOK] * 4  # each time it begins, and each time it ends


def test_there_is_nobody_to_listen_to_on_sqlite() -> None:
    assert listener_of("sqlite:///partner-api.db") is None


async def test_a_mail_that_another_process_queues_goes_out_without_a_look(
    settings: Settings, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "PAUSE", NEVER)
    monkeypatch.setattr(outbox, "LISTENING_PAUSE", NEVER)
    listener, theirs, stop = Listener(settings.database_url), Database(settings.database_url), asyncio.Event()
    listens = asyncio.create_task(listener.listen())
    works = asyncio.create_task(run_worker(theirs, settings, stop, listener))
    await until(lambda: listener.is_listening)
    await asyncio.sleep(0.5)  # by now it has looked at its empty outbox
    await queue(database, examples.declined_mail())
    await until(lambda: any((tmp_path / "mail").glob("*.eml")))
    stop.set()
    await works
    listens.cancel()
    await asyncio.gather(listens, return_exceptions=True)
    await theirs.close()
