"""Bearer tokens. Only a hash is kept; the secret is shown once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from graphql_api.models.base import Base
from graphql_api.models.keys import new_key
from graphql_api.models.node_id import NodeId, NodeKind

LIVE_LIMIT = 500
"""How many tokens that work a person may make: as many as are listed."""


class Scope(StrEnum):
    """What the bearer of a token may do, where its role allows it too."""

    READ = "READ"
    LINKS_WRITE = "LINKS_WRITE"
    RENEWALS_WRITE = "RENEWALS_WRITE"
    DEALS_WRITE = "DEALS_WRITE"
    CHECKOUT_WRITE = "CHECKOUT_WRITE"
    SYNC_WRITE = "SYNC_WRITE"
    ADMIN = "ADMIN"


class ApiToken(Base):
    """A token of one actor. `prefix` is the readable start of the secret, to tell tokens apart."""

    __tablename__ = "api_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_key)
    actor_id: Mapped[UUID] = mapped_column(ForeignKey("actors.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    prefix: Mapped[str] = mapped_column(String(20))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    @property
    def node_id(self) -> NodeId:
        """Its global id."""
        return NodeId(NodeKind.API_TOKEN, self.id)

    def is_valid(self, now: datetime) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def valid_at(moment: datetime) -> ColumnElement[bool]:
    """Tokens that work at that moment: neither revoked nor expired."""
    return ApiToken.revoked_at.is_(None) & (ApiToken.expires_at.is_(None) | (ApiToken.expires_at > moment))
