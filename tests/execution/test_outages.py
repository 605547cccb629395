"""What the log says of a request that the database could not answer: a line, and nothing of what was asked."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from graphql_api.database import Database
from graphql_api.execution.errors import as_graphql_error, present
from graphql_api.jobs.token_use import TokenUse
from graphql_api.models.rows import ApiToken
from graphql_api.reading.faults import in_a_line
from graphql_api.reading.prepared import run
from tests.api import Api
from tests.factories import World

SECRET = "hunter2"


def refuse(*_: object) -> Any:
    raise ConnectionRefusedError(f"nobody listens\n{SECRET}")


async def test_a_request_that_fails_is_one_line(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for way in ("ask", "read"):
        monkeypatch.setattr(world.database, way, refuse)
    with capture_logs() as logs:
        code = await api.code("{ a: products { name } b: products { name } }", world.tokens["partner_admin"])
    assert code == "SERVICE_UNAVAILABLE"
    assert [(line["event"], line["error"]) for line in logs] == [
        ("service unavailable", "ConnectionRefusedError: nobody listens")
    ]
    assert "exc_info" not in logs[0]


def test_many_errors_of_one_answer_are_one_line() -> None:
    errors = [as_graphql_error(ConnectionRefusedError()) for _ in range(3)]
    with capture_logs() as logs:
        present(errors)
    assert len(logs) == 1


async def test_a_use_that_could_not_be_noted_is_one_line(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world.database.read() as session:
        token = await session.scalar(select(ApiToken))
    assert token
    monkeypatch.setattr(world.database, "write", refuse)
    with capture_logs() as logs:
        await TokenUse(world.database)._write(token)
    assert [line["error"] for line in logs] == ["ConnectionRefusedError: nobody listens"]


async def test_no_error_shows_what_a_statement_was_given(database: Database) -> None:
    with pytest.raises(DBAPIError) as caught:
        async with database.connect() as connection:
            await connection.execute(text("SELECT nothing, :given"), {"given": SECRET})
    assert "SELECT nothing" in str(caught.value)
    assert SECRET not in f"{caught.value} {in_a_line(caught.value)}"


async def test_nor_does_one_of_a_prepared_statement() -> None:
    class Driver:
        async def execute_fetchall(self, *_: object) -> Any:
            raise asyncpg.DataError(f"invalid input for query argument $1: {SECRET!r}")

    with pytest.raises(DBAPIError) as caught:
        await run(Driver(), "SELECT $1", [[SECRET]])
    assert in_a_line(caught.value) == "DataError: invalid input for query argument $1…"
