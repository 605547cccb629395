"""Who follows something hears of it at once, though the replica does not have it yet."""

from __future__ import annotations

from graphql_api.app import App
from tests.api import Api
from tests.factories import World
from tests.realtime.documents import ACTIVITIES
from tests.realtime.live import served
from tests.replicas.asking import create
from tests.replicas.standby import Pair


async def test_a_line_on_a_deals_timeline_is_told_before_the_replica_has_it(
    app: App, api: Api, world: World, servers: Pair
) -> None:
    token, deal = world.tokens["partner_admin"], str(world.ours.shared[0].node_id)
    link = await create(api, token, world, "Proof")
    await servers.go_on()
    async with served(app) as live, live.watch(ACTIVITIES, token, deal=deal) as activities:
        await servers.hold_up()
        made = await api.change(
            "attachConfirmationLink", token, "deal { id }", confirmationLinkId=link, dealId=deal
        )
        assert made["userErrors"] == []
        try:
            assert (await activities.next())["confirmationLink"] == {"id": link}
        finally:
            await servers.go_on()
