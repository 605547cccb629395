"""What clients are told of errors, and what only the log is."""

from __future__ import annotations

import errno
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import create_async_engine
from structlog.testing import capture_logs

from graphql_api.database import Database
from graphql_api.execution.answers import answer, encode
from graphql_api.execution.errors import present
from graphql_api.execution.operations import Operations
from graphql_api.execution.outcomes import Failure
from graphql_api.execution.requests import Request
from graphql_api.models.client_error import BadCursor, RateLimited
from graphql_api.reading.faults import is_unavailable
from tests.execution.toy import SCHEMA, Context, Seen


async def _run(query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
    outcome = await Operations(SCHEMA).run(Request(query, variables), Context(Seen(), None), streams=False)
    assert isinstance(outcome, Failure) or hasattr(outcome, "data")
    return answer(outcome)  # type: ignore[arg-type]


async def test_a_mistake_is_told_in_its_own_words_with_its_place() -> None:
    [error] = (await _run("{ hello\n missing }"))["errors"]
    assert error == {
        "message": "Not found",
        "path": ["missing"],
        "locations": [{"line": 2, "column": 2}],
        "extensions": {"code": "NOT_FOUND"},
    }


@pytest.mark.parametrize("field", ["broken", "wrongType"])
async def test_a_fault_is_masked_and_logged_under_the_id_the_client_gets(field: str) -> None:
    with capture_logs() as logs:
        [error] = (await _run(f"{{ {field} }}"))["errors"]
    assert error["message"] == "Something went wrong on our side"
    assert error["path"] == [field]
    assert error["extensions"]["code"] == "INTERNAL"
    assert logs[0]["error_id"] == error["extensions"]["errorId"]
    assert "hunter2" in str(logs[0]["exc_info"])
    assert "hunter2" not in str(error)


async def test_a_null_that_slips_through_a_default_is_the_clients_mistake() -> None:
    query = "query ($n: Int = 1) { twice(number: $n) }"
    [error] = (await _run(query, {"n": None}))["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}
    assert error["message"].startswith("Argument 'number' has invalid value")


async def test_errors_raised_below_others_keep_their_code() -> None:
    inner = GraphQLError("inner", original_error=BadCursor())
    [error] = present([GraphQLError("outer", original_error=inner)])
    assert error == {
        "message": "The cursor does not belong to this stream",
        "extensions": {"code": "BAD_CURSOR"},
    }


def test_a_wait_is_told_in_seconds() -> None:
    [error] = present([GraphQLError("", original_error=RateLimited(retry_after=7))])
    assert error["extensions"] == {"code": "RATE_LIMITED", "retryAfter": 7}


def test_a_code_we_do_not_know_is_no_way_round_the_mask() -> None:
    with capture_logs():
        [error] = present([GraphQLError("hunter2", extensions={"code": "WHATEVER"})])
    assert error["extensions"]["code"] == "INTERNAL"


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError(),
        TimeoutError(),
        PoolTimeout("queue"),
        InterfaceError("", {}, Exception()),
        OperationalError("", {}, sqlite3.OperationalError("database is locked")),
        OSError(errno.EHOSTUNREACH, "Connect call failed ('10.0.0.1', 5432)"),
        OSError(errno.ENETUNREACH, "Connect call failed ('10.0.0.1', 5432)"),
    ],
)
def test_what_a_retry_may_mend_is_unavailable(error: Exception) -> None:
    assert is_unavailable(error)
    with capture_logs():
        [told] = present([GraphQLError("", original_error=error)])
    assert told["extensions"] == {"code": "SERVICE_UNAVAILABLE", "retryAfter": 5}


async def test_a_server_with_several_addresses_none_of_which_answers_is_unavailable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Python then raises an OSError of no kind."""
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.0.{last}", 1)) for last in (1, 2)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    database = Database("postgresql://partner@db.test:1/partner")
    with pytest.raises(OSError, match="Multiple exceptions") as caught:
        async with database.read():
            pass
    await database.close()
    assert is_unavailable(caught.value)


def test_a_missing_file_is_our_fault_and_no_outage() -> None:
    with pytest.raises(OSError, match="nothing") as caught:
        Path("nothing").read_text("utf-8")
    assert not is_unavailable(caught.value)


class PostgresError(Exception):
    """As asyncpg's are: with PostgreSQL's own code."""

    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("57P01", "SERVICE_UNAVAILABLE"),
        ("08006", "SERVICE_UNAVAILABLE"),
        ("53300", "SERVICE_UNAVAILABLE"),
        ("25006", "SERVICE_UNAVAILABLE"),
        ("22021", "BAD_USER_INPUT"),
        ("42P01", "INTERNAL"),
    ],
)
@pytest.mark.parametrize("wrap", [lambda error: error, lambda error: DBAPIError("", {}, error)])
def test_postgresql_says_whose_fault_it_is(
    state: str, code: str, wrap: Callable[[Exception], Exception]
) -> None:
    with capture_logs():
        [told] = present([GraphQLError("", original_error=wrap(PostgresError(state)))])
    assert told["extensions"]["code"] == code


async def test_a_missing_table_is_our_fault_and_no_outage() -> None:
    engine = create_async_engine("sqlite+aiosqlite://")
    with pytest.raises(OperationalError) as caught:
        async with engine.connect() as connection:
            await connection.execute(text("select * from nothing"))
    await engine.dispose()
    assert not is_unavailable(caught.value)


def test_a_value_without_json_is_our_fault() -> None:
    with capture_logs():
        text_ = encode({"data": {"x": object()}})
    assert b'"INTERNAL"' in text_


async def test_a_fragment_within_itself_is_refused_not_followed() -> None:
    query = "{ tree { ...A } } fragment A on Tree { child { ...B } } fragment B on Tree { child { ...A } }"
    [error] = (await _run(query))["errors"]
    assert error["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
