"""Alembic's entry: runs the migrations on the connection that migrate.py hands it."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy.types import TypeDecorator

from graphql_api.models.rows import Base


def plain_type(kind: str, thing: Any, _autogen: object) -> Any:
    """A revision names the databases' own types, so that it stays true when our types change."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl_instance!r}"
    return False


def run() -> None:
    """Run what is asked for: a transaction for each revision, so that locks are short; on SQLite one for all."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=True,
        render_item=plain_type,
        on_version_apply=context.config.attributes.get("applied"),
    )
    with context.begin_transaction():
        context.run_migrations()


run()
