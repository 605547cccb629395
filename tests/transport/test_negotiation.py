"""Headers that anybody may send are read, and remembered, only as far as a client needs."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import pytest

from graphql_api.transport.negotiation import GRAPHQL, is_json, negotiate

LONG = 60_000


@pytest.mark.parametrize("read", [negotiate, is_json])
def test_what_is_remembered_of_headers_stays_small(read: Callable[[str], object]) -> None:
    tracemalloc.start()
    try:
        for number in range(200):
            read(f"application/json;{number}={'x' * LONG}")
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 500_000


def test_what_a_long_header_begins_with_is_read() -> None:
    accepted = negotiate(f"{GRAPHQL}, */*;q=0.1" + ", text/html" * LONG)
    assert accepted
    assert accepted.media_type == GRAPHQL
    assert is_json("application/json; " + "x" * LONG)
    assert not is_json("text/plain; " + "x" * LONG)


def test_no_more_of_it_is_read() -> None:
    assert negotiate("text/html, " * LONG + GRAPHQL) is None
