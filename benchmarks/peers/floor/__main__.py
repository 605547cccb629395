"""The floor: no GraphQL at all. One statement of PostgreSQL makes the whole answer of a document known beforehand."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import uvicorn

from benchmarks.operations import DOCUMENTS
from graphql_api.models.node_id import NodeId, NodeKind

FOLDER = Path(__file__).parent
CONNECTIONS = 20
JSON = [(b"content-type", b"application/json")]

Values = Callable[[dict[str, Any]], tuple[Any, ...]]

ASKED: dict[str, Values] = {
    "dashboard": lambda variables: (variables["first"],),
    "point": lambda variables: (NodeId.key_in(variables["id"], NodeKind.CONFIRMATION_LINK),),
    "deep": lambda variables: (variables["clients"], variables["links"]),
}
"""Of each document, the values of its statement."""


def statement(name: str) -> str:
    """A statement with the common parts put in: who is asking, and global ids made of keys."""
    text = (FOLDER / f"{name}.sql").read_text().replace("{viewer}", (FOLDER / "viewer.sql").read_text())
    return re.sub(r"\{id:(\w\w):([\w.]+)\}", _global_id, text)


def _global_id(found: re.Match[str]) -> str:
    tag, key = found.groups()
    raw = f"'\\x{tag.encode().hex()}'::bytea || uuid_send({key})"
    return f"translate(encode({raw}, 'base64'), '+/', '-_')"


KNOWN = {(DOCUMENTS / f"{name}.graphql").read_text(): (statement(name), ASKED[name]) for name in ASKED}
"""By document."""


class Floor:
    """The ASGI application."""

    def __init__(self, url: str) -> None:
        """`url` is the database's."""
        self._url = url

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request, or the server's start and end."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["path"] == "/healthz":
            await _answer(send, 200, b"{}")
        else:
            await self._ask(scope, receive, send)

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        self._pool = await asyncpg.create_pool(
            self._url, max_size=CONNECTIONS, server_settings={"plan_cache_mode": "force_generic_plan"}
        )
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._pool.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _ask(self, scope: Any, receive: Any, send: Any) -> None:
        secret = next((value for name, value in scope["headers"] if name == b"authorization"), b"")[7:]
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        request = orjson.loads(body)
        text, values = KNOWN[request["query"]]
        async with self._pool.acquire() as connection:
            found = await connection.fetchval(text, sha256(secret).hexdigest(), *values(request["variables"]))
        await _answer(send, 200 if found else 401, (found or '{"errors":[]}').encode())


async def _answer(send: Any, status: int, body: bytes) -> None:
    headers = [*JSON, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    uvicorn.run(
        Floor(os.environ["DATABASE_URL"]),
        host=os.environ["HOST"],
        port=int(os.environ["PORT"]),
        log_level="warning",
        access_log=False,
    )
