"""What every test may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import structlog

from graphql_api.app import App
from graphql_api.database import Database
from graphql_api.settings import Settings, read_settings
from tests.api import Api
from tests.clock import Clock
from tests.factories import World
from tests.ready import Filled

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

structlog.configure(
    processors=[structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
)

pytest_plugins = ["tests.databases", "tests.mailbox", "tests.sparing", "tests.worlds"]


@pytest.fixture
def clock() -> Clock:
    """The time of day, which a test may move."""
    return Clock()


@pytest.fixture
async def database(database_url: str, clock: Clock) -> AsyncIterator[Database]:
    """A fresh, migrated database, once of each kind."""
    made = Database(database_url, clock)
    yield made
    await made.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of a service on that database, with a folder for its mails."""
    return read_settings(
        database_url=database_url,
        secret_key="a secret for tests, long enough to be one",
        public_url="http://partner.test",
        mail_url=f"folder://{tmp_path / 'mail'}",
    )


@pytest.fixture
def app(settings: Settings, database: Database) -> App:
    """The whole service, as a server would run it; nothing runs in the background."""
    return App(settings, database)


@pytest.fixture
async def api(app: App) -> AsyncIterator[Api]:
    """GraphQL over HTTP, as a client sees it."""
    yield Api(app)
    await app.token_use.finish()


@pytest.fixture
async def world(database: Database, filled: Filled) -> World:
    """A small believable world: two partners with their people, clients, deals and products."""
    return filled.world_in(database) or await World.make(database)
