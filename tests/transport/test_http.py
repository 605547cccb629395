"""POST /graphql, as the draft of GraphQL over HTTP has it."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from structlog.testing import capture_logs

from tests.execution.toy import Seen

GRAPHQL = "application/graphql-response+json"


async def _post(
    client: httpx2.AsyncClient, query: str, accept: str = "*/*", **more: object
) -> httpx2.Response:
    return await client.post("/graphql", json={"query": query, **more}, headers={"Accept": accept})


def _codes(response: httpx2.Response) -> list[str]:
    return [error["extensions"]["code"] for error in response.json()["errors"]]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, application/json;q=0.9", GRAPHQL),
        (f"application/json;q=0.5, {GRAPHQL};q=0.1, text/html", "application/json"),
        (
            f"{GRAPHQL}, application/graphql+json, application/json, text/event-stream, multipart/mixed",
            GRAPHQL,
        ),
    ],
)
async def test_an_answer_comes_in_the_type_the_client_likes_best(
    client: httpx2.AsyncClient, accept: str, media_type: str
) -> None:
    response = await _post(client, "{ hello }", accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert response.json() == {"data": {"hello": "Hello, you"}}


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "image/*"])
async def test_a_type_we_do_not_speak_is_not_acceptable(client: httpx2.AsyncClient, accept: str) -> None:
    response = await _post(client, "{ hello }", accept)
    assert (response.status_code, _codes(response)) == (406, ["BAD_USER_INPUT"])


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"query": "{ hello"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": ""}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "fragment F on Query { hello }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query A { hello } query B { hello }"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "query A { hello }", "operationName": "B"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "query ($n: Int!) { twice(number: $n) }"}, "BAD_USER_INPUT"),
        ({"query": "query ($n: Int!) { twice(number: $n) }", "variables": {"n": "x"}}, "BAD_USER_INPUT"),
        (
            {"query": "query ($d: Date!) { nextDay(day: $d) }", "variables": {"d": "2026-02-30"}},
            "BAD_USER_INPUT",
        ),
        ({"query": "{" + "tree {" * 20 + "leaf" + "}" * 20 + "}"}, "TOO_COSTLY"),
        ({"query": "{ tree {" + "page(first: 100) { nodes {" * 3 + "leaf" + "} }" * 3 + "} }"}, "TOO_COSTLY"),
    ],
)
async def test_a_request_that_cannot_run_has_a_code_and_no_data(
    client: httpx2.AsyncClient, request_: dict[str, Any], code: str
) -> None:
    for accept, status in ((GRAPHQL, 400), ("application/json", 200)):
        response = await client.post("/graphql", json=request_, headers={"Accept": accept})
        assert response.status_code == status
        assert set(response.json()) == {"errors"}
        assert set(_codes(response)) == {code}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'"x"',
        b"1",
        b"null",
        b"[1]",
        b'[{"query": "{ hello }"}]',
        b"{}",
        b'{"query": 1}',
        b'{"query": null}',
        b'{"query": "{ hello }", "variables": []}',
        b'{"query": "{ hello }", "variables": "{}"}',
        b'{"query": "{ hello }", "operationName": 1}',
        b'{"query": "{ hello }", "extensions": [1]}',
        b'{"query": "{ hello }", "variables": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"query": "\xff"}',
    ],
    ids=range(16),
)
async def test_a_body_of_another_shape_is_told_what_is_wrong(client: httpx2.AsyncClient, body: bytes) -> None:
    response = await client.post("/graphql", content=body, headers={"Content-Type": "application/json"})
    assert (response.status_code, _codes(response)) == (400, ["BAD_USER_INPUT"])
    assert response.headers["content-type"] == "application/json; charset=utf-8"


async def test_deeply_nested_variables_are_the_clients_mistake(client: httpx2.AsyncClient) -> None:
    deep: Any = 1
    for _ in range(900):
        deep = [deep]
    response = await _post(client, "query ($n: Int!) { twice(number: $n) }", GRAPHQL, variables={"n": deep})
    assert (response.status_code, _codes(response)) == (400, ["BAD_USER_INPUT"])


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", ""]
)
async def test_only_json_in_utf8_is_read(client: httpx2.AsyncClient, media_type: str) -> None:
    body = b'{"query": "mutation { save }"}'
    response = await client.post("/graphql", content=body, headers={"Content-Type": media_type})
    assert (response.status_code, _codes(response)) == (415, ["BAD_USER_INPUT"])


async def test_a_body_over_the_limit_is_refused(client: httpx2.AsyncClient) -> None:
    response = await _post(client, "{ hello }" + " " * 1_048_576)
    assert (response.status_code, _codes(response)) == (413, ["BAD_USER_INPUT"])


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_only_post_is_answered(client: httpx2.AsyncClient, method: str) -> None:
    response = await client.request(method, "/graphql?query={hello}")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("accept", ["application/json", GRAPHQL, "text/event-stream"])
async def test_a_bad_token_is_unauthorized_in_every_type(client: httpx2.AsyncClient, accept: str) -> None:
    headers = {"Authorization": "Bearer bad", "Accept": accept}
    response = await client.post("/graphql", json={"query": "{ hello }"}, headers=headers)
    assert (response.status_code, _codes(response)) == (401, ["UNAUTHENTICATED"])
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Basic dXNlcg==", "Bearer", "abc"])
async def test_a_header_without_a_bearer_token_is_unauthorized(
    client: httpx2.AsyncClient, header: str
) -> None:
    response = await client.post("/graphql", json={"query": "{ token }"}, headers={"Authorization": header})
    assert response.status_code == 401


async def test_without_a_token_one_is_anonymous(client: httpx2.AsyncClient) -> None:
    assert (await _post(client, "{ token }")).json() == {"data": {"token": None}}
    headers = {"Authorization": "bearer good"}
    response = await client.post("/graphql", json={"query": "{ token }"}, headers=headers)
    assert response.json() == {"data": {"token": "good"}}


@pytest.mark.parametrize("accept", ["application/json", GRAPHQL])
async def test_a_lost_database_is_a_reason_to_come_back(
    client: httpx2.AsyncClient, seen: Seen, accept: str
) -> None:
    with capture_logs() as logs:
        during = await _post(client, "{ away }", accept)
        seen.away = True
        before = await _post(client, "{ hello }", accept)
    assert [entry["event"] for entry in logs] == ["service unavailable"] * 2
    for response in (during, before):
        assert (response.status_code, _codes(response)) == (503, ["SERVICE_UNAVAILABLE"])
        assert response.headers["retry-after"] == "5"


@pytest.mark.parametrize("accept", ["application/json", GRAPHQL])
async def test_a_subscription_by_plain_post_is_not_run(
    client: httpx2.AsyncClient, seen: Seen, accept: str
) -> None:
    response = await _post(client, "subscription { count(to: 1) }", accept)
    assert (response.status_code, _codes(response)) == (400, ["BAD_USER_INPUT"])
    assert seen.marks == []


async def test_a_query_over_its_time_is_cut_short(client: httpx2.AsyncClient, seen: Seen) -> None:
    response = await _post(client, "{ slow(seconds: 60) }", GRAPHQL)
    assert (response.status_code, _codes(response)) == (504, ["TIMEOUT"])
    assert seen.marks == ["query started", "query over"]


async def test_a_mutation_has_the_time_it_needs(client: httpx2.AsyncClient, seen: Seen) -> None:
    response = await _post(client, "mutation { save(seconds: 0.4) }")
    assert response.json() == {"data": {"save": True}}
    assert "mutation done" in seen.marks


async def test_part_of_an_answer_is_an_answer(client: httpx2.AsyncClient) -> None:
    response = await _post(client, "{ hello missing }", GRAPHQL)
    assert response.status_code == 200
    assert response.json()["data"] == {"hello": "Hello, you", "missing": None}
    assert _codes(response) == ["NOT_FOUND"]
