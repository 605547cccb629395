"""Bearer tokens: made once, kept as a hash."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from graphql_api.models.api_token import ApiToken

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from graphql_api.models.actor import Actor
    from graphql_api.models.api_token import Scope

SECRET_BYTES = 32
MARK = "papi_"
"""How a secret begins, so that a leaked one can be recognised."""
PREFIX_LENGTH = 12


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token's row, and the secret that is shown this once."""

    row: ApiToken
    secret: str


def hash_of(secret: str) -> str:
    """What is kept of a secret. 256 random bits need no slow hash."""
    return sha256(secret.encode()).hexdigest()


def new_token(
    actor: Actor, name: str, scopes: Iterable[Scope], now: datetime, expires_at: datetime | None = None
) -> NewToken:
    """A token of 256 random bits for an actor, not yet in the database."""
    secret = MARK + token_urlsafe(SECRET_BYTES)
    row = ApiToken(
        actor_id=actor.id,
        name=name,
        prefix=secret[:PREFIX_LENGTH],
        secret_hash=hash_of(secret),
        scopes=sorted({scope.value for scope in scopes}),
        created_at=now,
        expires_at=expires_at,
    )
    return NewToken(row, secret)
