"""What partners ask, and of which server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from graphql_api.database import Database
from graphql_api.reading.connections import Connections
from graphql_api.reading.reader import Reader
from tests.api import Api
from tests.factories import World

LINKS = "{ confirmationLinks(first: 100) { nodes { id name client { name } } } }"


@contextmanager
def asked_of(reader: Reader) -> Iterator[list[str]]:
    """What viewers ask that server meanwhile, by prepared questions and through sessions."""
    heard: list[str] = []
    fetch, read = Connections.fetch, Reader.read
    viewers = reader.connections["partner_api_viewer"]

    async def fetched(connections: Connections, sql: str, arguments: Any) -> Any:
        if connections is viewers:
            heard.append(sql)
        return await fetch(connections, sql, arguments)

    def session(one: Reader, seen: Any) -> Any:
        if one is reader and seen.role == "partner_api_viewer":
            heard.append("session")
        return read(one, seen)

    with patch.object(Connections, "fetch", fetched), patch.object(Reader, "read", session):
        yield heard


def replica_of(database: Database) -> Reader:
    assert database.replica
    return database.replica.reader


async def create(api: Api, token: str, world: World, name: str) -> str:
    given = {"name": name, "products": world.chosen("MKT-PRO")}
    made = await api.change("createConfirmationLink", token, "confirmationLink { id name }", **given)
    link: str = made["confirmationLink"]["id"]
    return link


async def names(api: Api, token: str) -> list[str]:
    found = await api.ask(LINKS, token)
    return [node["name"] for node in found["confirmationLinks"]["nodes"]]
