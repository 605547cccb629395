"""Asking over HTTP, and looking whether an answer was kept."""

from __future__ import annotations

from typing import Any

import httpx2

from tests.api import Api
from tests.statements import counted

LINKS = "query Links($first: Int = 10) { confirmationLinks(first: $first) { nodes { id name } } }"
GRAPHQL = "application/graphql-response+json"


async def post(
    api: Api, document: str, token: str | None, headers: dict[str, str] | None = None, **more: Any
) -> httpx2.Response:
    """The answer with its headers; `more` stands beside the document."""
    sent = {"Authorization": f"Bearer {token}"} if token else {}
    return await api.http.post("/graphql", json={"query": document, **more}, headers=sent | (headers or {}))


async def posted(api: Api, times: int, document: str, token: str | None, **more: Any) -> httpx2.Response:
    """The last of so many answers."""
    for _ in range(times - 1):
        await post(api, document, token, **more)
    return await post(api, document, token, **more)


def kept(api: Api) -> int:
    """How many answers are kept."""
    return len(api.app.http._operations.unchanged._kept)


async def is_answered_without_running(api: Api, document: str, token: str | None, **more: Any) -> bool:
    """Whether nothing is asked of the database but who asks."""
    with counted(api.app.service.database) as statements:
        await post(api, document, token, **more)
    assert sum("FROM api_tokens" in one for one in statements) == (1 if token else 0)
    return len(statements) <= 1
