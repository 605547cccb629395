"""The client's page while the database is away: when to come back, and no fault of ours in the log."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from asyncpg import QueryCanceledError
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from structlog.testing import capture_logs

from graphql_api.database import Database, Writing
from graphql_api.models.actor import Locale
from graphql_api.models.keys import new_key
from graphql_api.pages.engagement import engagement_routes
from tests.pages.site import BASE, GOOD, TOKENS, Site

AWAY = {
    "sqlite": "sqlite:///{folder}/missing/partner-api.db",
    "postgresql": "postgresql://partner@/partner?host={folder}",
}
WORDS = {
    Locale.EN: ("The page is not available at the moment", "whether it has arrived"),
    Locale.ES: ("La página no está disponible en este momento", "si ha llegado"),
}


@pytest.fixture(params=AWAY)
async def http(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """Visitors of a service whose database cannot be reached, of each kind."""
    database = Database(AWAY[request.param].format(folder=tmp_path))
    app = Starlette(routes=engagement_routes(database, TOKENS))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=BASE) as client:
        yield client
    await database.close()
    for thread in threading.enumerate():
        # SQLite's driver says goodbye to this loop a moment later.
        if "_connection_worker_thread" in thread.name:
            await asyncio.to_thread(thread.join, 10)


@pytest.mark.rule("D11")
@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_while_the_database_is_away_the_page_says_when_to_come_back(
    http: httpx2.AsyncClient, method: str, locale: Locale
) -> None:
    path = f"/c/{TOKENS.token_of(new_key())}?lang={locale.lower()}"
    with capture_logs() as logs:
        response = await http.request(method, path, data=GOOD if method == "POST" else None)
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert (response.headers["cache-control"], response.headers["content-language"]) == (
        "no-store",
        locale.lower(),
    )
    assert all(words in response.text for words in WORDS[locale])
    [entry] = logs
    assert (entry["log_level"], "exc_info" in entry, "\n" in entry["error"]) == ("warning", False, False)


async def test_an_answer_that_the_database_did_not_keep_can_be_sent_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*_: object, **__: object) -> Writing:
        raise OperationalError("COMMIT", {}, ConnectionResetError())

    with monkeypatch.context() as during, capture_logs():
        during.setattr("graphql_api.pages.engagement.answer", lost)
        assert (await site.post()).status_code == 503
    assert await site.decision() is None
    assert (await site.post()).status_code == 303
    assert await site.decision()


async def test_a_database_that_takes_too_long_is_no_fault_of_ours_either(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(*_: object) -> None:
        raise QueryCanceledError("canceling statement due to statement timeout")

    monkeypatch.setattr("graphql_api.pages.engagement.read_invitation", slow)
    with capture_logs() as logs:
        response = await site.get()
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert [entry["log_level"] for entry in logs] == ["warning"]
