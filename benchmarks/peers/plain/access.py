"""Who is asking, and what a request's resolvers share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from starlette.exceptions import HTTPException

from benchmarks.peers.plain.loaders import Loaders, Sessions
from benchmarks.peers.plain.wakes import Wakes
from graphql_api.models import rows


@dataclass
class Context:
    """Of one request, or of one subscription."""

    sessions: Sessions
    wakes: Wakes
    viewer: rows.Actor | None
    """None for a client, whose token is in what it sends."""
    connection_params: Any = None
    """What a WebSocket's client said first."""

    @cached_property
    def loaders(self) -> Loaders:
        """Its own."""
        return Loaders(self.sessions, self.partner_id)

    @property
    def partner_id(self) -> UUID:
        """The viewer's partner.

        Raises:
            HTTPException: nobody is signed in.

        """
        if self.viewer is None or self.viewer.partner_id is None:
            raise HTTPException(401)
        return self.viewer.partner_id


async def viewer_of(sessions: Sessions, authorization: str) -> rows.Actor | None:
    """Who holds the bearer token.

    Raises:
        HTTPException: nobody.

    """
    secret = authorization.removeprefix("Bearer ")
    if not secret:
        return None
    token, actor = rows.ApiToken, rows.Actor
    wanted = (
        select(actor)
        .join(token, token.actor_id == actor.id)
        .where(
            token.secret_hash == sha256(secret.encode()).hexdigest(),
            token.revoked_at.is_(None),
            or_(token.expires_at.is_(None), token.expires_at > datetime.now(UTC)),
            actor.is_active,
        )
    )
    async with sessions() as session:
        found = await session.scalar(wanted)
    if found is None:
        raise HTTPException(401)
    return found
