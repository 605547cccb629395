"""Operations by the graphql-transport-ws protocol, over real sockets."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.transport.connection import MAX_OPERATIONS
from tests.execution.toy import Seen
from tests.transport.socket_client import ask, closed, connected, receive, send


async def test_any_operation_can_be_asked_in_text_frames(address: str) -> None:
    async with connected(address) as socket:
        for query, data in (("{ hello }", {"hello": "Hello, you"}), ("mutation { save }", {"save": True})):
            await ask(socket, "1", query)
            assert await receive(socket) == {"type": "next", "id": "1", "payload": {"data": data}}
            assert await receive(socket) == {"type": "complete", "id": "1"}


async def test_a_subscription_comes_one_by_one_and_completes(address: str) -> None:
    async with connected(address) as socket:
        await ask(socket, "a", "subscription { count(to: 2) }")
        payloads = [(await receive(socket)).get("payload") for _ in range(3)]
        assert payloads == [{"data": {"count": 0}}, {"data": {"count": 1}}, None]


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query A { hello }", "operationName": "B"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "query ($n: Int!) { twice(number: $n) }"}, "BAD_USER_INPUT"),
        ({"query": "{" + "hello " * 5_000 + "}"}, "TOO_COSTLY"),
        ({"query": "{ tree {" + "page(first: 100) { nodes {" * 3 + "leaf" + "} }" * 3 + "} }"}, "TOO_COSTLY"),
    ],
)
async def test_a_mistake_ends_its_own_operation_alone(
    seen: Seen, address: str, payload: dict[str, Any], code: str
) -> None:
    async with connected(address) as socket:
        await ask(socket, "stays", "subscription { count(to: 0) }")
        await seen.until("stream started")
        await send(socket, type="subscribe", id="wrong", payload=payload)
        message = await receive(socket)
        assert (message["type"], message["id"]) == ("error", "wrong")
        assert message["payload"][0]["extensions"]["code"] == code
        await ask(socket, "wrong", "{ hello }")
        assert (await receive(socket))["type"] == "next"
        assert "stream over" not in seen.marks


async def test_a_stream_that_fails_ends_with_an_error(address: str) -> None:
    async with connected(address) as socket:
        await ask(socket, "1", "subscription { expired }")
        assert (await receive(socket))["type"] == "next"
        message = await receive(socket)
        assert (message["type"], message["id"]) == ("error", "1")
        assert message["payload"][0]["extensions"] == {"code": "CURSOR_EXPIRED"}


@pytest.mark.parametrize(
    "frame",
    [
        "[1]",
        '"x"',
        "{}",
        "1",
        "null",
        "nonsense",
        "[" * 50_000,
        '{"type": "unknown"}',
        '{"type": 1}',
        '{"type": "connection_init", "payload": []}',
        '{"type": "ping", "payload": "x"}',
        '{"type": "subscribe"}',
        '{"type": "subscribe", "id": "1"}',
        '{"type": "subscribe", "id": 1, "payload": {"query": "{ hello }"}}',
        '{"type": "subscribe", "id": "", "payload": {"query": "{ hello }"}}',
        '{"type": "subscribe", "id": "1", "payload": {}}',
        '{"type": "subscribe", "id": "1", "payload": "x"}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ hello }", "variables": []}}',
        '{"type": "complete"}',
        b"{}",
    ],
    ids=range(20),
)
async def test_a_message_the_protocol_does_not_know_closes_the_connection(
    address: str, frame: str | bytes
) -> None:
    async with connected(address) as socket:
        await socket.send(frame)
        code, reason = await closed(socket)
        assert code == 4400
        assert reason


async def test_a_frame_over_the_limit_closes_the_connection(address: str) -> None:
    async with connected(address) as socket:
        await ask(socket, "1", "{ hello }" + " " * 1_048_576)
        assert (await closed(socket))[0] == 1009


async def test_an_id_in_use_cannot_be_used_again(seen: Seen, address: str) -> None:
    async with connected(address) as socket:
        await ask(socket, "1", "subscription { count(to: 0) }")
        await ask(socket, "1", "{ hello }")
        assert (await closed(socket))[0] == 4409
    assert "stream started" not in seen.marks or "stream over" in seen.marks


async def test_a_completed_subscription_is_closed_and_its_id_free(seen: Seen, address: str) -> None:
    async with connected(address) as socket:
        await ask(socket, "1", "subscription { count(to: 0) }")
        await seen.until("stream started")
        await send(socket, type="complete", id="1")
        await send(socket, type="complete", id="never there")
        await seen.until("stream over")
        await ask(socket, "1", "{ hello }")
        assert (await receive(socket))["payload"] == {"data": {"hello": "Hello, you"}}


async def test_streams_are_closed_when_the_connection_ends(seen: Seen, address: str) -> None:
    async with connected(address) as socket:
        await ask(socket, "1", "subscription { count(to: 0) }")
        await seen.until("stream started")
    await seen.until("stream over")


async def test_a_connection_runs_so_many_operations_at_once(address: str) -> None:
    async with connected(address) as socket:
        for number in range(MAX_OPERATIONS + 1):
            await ask(socket, str(number), "subscription { count(to: 0) }")
        message = await receive(socket)
        assert (message["type"], message["id"]) == ("error", str(MAX_OPERATIONS))
        assert message["payload"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_a_ping_is_answered_with_its_payload(address: str) -> None:
    async with connected(address) as socket:
        await send(socket, type="ping", payload={"n": 1})
        assert await receive(socket) == {"type": "pong", "payload": {"n": 1}}
        await send(socket, type="pong")
        await send(socket, type="ping")
        assert await receive(socket) == {"type": "pong", "payload": {}}
