"""The migrations go up and down on both databases, and end at what the models say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from graphql_api.migrations.migrate import downgrade_to_base, upgrade
from graphql_api.models import rows
from graphql_api.models.base import Base

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}

Answer = TypeVar("Answer")


def asked(url: str, question: Callable[[Connection], Answer]) -> Answer:
    """The answer to a question that takes a plain connection."""

    async def ask() -> Answer:
        parsed = make_url(url)
        engine = create_async_engine(parsed.set(drivername=DRIVERS[parsed.drivername]))
        try:
            async with engine.connect() as connection:
                return await connection.run_sync(question)
        finally:
            await engine.dispose()

    return asyncio.run(ask())


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def differences(connection: Connection) -> list[Any]:
    compared = {"compare_type": True, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=compared)
    return list(compare_metadata(context, Base.metadata))


def test_migrations_go_up_down_and_up_again(empty_database_url: str) -> None:
    applied = upgrade(empty_database_url)
    assert applied
    assert asked(empty_database_url, tables) == set(Base.metadata.tables)
    downgrade_to_base(empty_database_url)
    assert asked(empty_database_url, tables) == set()
    assert upgrade(empty_database_url) == applied
    assert asked(empty_database_url, tables) == set(Base.metadata.tables)


def test_a_second_upgrade_applies_nothing(database_url: str) -> None:
    assert upgrade(database_url) == []


def test_the_migrated_database_is_what_the_models_say(database_url: str) -> None:
    assert rows
    assert asked(database_url, differences) == []
