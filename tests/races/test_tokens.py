"""One person's tokens, made by several at once."""

from __future__ import annotations

from graphql_api.models.api_token import LIVE_LIMIT
from tests.access.test_own_tokens import made, many
from tests.api import Api
from tests.factories import World
from tests.races.together import at_once, codes


async def test_of_tokens_made_at_once_as_many_are_made_as_there_is_room_for(
    api: Api, other_api: Api, world: World
) -> None:
    """Lock no row in actions/api_tokens.py: on PostgreSQL more are made."""
    await many(world, LIVE_LIMIT - 3)
    token = world.tokens["partner_member"]
    payloads = await at_once(*(made([api, other_api][n % 2], token) for n in range(10)))
    assert sorted(map(codes, payloads)) == [[], [], *[["LIMIT_EXCEEDED"]] * 8]
