"""What the benchmarks ask is what the service answers, as they expect it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import parse, validate
from starlette.testclient import TestClient

from benchmarks.client import Answer, wrongs
from benchmarks.dashboards import Dashboards, dashboards
from benchmarks.dashboards_data import prepare
from benchmarks.operations import DOCUMENTS, OPERATIONS
from graphql_api.app import App
from graphql_api.schema.root import SCHEMA
from graphql_api.settings import read_settings


@pytest.fixture(scope="module")
def made() -> Dashboards:
    return dashboards()


@pytest.fixture(scope="module")
def client(made: Dashboards, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The service on the benchmarks' data."""
    url = f"sqlite:///{tmp_path_factory.mktemp('benchmarks') / 'partner-api.db'}"
    prepare(url, made)
    settings = read_settings(
        database_url=url, secret_key="a secret for tests, long enough to be one", embedded_worker=False
    )
    with TestClient(App(settings).asgi) as client:
        yield client


@pytest.mark.parametrize("path", sorted(DOCUMENTS.glob("*.graphql")), ids=lambda path: path.stem)
def test_every_document_is_one_of_the_schema(path: Path) -> None:
    assert validate(SCHEMA._schema, parse(path.read_text())) == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_service_answers_what_is_expected(name: str, made: Dashboards, client: TestClient) -> None:
    operation = OPERATIONS[name]
    [*_, asked] = operation.requests(made)
    body = {"query": (DOCUMENTS / f"{operation.document}.graphql").read_text(), "variables": asked.variables}
    came = client.post("/graphql", json=body, headers={"Authorization": f"Bearer {asked.secret}"})
    answer = Answer(came.status_code, came.headers.get("etag"), came.content)
    assert list(wrongs(answer, asked.expected)) == []


def test_a_dashboard_is_as_large_as_it_is_meant_to_be(made: Dashboards) -> None:
    asked = next(OPERATIONS["dashboard"].requests(made))
    links, with_two = 50, 17
    assert len(asked.expected) == links * (3 + 4 + 2 + 2) + with_two * 4
    assert json.dumps(asked.variables) == '{"first": 50}'


def test_the_data_is_the_same_every_time(made: Dashboards) -> None:
    assert dashboards().tables == made.tables
