"""Setting rows to what a test needs, past the product's own verbs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from graphql_api.database import Database
from graphql_api.models.by import By


async def set_rows(database: Database, model: type[Any], *where: Any, **values: Any) -> None:
    """Set columns of all such rows."""
    async with database.write(By(None, "Test")) as writing:
        rows = select(model).where(*where).order_by(*model.__table__.primary_key).with_for_update()
        for row in await writing.session.scalars(rows):
            for name, value in values.items():
                setattr(row, name, value)
