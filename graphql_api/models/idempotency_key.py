"""Idempotency keys: what a repeated mutation is answered with (D3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from graphql_api.models.base import Base

KEY_LIMIT = 255
FIELD_LIMIT = 100


class IdempotencyKey(Base):
    """One use of a key, recorded in the transaction of the change. `caller` is a token's key, or a link's."""

    __tablename__ = "idempotency_keys"

    caller: Mapped[str] = mapped_column(String(40), primary_key=True)
    field: Mapped[str] = mapped_column(String(FIELD_LIMIT), primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_LIMIT), primary_key=True)
    input_hash: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(index=True)
