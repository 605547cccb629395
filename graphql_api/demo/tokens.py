"""The demo's tokens: those of an earlier start where they still work, else new ones."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from sqlalchemy import select

from graphql_api.access.door import Door
from graphql_api.access.viewer import scopes_of
from graphql_api.actions.api_tokens import issue
from graphql_api.database import Writing
from graphql_api.demo.cast import MACHINES, PEOPLE
from graphql_api.models import rows
from graphql_api.models.api_token import Scope


async def tokens_for(writing: Writing, door: Door, known: Mapping[str, str]) -> dict[str, str]:
    """A working token for everyone in the cast, by their names in demo.json."""
    holders = await door.viewers(known.values())

    async def token(name: str, actor: rows.Actor, scopes: AbstractSet[Scope]) -> str:
        holder = holders.get(known.get(name, ""))
        if holder and holder.actor.id == actor.id and holder.scopes >= scopes:
            return known[name]
        return (await issue(writing, actor, "demo", scopes)).secret

    tokens = {}
    for name, email in PEOPLE.items():
        person = await writing.session.scalar(select(rows.Actor).where(rows.Actor.email == email))
        if person:
            tokens[name] = await token(name, person, scopes_of(person))
    for name, machine in MACHINES.items():
        actor = await writing.session.scalar(
            select(rows.Integration).where(rows.Integration.name == machine.name)
        )
        if actor:
            tokens[name] = await token(name, actor, machine.scopes)
    return tokens
