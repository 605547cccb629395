"""When a token was last used."""

from __future__ import annotations

from datetime import datetime

from graphql_api.app import App
from tests.api import Api
from tests.clock import Clock
from tests.factories import World

LAST_USE = "{ viewer { apiTokens { lastUsedAt } } }"


async def last_use(app: App, api: Api, token: str) -> datetime | None:
    """What the token's owner is told, once what is being written is written."""
    await app.token_use.finish()
    data = await api.ask(LAST_USE, token)
    said = data["viewer"]["apiTokens"][0]["lastUsedAt"]
    return datetime.fromisoformat(said) if said else None


async def test_a_tokens_owner_sees_when_it_was_last_used(app: App, api: Api, world: World) -> None:
    token = await world.token_for(world.ours.admin)
    await last_use(app, api, token)
    assert await last_use(app, api, token) is not None
    await app.token_use.finish()


async def test_the_last_use_is_told_to_within_five_minutes(
    app: App, api: Api, world: World, clock: Clock
) -> None:
    token = await world.token_for(world.ours.admin)
    await last_use(app, api, token)
    noted = await last_use(app, api, token)
    clock.advance(minutes=4)
    assert await last_use(app, api, token) == noted
    clock.advance(minutes=2)
    await last_use(app, api, token)
    assert await last_use(app, api, token) != noted
    await app.token_use.finish()
