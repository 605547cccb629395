"""GraphQL over server-sent events, one stream a request."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import httpx2
import orjson
import pytest

from graphql_api.transport import sse
from graphql_api.transport.http import GraphQLHTTP
from tests.execution.toy import Seen, application
from tests.transport.conftest import Serve

EVENTS = {"Accept": "text/event-stream"}


async def _events(client: httpx2.AsyncClient, query: str) -> list[tuple[str, Any]]:
    response = await client.post("/graphql", json={"query": query}, headers=EVENTS)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    blocks = [block for block in response.text.split("\n\n") if block.startswith("event:")]
    pairs = [block.split("\n") for block in blocks]
    return [(event[7:], orjson.loads(data[5:]) if data[5:] else None) for event, data in pairs]


async def test_a_subscription_sends_each_result_and_that_it_is_complete(client: httpx2.AsyncClient) -> None:
    assert await _events(client, "subscription { count(to: 2) }") == [
        ("next", {"data": {"count": 0}}),
        ("next", {"data": {"count": 1}}),
        ("complete", None),
    ]


@pytest.mark.parametrize(
    ("query", "data"), [("{ hello }", {"hello": "Hello, you"}), ("mutation { save }", {"save": True})]
)
async def test_queries_and_mutations_may_be_asked_for_as_events(
    client: httpx2.AsyncClient, query: str, data: dict[str, Any]
) -> None:
    assert await _events(client, query) == [("next", {"data": data}), ("complete", None)]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ slow(seconds: 60) }", "TIMEOUT"),
    ],
)
async def test_what_cannot_run_is_told_as_an_event(client: httpx2.AsyncClient, query: str, code: str) -> None:
    (kind, message), end = await _events(client, query)
    assert (kind, end) == ("next", ("complete", None))
    assert set(message) == {"errors"}
    assert message["errors"][0]["extensions"]["code"] == code


async def test_a_stream_that_fails_says_why_and_ends(client: httpx2.AsyncClient) -> None:
    first, failed, end = await _events(client, "subscription { expired }")
    assert first == ("next", {"data": {"expired": 1}})
    assert failed[1]["errors"][0]["extensions"] == {"code": "CURSOR_EXPIRED"}
    assert end == ("complete", None)


async def test_a_client_that_takes_both_gets_events_for_subscriptions_alone(
    client: httpx2.AsyncClient,
) -> None:
    both = {"Accept": "application/json, text/event-stream"}
    answers = [
        await client.post("/graphql", json={"query": query}, headers=both)
        for query in ("{ hello }", "subscription { count(to: 1) }")
    ]
    types = [answer.headers["content-type"].partition(";")[0] for answer in answers]
    assert types == ["application/json", "text/event-stream"]


async def test_a_quiet_stream_shows_that_it_is_alive() -> None:
    sent: list[bytes] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message["body"])

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(sse.keep_alive(send, every=0.01), 0.1)
    assert len(sent) > 2
    assert set(sent) == {b":\n\n"}


async def test_a_server_that_goes_away_ends_its_streams_without_calling_them_complete(
    seen: Seen, serve: Serve
) -> None:
    app = application(seen)
    endpoint: GraphQLHTTP = app.state.http
    query = {"query": "subscription { count(to: 0) }"}
    async with serve(app) as address, httpx2.AsyncClient() as client:
        asking = asyncio.create_task(client.post(f"http://{address}/graphql", json=query, headers=EVENTS))
        await seen.until("stream started")
        endpoint.close_all()
        response = await asyncio.wait_for(asking, 5)
    assert response.text == ":\n\n"
    assert "stream over" in seen.marks
