"""The databases that the sides answer from: one PostgreSQL for all, one SQLite file, with the same rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.dashboards import Dashboards
from benchmarks.dashboards_data import prepare
from tests.postgresql import Server, fastest_place, own_server


@dataclass(frozen=True)
class Databases:
    """Their URLs, and the process of the PostgreSQL server, below which all its work is done."""

    postgresql: str
    sqlite: str
    server: int


@contextmanager
def filled_databases(made: Dashboards) -> Iterator[Databases]:
    """Both, filled, for as long as the caller needs them."""
    with (
        own_server() as server,
        server.database() as name,
        tempfile.TemporaryDirectory(dir=fastest_place()) as folder,
    ):
        found = Databases(server.url_of(name), f"sqlite:///{folder}/partner-api.db", _process(server))
        prepare(found.postgresql, made)
        prepare(found.sqlite, made)
        yield found


def _process(server: Server) -> int:
    folder = server.url.query["host"]
    assert isinstance(folder, str)  # noqa: S101 - the tests' server has one socket
    return int((Path(folder) / "data" / "postmaster.pid").read_text().split()[0])
