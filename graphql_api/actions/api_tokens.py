"""A person's own tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from graphql_api.access.tokens import NewToken, new_token
from graphql_api.actions.locks import lock
from graphql_api.actions.record import Change, audit
from graphql_api.models import rows
from graphql_api.models.api_token import LIVE_LIMIT, valid_at
from graphql_api.models.refusal import Blank, Invalid, LimitExceeded, NotAllowed, Refusal, refuse
from graphql_api.models.text import line_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from graphql_api.access.sight import Sight
    from graphql_api.access.viewer import Viewer
    from graphql_api.database import Writing
    from graphql_api.models.api_token import Scope


async def create(
    writing: Writing, viewer: Viewer, name: str, scopes: Sequence[Scope], expires_at: datetime | None
) -> NewToken:
    """Make a token for oneself. It can do no more, and lasts no longer, than the token that makes it.

    Raises:
        Refused: the name, the scopes or the time.
        LimitExceeded: 500 tokens of the person's work already.

    """
    expires_at = expires_at or viewer.token.expires_at
    refusals = list(_refusals(writing, viewer, scopes, expires_at))
    try:
        name = line_of(name, "name")
    except Refusal as refusal:
        refusals.insert(0, refusal)
    refuse(refusals)
    await _check_room(writing, viewer.actor)
    return await issue(writing, viewer.actor, name, scopes, expires_at)


async def issue(
    writing: Writing,
    actor: rows.Actor,
    name: str,
    scopes: Iterable[Scope],
    expires_at: datetime | None = None,
) -> NewToken:
    """Make a token for somebody, whatever it can do."""
    made = new_token(actor, name, scopes, writing.now, expires_at)
    writing.session.add(made.row)
    await writing.session.flush()
    changes = [Change("name", None, name), Change("scopes", None, ", ".join(made.row.scopes))]
    audit(writing, "api_token.create", made.row.node_id, changes, partner_id=actor.partner_id)
    return made


async def revoke(writing: Writing, sight: Sight, viewer: Viewer, key: UUID) -> rows.ApiToken:
    """Stop one of one's own tokens for good; stopping it again changes nothing.

    Raises:
        NotFound: no such token of the viewer's.
        NotAllowed: it can do more than the token that asks.

    """
    token = await lock(writing, sight, rows.ApiToken, key, "id")
    if not viewer.covers(token):
        raise NotAllowed("id", message="it can do more than your own token")
    if token.revoked_at is None:
        token.revoked_at = writing.now
        changes = [Change("revokedAt", None, writing.now.isoformat())]
        audit(writing, "api_token.revoke", token.node_id, changes, partner_id=viewer.partner_id)
    return token


async def _check_room(writing: Writing, actor: rows.Actor) -> None:
    """Every token that works can be listed, and so be stopped, while there are no more than the list shows."""
    own = rows.ApiToken.actor_id == actor.id
    first = select(rows.ApiToken.id).where(own).order_by(rows.ApiToken.id).limit(1)
    await writing.session.execute(first.with_for_update())  # two who make one at once would both find room
    live = select(func.count()).select_from(rows.ApiToken).where(own, valid_at(writing.now))
    if (await writing.session.scalar(live) or 0) >= LIVE_LIMIT:
        raise LimitExceeded(message=f"{LIVE_LIMIT} of your tokens work already: revoke one")


def _refusals(
    writing: Writing, viewer: Viewer, scopes: Sequence[Scope], expires_at: datetime | None
) -> list[Refusal]:
    refusals: list[Refusal] = []
    if not scopes:
        refusals.append(Blank("scopes", message="name at least one scope"))
    refusals += [
        NotAllowed("scopes", str(index), message=f"your own token does not carry {scope}")
        for index, scope in enumerate(scopes)
        if scope not in viewer.scopes
    ]
    if expires_at and expires_at <= writing.now:
        refusals.append(Invalid("expiresAt", message="is past already"))
    limit = viewer.token.expires_at
    if limit and expires_at and expires_at > limit:
        refusals.append(NotAllowed("expiresAt", message="is later than your own token's"))
    return refusals
