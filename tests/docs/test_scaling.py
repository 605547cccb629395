"""What docs/scaling.md tells administrators to do, done."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from graphql_api.app import App
from graphql_api.migrations.migrate import upgrade
from graphql_api.migrations.revisions import head
from tests.api import Api
from tests.docs.readme import ROOT
from tests.factories import World
from tests.faults.stage import Postgres, own_postgres
from tests.realtime.documents import EVENTS, events_of, stream_cursor
from tests.realtime.live import served

PAGE = ROOT / "docs" / "scaling.md"
CREATE = "confirmationLink { id }"


def statements(with_word: str) -> list[str]:
    """The page's block of SQL that has this word, statement by statement."""
    blocks = re.findall(r"^ *```sql\n(.*?)^ *```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    [block] = [block for block in blocks if with_word in block]
    return [part for part in re.sub("--.*", "", block).split(";") if part.strip()]


async def run(url: str, with_word: str) -> None:
    """Run that block."""
    connection = await asyncpg.connect(url)
    for statement in statements(with_word):
        await connection.execute(statement)
    await connection.close()


@pytest.fixture
def prepared() -> Iterator[Postgres]:
    """A server whose administrator has done what the page says."""
    with own_postgres() as made:
        asyncio.run(run(made.url, "CREATE ROLE"))
        yield made


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """SQLite has no such owner."""
    return postgresql_url


def test_a_login_that_may_make_no_roles_migrates_and_dumps(prepared: Postgres) -> None:
    url = make_url(prepared.url).set(username="partner_service", database="partner")
    assert upgrade(url.render_as_string())[-1] == head()
    dump = [str(Path(prepared.command[0]).with_name("pg_dump")), url.render_as_string()]
    assert subprocess.run(dump, capture_output=True, check=False).returncode != 0
    told = os.environ | {"PGOPTIONS": "-c partner_api.seen=*"}
    done = subprocess.run([*dump, "--enable-row-security"], capture_output=True, check=True, env=told)
    assert b"COPY public.partner_events" in done.stdout


@pytest.mark.rule("D1")
async def test_after_a_restore_every_cursor_has_expired_and_new_ones_are_later(
    database_url: str, app: App, api: Api, world: World
) -> None:
    token = world.tokens["partner_admin"]
    given = {"name": "Proof", "products": world.chosen("MKT-PRO")}
    await api.change("createConfirmationLink", token, CREATE, **given)
    handed_out = await stream_cursor(api, token)
    await run(database_url, "UPDATE streams")
    async with served(app) as live:
        assert await live.end(EVENTS, token, after=handed_out) == "CURSOR_EXPIRED"
        async with live.watch(EVENTS, token, after=await stream_cursor(api, token)) as watch:
            await api.change("createConfirmationLink", token, CREATE, **given)
            assert (await watch.next())["cursor"] > handed_out
    assert len(await events_of(api, token)) == 1
