"""What the tests of one process need not do again and again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache

import pytest
from graphql import DocumentNode, GraphQLSchema

from graphql_api import collector
from graphql_api.execution import documents
from graphql_api.execution.outcomes import Failure

read_document = documents.read_document


class Refused(Exception):  # noqa: N818 - carries what is not kept
    """A document that is not valid: its failure is each caller's own."""


@lru_cache(maxsize=5_000)
def _read(schema: GraphQLSchema, query: str, _checked: object) -> DocumentNode:
    document = read_document(schema, query)
    if isinstance(document, Failure):
        raise Refused(document)
    return document


def read_once(schema: GraphQLSchema, query: str) -> DocumentNode | Failure:
    """As services do for as long as they run; but here each test has a service of its own."""
    try:
        return _read(schema, query, vars(documents)["validate"])  # a test may have put its own in its place
    except Refused as refused:
        failure: Failure = refused.args[0]
        return failure


@pytest.fixture(scope="session", autouse=True)
def documents_are_read_once() -> Iterator[None]:
    """A valid document depends on its text alone: to validate it took a fifth of most tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "read_document", read_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def processes_are_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The second process of a session finds what the first has compiled, whatever the environment says of that."""
    with pytest.MonkeyPatch.context() as environment:
        if sys.dont_write_bytecode:
            environment.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.getbasetemp() / "pycache"))
            environment.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        yield


def pytest_collection_finish() -> None:
    """All the tests and what they import stay: the collector need not look at them during each of them."""
    collector.tune()
