"""Who may open a WebSocket, as whom, and how it is closed."""

from __future__ import annotations

from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from graphql_api.transport.websocket import GraphQLWebSocket
from tests.execution.toy import Seen, application
from tests.transport.conftest import Serve
from tests.transport.socket_client import PROTOCOL, ask, closed, connected, receive, send


async def test_nothing_is_run_before_the_connection_is_let_in(address: str) -> None:
    async with connect(f"ws://{address}/graphql", subprotocols=PROTOCOL) as socket:
        await ask(socket, "1", "{ hello }")
        assert await closed(socket) == (4401, "Unauthorized")


async def test_the_first_message_must_come_in_time(seen: Seen, serve: Serve) -> None:
    app = application(seen, init_wait=0.05)
    async with serve(app) as address, connect(f"ws://{address}/graphql", subprotocols=PROTOCOL) as socket:
        assert await closed(socket) == (4408, "Connection initialisation timeout")


async def test_a_connection_is_opened_once(address: str) -> None:
    async with connected(address) as socket:
        await send(socket, type="connection_init")
        assert await closed(socket) == (4429, "Too many initialisation requests")


@pytest.mark.parametrize(
    "params", [{"Authorization": "Bearer bad"}, {"authorization": "bad"}, {"Authorization": 1}]
)
async def test_a_bad_token_is_not_let_in(address: str, params: dict[str, Any]) -> None:
    async with connect(f"ws://{address}/graphql", subprotocols=PROTOCOL) as socket:
        await send(socket, type="connection_init", payload=params)
        assert await closed(socket) == (4403, "Forbidden")


async def test_without_a_database_the_client_is_to_come_back(seen: Seen, address: str) -> None:
    seen.away = True
    async with connect(f"ws://{address}/graphql", subprotocols=PROTOCOL) as socket:
        await send(socket, type="connection_init")
        assert (await closed(socket))[0] == 1013


@pytest.mark.parametrize(
    ("params", "token"),
    [
        ({"Authorization": "Bearer good"}, "good"),
        ({"authorization": "bearer good"}, "good"),
        ({"AUTHORIZATION": "good"}, "good"),
        ({"authorization": None}, None),
        ({"authorization": ""}, None),
        ({"other": "x"}, None),
    ],
)
async def test_the_token_is_found_in_the_first_message(
    address: str, params: dict[str, Any], token: str | None
) -> None:
    async with connected(address, params) as socket:
        await ask(socket, "1", "{ token }")
        assert (await receive(socket))["payload"] == {"data": {"token": token}}


async def test_a_token_is_looked_at_again_for_every_operation(seen: Seen, address: str) -> None:
    async with connected(address, {"authorization": "mine"}) as socket:
        seen.revoked.add("mine")
        await ask(socket, "1", "{ hello }")
        message = await receive(socket)
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "UNAUTHENTICATED")
        await send(socket, type="ping")
        assert (await receive(socket))["type"] == "pong"


async def test_another_protocol_is_not_spoken(address: str) -> None:
    async with connect(f"ws://{address}/graphql", subprotocols=[Subprotocol("graphql-ws")]) as socket:
        assert (await closed(socket))[0] == 4406


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 101),
        ("http://{address}", 101),
        ("https://app.example.com", 101),
        ("https://APP.example.com:443", 101),
        ("https://evil.example.com", 403),
        ("null", 403),
    ],
)
async def test_only_pages_of_known_origins_may_connect(
    seen: Seen, serve: Serve, origin: str | None, status: int
) -> None:
    async with serve(application(seen, ("https://app.example.com",))) as address:
        headers = {"Origin": origin.format(address=address)} if origin else {}
        if status == 101:
            async with connected(address, None, **headers):
                return
        with pytest.raises(InvalidStatus) as caught:
            await connect(f"ws://{address}/graphql", subprotocols=PROTOCOL, additional_headers=headers)
        assert caught.value.response.status_code == status


async def test_with_no_origins_known_only_pages_of_this_host_may_connect(address: str) -> None:
    headers = {"Origin": "https://app.example.com"}
    with pytest.raises(InvalidStatus):
        await connect(f"ws://{address}/graphql", subprotocols=PROTOCOL, additional_headers=headers)


async def test_a_server_that_goes_away_says_so(seen: Seen, serve: Serve) -> None:
    app = application(seen)
    endpoint: GraphQLWebSocket = app.state.socket
    async with serve(app) as address, connected(address) as socket:
        await ask(socket, "1", "subscription { count(to: 0) }")
        await seen.until("stream started")
        await endpoint.close_all()
        assert await closed(socket) == (1001, "Going away")
        await seen.until("stream over")
