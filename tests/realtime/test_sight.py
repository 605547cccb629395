"""Who may follow what, looked at again at each delivery."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import ColumnElement

from graphql_api.access.tokens import hash_of
from graphql_api.models import rows
from graphql_api.models.api_token import Scope
from graphql_api.models.keys import new_key
from graphql_api.models.node_id import NodeId, NodeKind
from tests import steps
from tests.api import Api
from tests.clock import Clock
from tests.factories import World
from tests.realtime.documents import ACTIVITIES, CHANGES, EVENTS, NOTIFICATIONS
from tests.realtime.live import Live, until
from tests.setting import set_rows


@pytest.mark.rule("D12")
@pytest.mark.parametrize("who", ["other_partner_admin", "other_cam", "renewal_manager"])
async def test_what_a_viewer_cannot_see_cannot_be_followed(
    live: Live, world: World, over: str, who: str
) -> None:
    link, token = await world.link(), world.tokens[who]
    ours, deal = str(world.ours.partner.node_id), str(world.ours.shared[0].node_id)
    asked: list[tuple[str, dict[str, Any]]] = [
        (EVENTS, {"partner": ours}),
        (CHANGES, {"partner": ours}),
        (CHANGES, {"link": str(link.node_id)}),
        (ACTIVITIES, {"deal": deal}),
    ]
    for document, variables in asked:
        assert await live.end(document, token, over=over, **variables) == "NOT_FOUND"
    assert live.followers == 0


@pytest.mark.rule("D12")
async def test_ids_that_name_nothing_are_not_found(live: Live, world: World) -> None:
    token = world.tokens["staff_admin"]
    nobody, nothing = NodeId(NodeKind.PARTNER, new_key()), str(NodeId(NodeKind.DEAL, new_key()))
    for given in ("", "nonsense", str(nobody), str(world.ours.shared[0].node_id)):
        assert await live.end(EVENTS, token, partner=given) == "NOT_FOUND"
        assert await live.end(CHANGES, token, link=given) == "NOT_FOUND"
    assert await live.end(ACTIVITIES, token, deal=nothing) == "NOT_FOUND"


@pytest.mark.rule("D12")
async def test_a_link_of_another_partner_than_the_one_named_is_not_found(live: Live, world: World) -> None:
    theirs, token = await world.link(world.theirs), world.tokens["staff_admin"]
    named = {"link": str(theirs.node_id), "partner": str(world.ours.partner.node_id)}
    assert await live.end(CHANGES, token, **named) == "NOT_FOUND"


@pytest.mark.parametrize("who", ["cam", "staff_admin", "checkout"])
async def test_the_vendors_side_names_a_partner(live: Live, world: World, over: str, who: str) -> None:
    for document in (EVENTS, CHANGES):
        assert await live.end(document, world.tokens[who], over=over) == "BAD_USER_INPUT"


@pytest.mark.parametrize("who", ["cam", "pdm", "staff_admin", "crm_sync", "partner_member"])
async def test_who_sees_a_partner_may_follow_it(live: Live, world: World, who: str) -> None:
    async with live.watch(EVENTS, world.tokens[who], partner=str(world.ours.partner.node_id)) as watch:
        link = await world.link()
        assert (await watch.next())["subjectId"] == str(link.node_id)


async def test_a_token_without_read_may_follow_nothing(live: Live, world: World, over: str) -> None:
    token = await world.token_for(world.ours.admin, Scope.LINKS_WRITE)
    for document in (EVENTS, CHANGES, NOTIFICATIONS):
        assert await live.end(document, token, over=over) == "FORBIDDEN"
    assert await live.end(ACTIVITIES, token, over=over, deal=str(world.ours.shared[0].node_id)) == "FORBIDDEN"


@pytest.mark.rule("D12")
@pytest.mark.parametrize("document", [EVENTS, CHANGES])
async def test_a_cam_who_is_reassigned_sees_no_more(
    live: Live, api: Api, world: World, over: str, document: str
) -> None:
    seen, hidden = await world.link(), await world.link(name="Hidden")
    ours = str(world.ours.partner.node_id)
    async with live.watch(document, world.tokens["cam"], over=over, partner=ours) as watch:
        await steps.confirm(api, seen)
        await watch.next()
        await _reassign(world)
        await steps.confirm(api, hidden)
        assert await watch.end() == "NOT_FOUND"
    assert live.followers == 0


@pytest.mark.rule("D12")
async def test_a_cam_who_is_reassigned_reads_no_timeline(live: Live, api: Api, world: World) -> None:
    link, deal = await world.link(), world.ours.shared[0]
    async with live.watch(ACTIVITIES, world.tokens["cam"], deal=str(deal.node_id)) as watch:
        await _reassign(world)
        await steps.attach(api, world.tokens["partner_admin"], link, deal)
        assert await watch.end() == "NOT_FOUND"


@pytest.mark.rule("D12", "B21")
async def test_a_deal_that_is_no_longer_shared_falls_silent(live: Live, api: Api, world: World) -> None:
    link, deal = await world.link(), world.ours.shared[0]
    async with live.watch(ACTIVITIES, world.tokens["partner_admin"], deal=str(deal.node_id)) as watch:
        await set_rows(world.database, rows.Deal, rows.Deal.id == deal.id, is_shared=False)
        await steps.attach(api, world.tokens["cam"], link, deal)
        assert await watch.end() == "NOT_FOUND"


@pytest.mark.parametrize("document", [EVENTS, NOTIFICATIONS, CHANGES])
async def test_a_revoked_token_ends_its_subscriptions(
    live: Live, api: Api, world: World, clock: Clock, over: str, document: str
) -> None:
    link, token = await world.link(), await world.token_for(world.ours.admin)
    async with live.watch(document, token, over=over) as watch:
        await set_rows(world.database, rows.ApiToken, _is(token), revoked_at=clock())
        await steps.confirm(api, link)
        assert await watch.end() == "UNAUTHENTICATED"


async def test_an_expired_token_ends_its_subscriptions(
    live: Live, world: World, clock: Clock, over: str
) -> None:
    token = await world.token_for(world.ours.admin, expires_at=clock() + timedelta(days=1))
    async with live.watch(EVENTS, token, over=over) as watch:
        await world.link()
        await watch.next()
        clock.advance(days=2)
        await world.link(name="Too late")
        assert await watch.end() == "UNAUTHENTICATED"


async def test_a_user_who_leaves_hears_no_more(live: Live, world: World, over: str) -> None:
    async with live.watch(EVENTS, world.tokens["partner_member"], over=over) as watch:
        await set_rows(world.database, rows.Actor, rows.Actor.id == world.ours.member.id, is_active=False)
        await world.link()
        assert await watch.end() == "UNAUTHENTICATED"


async def test_a_scope_that_is_gone_ends_the_subscription(live: Live, world: World) -> None:
    token = await world.token_for(world.ours.admin, Scope.READ)
    async with live.watch(EVENTS, token) as watch:
        await set_rows(world.database, rows.ApiToken, _is(token), scopes=[Scope.LINKS_WRITE.value])
        await world.link()
        assert await watch.end() == "FORBIDDEN"


async def test_nobody_signed_in_may_follow(live: Live, over: str) -> None:
    assert await live.end(EVENTS, "", over=over) == "UNAUTHENTICATED"


async def test_a_deal_without_a_partner_is_silent_until_it_has_one(
    live: Live, api: Api, world: World
) -> None:
    link, deal = await world.link(), world.ours.shared[0]
    await _give(world, deal, None)
    async with live.ask(ACTIVITIES, world.tokens["staff_admin"], deal=str(deal.node_id)) as watch:
        await asyncio.sleep(0.3)
        assert watch.received.empty()
        await _give(world, deal, world.ours.partner)
        await until(lambda: live.followers == 1)
        await steps.attach(api, world.tokens["cam"], link, deal)
        assert (await watch.next())["kind"] == "LINK_ATTACHED"


async def _reassign(world: World) -> None:
    """Our partner gets the other partner's CAM."""
    place = rows.Assignment.staff_member_id == world.ours.cam.id
    await set_rows(world.database, rows.Assignment, place, staff_member_id=world.theirs.cam.id)


async def _give(world: World, deal: rows.Deal, partner: rows.Partner | None) -> None:
    await set_rows(world.database, rows.Deal, rows.Deal.id == deal.id, partner_id=partner and partner.id)


def _is(secret: str) -> ColumnElement[bool]:
    return rows.ApiToken.secret_hash == hash_of(secret)
