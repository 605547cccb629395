"""By libpq's words a PostgreSQL is reached: by the service, its listener, and migrations alike."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from graphql_api.database import Database
from graphql_api.migrations.migrate import upgrade
from graphql_api.reading.address import connecting
from graphql_api.realtime.listening import Listener

WANTS_TLS = (8).to_bytes(4) + (80877103).to_bytes(4)
"""PostgreSQL's SSLRequest: a client asks before it says anything else."""
COUNT = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1"


@pytest.fixture
def url(postgresql_url: str) -> str:
    return postgresql_url


async def answers(url: str) -> int:
    """Whether the service, a listener and migrations all come through."""
    database, listener = Database(url), Listener(url)
    listens = asyncio.create_task(listener.listen())
    try:
        async with asyncio.timeout(20), database.aside() as connection:
            found = await connection.scalar(text("SELECT 1"))
            while not listener.is_listening:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.01)
        assert await asyncio.to_thread(upgrade, url) == []
    finally:
        listens.cancel()
        await asyncio.gather(listens, return_exceptions=True)
        await database.close()
    return int(found or 0)


@pytest.mark.parametrize(
    "given", ["sslmode=disable", "sslmode=prefer", "ssl=prefer", "connect_timeout=9&application_name=billing"]
)
async def test_a_server_is_reached_in_libpqs_words(url: str, given: str) -> None:
    assert await answers(f"{url}&{given}") == 1


async def test_connections_have_the_name_that_the_url_gives(url: str) -> None:
    listener = Listener(f"{url}&application_name=billing")
    listens = asyncio.create_task(listener.listen())
    connection = await asyncpg.connect(url)
    async with asyncio.timeout(20):
        while not await connection.fetchval(COUNT, "billing listener"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await connection.close()
    listens.cancel()
    await asyncio.gather(listens, return_exceptions=True)


def test_without_parameters_the_driver_is_told_what_it_always_was() -> None:
    assert connecting("postgresql://host/name", "listener") == {
        "timeout": 5,
        "server_settings": {"application_name": "partner-api listener"},
    }
    given = connecting("postgresql://host/name?connect_timeout=30&sslmode=require")
    assert (given["timeout"], given["ssl"]) == (30, "require")


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for localhost that vouches for itself, and its key."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("needs openssl")
    made, key = tmp_path / "server.crt", tmp_path / "server.key"
    how = ["-x509", "-nodes", "-newkey", "rsa:2048", "-subj", "/CN=localhost", "-days", "2"]
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(made)]
    subprocess.run([openssl, "req", *how, *names], check=True, capture_output=True)
    return made, key


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def encrypted(socket: Path, certificate: tuple[Path, Path]) -> AsyncIterator[int]:
    """A port where a server that has no TLS is reached by TLS and nothing else."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            if await reader.readexactly(len(WANTS_TLS)) == WANTS_TLS:
                writer.write(b"S")
                await writer.start_tls(context)
                theirs, ours = await asyncio.open_unix_connection(socket)
                await asyncio.gather(_copy(reader, ours), _copy(theirs, writer))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
    writer.close()


@pytest.fixture
async def tls(url: str, certificate: tuple[Path, Path]) -> AsyncIterator[Callable[[str], str]]:
    """The URL of the database by TLS, with these parameters."""
    where = make_url(url)
    socket = Path(str(where.query["host"])) / ".s.PGSQL.5432"
    async with encrypted(socket, certificate) as port:
        plain = where.set(host="localhost", port=port, query={})
        yield lambda given: f"{plain.render_as_string()}?{given}"


async def test_a_server_that_insists_on_tls_is_reached(
    tls: Callable[[str], str], certificate: tuple[Path, Path]
) -> None:
    for given in ("sslmode=require", f"sslmode=verify-full&sslrootcert={certificate[0]}"):
        assert await answers(tls(given)) == 1


@pytest.mark.parametrize("given", ["sslmode=disable", "sslmode=verify-full&sslrootcert=system"])
async def test_who_does_not_trust_it_is_not_connected(tls: Callable[[str], str], given: str) -> None:
    database = Database(tls(given))
    with pytest.raises((OSError, DBAPIError)):
        await _first(database)
    await database.close()


async def _first(database: Database) -> Any:
    async with database.aside() as connection:
        return await connection.scalar(text("SELECT 1"))
