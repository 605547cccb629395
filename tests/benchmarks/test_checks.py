"""A side that answers wrongly is noticed before it is measured."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from benchmarks.client import Answer, request_of, wrongs
from benchmarks.operations import values_of
from benchmarks.traces import missing
from graphql_api.models.keys import new_key
from graphql_api.models.node_id import NodeId, NodeKind

ID = str(NodeId(NodeKind.CONFIRMATION_LINK, new_key()))
EXPECTED = [ID, "Website", "PENDING", None]


def answer(data: Any, status: int = 200, **further: Any) -> Answer:
    return Answer(status, None, json.dumps({"data": data, **further}).encode())


def link(**changed: Any) -> dict[str, Any]:
    return {"link": {"id": ID, "name": "Website", "status": "PENDING", "deal": {"name": "any"}} | changed}


def test_a_right_answer_has_the_expected_values_in_order() -> None:
    assert list(wrongs(answer(link()), EXPECTED)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        answer(link(name="Another")),
        answer(link(id=str(new_key()))),
        answer(link(deal=None)),
        answer({"links": [link(), link()]}),
        answer(None, errors=[{"message": "no"}]),
        answer(link(), status=500),
    ],
)
def test_any_other_answer_is_wrong(wrong: Answer) -> None:
    assert len(list(wrongs(wrong, EXPECTED))) == 1


def test_a_refusal_of_a_mutation_is_wrong() -> None:
    refused = {"create": {"link": None, "userErrors": [{"code": "BLANK", "message": "no"}]}}
    assert list(wrongs(answer(refused), EXPECTED)) != []


def test_values_come_in_the_documents_order() -> None:
    answered = {"nodes": [{"id": ID, "products": [{"code": "A"}, {"code": "B"}], "name": "Website"}]}
    assert list(values_of(answered)) == [ID, "A", "B", "Website"]


def test_a_request_says_how_long_it_is_and_whose() -> None:
    head, _, body = request_of("{ me }", "papi_x", {}, '"tag"').partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert f"Content-Length: {len(body)}" in lines
    assert "Authorization: Bearer papi_x" in lines
    assert 'If-None-Match: "tag"' in lines
    assert b"Authorization" not in request_of("{ me }", "", {})


def test_a_mutation_that_writes_less_is_noticed() -> None:
    before, after = Counter(mails=3, links=1, events=7), Counter(mails=4, links=2, events=8)
    assert list(missing(before, after, {"mails": 1, "links": 1, "events": 1})) == []
    assert list(missing(before, after, {"mails": 2, "links": 1})) == [
        "1 rows written to mails instead of 2",
        "1 rows written to events instead of 0",
    ]
