"""Forgetting idempotency keys that are no longer kept (D3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from graphql_api.models.by import By
from graphql_api.models.idempotency_key import KEPT, IdempotencyKey

if TYPE_CHECKING:
    import asyncio

    from graphql_api.database import Database
    from graphql_api.settings import Settings


async def forget_old_keys(database: Database, _settings: Settings, _stop: asyncio.Event) -> None:
    """Delete the keys of more than seven days ago."""
    async with database.write(By(None, "Clock")) as writing:
        await writing.session.execute(
            delete(IdempotencyKey).where(IdempotencyKey.created_at < writing.now - KEPT)
        )
