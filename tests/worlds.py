"""The rich world, once a session on each kind of database."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphql_api.app import App
from graphql_api.settings import read_settings
from tests.databases import KINDS
from tests.differential.rich import Rich
from tests.postgresql import Server


@pytest.fixture(scope="session", params=KINDS)
def rich(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rich]:
    """The service on a world that nobody changes."""
    folder = tmp_path_factory.mktemp("rich")
    with asyncio.Runner() as runner:
        for url in _url(request, folder):
            service = read_settings(
                database_url=url,
                secret_key="a secret for tests, long enough to be one",
                public_url="http://partner.test",
                mail_url=f"folder://{folder / 'mail'}",
            )
            app = App(service)
            try:
                yield runner.run(Rich.make(runner, app))
            finally:
                runner.run(app.service.database.close())


def _url(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The URL of a database that lives as long as the session."""
    if request.param == "sqlite":
        path = folder / "rich.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: Server = request.getfixturevalue("postgresql_server")
    with server.database(request.getfixturevalue("postgresql_template")) as name:
        yield server.url_of(name)
