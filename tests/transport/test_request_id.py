"""The id of a request, as a proxy gives it, is in the log wherever something is told of that request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from structlog.contextvars import clear_contextvars, merge_contextvars
from structlog.testing import capture_logs
from websockets.asyncio.client import connect

from graphql_api.app import App
from tests.api import Api
from tests.realtime.live import served
from tests.transport.socket_client import PROTOCOL, closed, send

ASKED = {"query": "{ viewer { partner { id } } }"}
TOKEN = {"Authorization": "Bearer anything"}


@pytest.fixture
def logs(app: App, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What is logged of requests, all of which fail."""

    async def fail(_secret: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(app.service.door, "viewer", fail)
    with capture_logs(processors=[merge_contextvars]) as lines:
        yield lines
    clear_contextvars()


async def test_what_is_logged_of_a_request_has_its_id(api: Api, logs: list[Any]) -> None:
    for header in ({"X-Request-Id": "0b1e-1"}, {"X-Request-Id": "0b1e-2"}, {}):
        await api.http.post("/graphql", json=ASKED, headers=TOKEN | header)
    assert [line.get("request_id") for line in logs] == ["0b1e-1", "0b1e-2", None]


@pytest.mark.parametrize("id_", ["", "a b", "x" * 101, 'a","event":"b'])
async def test_what_is_no_id_is_not_logged(id_: str, api: Api, logs: list[Any]) -> None:
    await api.http.post("/graphql", json=ASKED, headers=TOKEN | {"X-Request-Id": id_})
    assert ["request_id" in line for line in logs] == [False]


async def test_what_is_logged_of_a_connection_has_the_id_of_its_opening(app: App, logs: list[Any]) -> None:
    async with served(app) as live:
        headers = TOKEN | {"X-Request-Id": "0b1e"}
        async with connect(
            f"ws://{live.address}/graphql", subprotocols=PROTOCOL, additional_headers=headers
        ) as socket:
            await send(socket, type="connection_init")
            assert await closed(socket) == (1011, "Internal error")
    assert [line["request_id"] for line in logs if line["event"] == "internal error"] == ["0b1e"]
