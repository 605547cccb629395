"""Alembic's entry: runs the migrations on the connection that migrate.py hands it."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import text
from sqlalchemy.types import TypeDecorator

from graphql_api.models.node_id import NOWHERE
from graphql_api.models.rows import Base

COUNTED = "0003"
"""From here on streams have a revision that counts what changes."""
MOVE_COMMON_REVISION = f"""
    INSERT INTO streams (id, position, revision) VALUES ('{NOWHERE}', 0, 1)
    ON CONFLICT (id) DO UPDATE SET revision = streams.revision + 1
"""  # noqa: S608 - ours


def plain_type(kind: str, thing: Any, _autogen: object) -> Any:
    """A revision names the databases' own types, so that it stays true when our types change."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl_instance!r}"
    return False


def applied(ctx: Any, step: Any, heads: object, run_args: object) -> None:  # noqa: ARG001 - alembic's form
    """Within the step's transaction: a replica is asked nothing more until it has the step too."""
    if ctx.dialect.name == "postgresql" and step.is_upgrade and step.up_revision_id >= COUNTED:
        ctx.connection.execute(text(MOVE_COMMON_REVISION))
    if hears := context.config.attributes.get("applied"):
        hears(step=step)


def run() -> None:
    """Run what is asked for: a transaction for each revision, so that locks are short; on SQLite one for all."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=True,
        render_item=plain_type,
        on_version_apply=applied,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
