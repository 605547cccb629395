"""Databases for tests: `database_url` runs a test twice, on a fresh, migrated SQLite and PostgreSQL.

Migrating is done once a session and kept as a template; a test gets a copy (SQLite: a file, a millisecond;
PostgreSQL: a clone, about 20). A test that asks for the default world gets a copy with that world already in it.
The server is the one that TEST_DATABASE_URL names, or one of the tests' own.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from graphql_api.migrations.migrate import upgrade
from tests.postgresql import Server, connected, own_server
from tests.ready import Filled, Worlds

KINDS = ["sqlite", "postgresql"]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """The session's PostgreSQL; with xdist, each worker's."""
    url = os.environ.get("TEST_DATABASE_URL")
    with connected(make_url(url)) if url else own_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: Server) -> Iterator[str]:
    """The name of a migrated database that nobody is connected to."""
    with postgresql_server.database() as name:
        upgrade(postgresql_server.url_of(name))
        yield name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file, complete without its write-ahead log."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="session")
def filled() -> Filled:
    """The databases that were copied with their world."""
    return Filled()


@pytest.fixture(scope="session")
def sqlite_worlds(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    """Files with the default world."""

    def empty() -> tuple[str, str]:
        path = tmp_path_factory.mktemp("world") / "template.db"
        shutil.copyfile(sqlite_template, path)
        return str(path), f"sqlite:///{path}"

    return Worlds(empty)


@pytest.fixture(scope="session")
def postgresql_worlds(postgresql_server: Server, postgresql_template: str) -> Iterator[Worlds]:
    """Databases with the default world."""
    with ExitStack() as stack:

        def empty() -> tuple[str, str]:
            name = stack.enter_context(postgresql_server.database(postgresql_template))
            return name, postgresql_server.url_of(name)

        yield Worlds(empty)


def wants_world(request: pytest.FixtureRequest) -> bool:
    """Whether the test asks for the default world, made now by the clock that it has."""
    return "world" in request.fixturenames and not request.getfixturevalue("clock").ahead


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path, filled: Filled) -> str:
    """The URL of a fresh, migrated SQLite database."""
    path = tmp_path / "partner-api.db"
    template = str(sqlite_template)
    if wants_world(request):
        template = filled.with_world(str(path), request.getfixturevalue("sqlite_worlds").ready())
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(
    request: pytest.FixtureRequest, postgresql_server: Server, postgresql_template: str, filled: Filled
) -> Iterator[str]:
    """The URL of a fresh, migrated PostgreSQL database."""
    server, template = postgresql_server, postgresql_template
    ready = request.getfixturevalue("postgresql_worlds").ready() if wants_world(request) else None
    with server.database(ready.place if ready else template) as name:
        if ready:
            filled.with_world(name, ready)
        yield server.url_of(name)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated database; the test runs once on each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without a single table; the test runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: Server = request.getfixturevalue("postgresql_server")
    with server.database() as name:
        yield server.url_of(name)
