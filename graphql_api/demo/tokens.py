"""The demo's tokens: those of an earlier start where they still work, else new ones."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from sqlalchemy import select

from graphql_api.access.viewer import authenticate, scopes_of
from graphql_api.actions.api_tokens import issue
from graphql_api.database import Writing
from graphql_api.demo.cast import MACHINES, PEOPLE
from graphql_api.models import rows
from graphql_api.models.api_token import Scope
from graphql_api.models.client_error import Unauthenticated


async def tokens_for(writing: Writing, known: Mapping[str, str]) -> dict[str, str]:
    """A working token for everyone in the cast, by their names in demo.json."""
    tokens = {}
    for name, email in PEOPLE.items():
        person = await writing.session.scalar(select(rows.Actor).where(rows.Actor.email == email))
        if person:
            tokens[name] = await _token(writing, person, scopes_of(person), known.get(name))
    for name, machine in MACHINES.items():
        actor = await writing.session.scalar(
            select(rows.Integration).where(rows.Integration.name == machine.name)
        )
        if actor:
            tokens[name] = await _token(writing, actor, machine.scopes, known.get(name))
    return tokens


async def _token(writing: Writing, actor: rows.Actor, scopes: AbstractSet[Scope], known: str | None) -> str:
    if known and await _works(writing, known, actor, scopes):
        return known
    return (await issue(writing, actor, "demo", scopes)).secret


async def _works(writing: Writing, secret: str, actor: rows.Actor, scopes: AbstractSet[Scope]) -> bool:
    try:
        viewer = await authenticate(writing.session, secret, writing.now)
    except Unauthenticated:
        return False
    return viewer.actor.id == actor.id and viewer.scopes >= scopes
