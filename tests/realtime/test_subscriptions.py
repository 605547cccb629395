"""Each subscription delivers as it happens, over WebSockets and server-sent events, on both databases."""

from __future__ import annotations

import asyncio

import pytest

from tests import steps
from tests.api import Api
from tests.factories import World
from tests.realtime.documents import ACTIVITIES, CHANGES, EVENTS, NOTIFICATIONS, stream_cursor
from tests.realtime.live import Live, until
from tests.transport.socket_client import ask, connected, receive


@pytest.mark.rule("D1", "B32")
async def test_a_rejection_is_told_at_once_with_its_reason(
    live: Live, api: Api, world: World, over: str
) -> None:
    link, token = await world.link(), world.tokens["partner_member"]
    async with live.watch(CHANGES, token, over=over) as watch:
        await steps.reject(api, link, reason="We never met.")
        change = await watch.next()
    assert (change["previousStatus"], change["status"]) == ("PENDING", "REJECTED")
    assert change["reason"] == "We never met."
    assert change["link"]["id"] == str(link.node_id)
    assert change["link"]["status"] == "REJECTED"
    assert change["cursor"] == await stream_cursor(api, token)


@pytest.mark.rule("D1", "B31")
async def test_a_confirmation_is_told_without_a_reason(live: Live, api: Api, world: World, over: str) -> None:
    link = await world.link()
    async with live.watch(
        CHANGES, world.tokens["pdm"], over=over, partner=str(world.ours.partner.node_id)
    ) as watch:
        await steps.confirm(api, link)
        change = await watch.next()
    assert (change["previousStatus"], change["status"], change["reason"]) == ("PENDING", "CONFIRMED", None)


async def test_making_or_editing_a_link_is_no_change_of_status(live: Live, api: Api, world: World) -> None:
    token = world.tokens["partner_admin"]
    async with live.watch(CHANGES, token) as watch:
        link = await world.link()
        await steps.edit(api, token, link, name="Another name")
        await steps.confirm(api, link, seenVersion=2)
        assert (await watch.next())["status"] == "CONFIRMED"


async def test_a_link_narrows_the_changes_and_names_its_partner(
    live: Live, api: Api, world: World, over: str
) -> None:
    one, other = await world.link(), await world.link(name="Another")
    async with live.watch(CHANGES, world.tokens["staff_admin"], over=over, link=str(one.node_id)) as watch:
        await steps.confirm(api, other)
        await steps.confirm(api, one)
        assert (await watch.next())["link"]["id"] == str(one.node_id)


@pytest.mark.rule("D1")
async def test_partner_events_come_as_they_happen(live: Live, api: Api, world: World, over: str) -> None:
    token = world.tokens["partner_admin"]
    async with live.watch(EVENTS, token, over=over) as watch:
        link = await world.link()
        await steps.edit(api, token, link, name="Another name")
        await steps.attach(api, token, link, world.ours.shared[0])
        seen = await watch.several(3)
    assert [event["kind"] for event in seen] == ["LINK_CREATED", "LINK_EDITED", "LINK_ATTACHED"]
    assert (
        {event["subjectId"] for event in seen}
        == {event["subject"]["id"] for event in seen}
        == {str(link.node_id)}
    )
    assert seen == sorted(seen, key=lambda event: event["cursor"])


@pytest.mark.parametrize("kinds", [["LINK_EDITED"], ["LINK_EDITED", "LINK_CONFIRMED"]])
async def test_kinds_filter_the_events(live: Live, api: Api, world: World, kinds: list[str]) -> None:
    token = world.tokens["partner_admin"]
    async with live.watch(EVENTS, token, kinds=kinds) as watch:
        link = await world.link()
        await steps.edit(api, token, link, name="Another name")
        await steps.attach(api, token, link, world.ours.shared[0])
        await steps.confirm(api, link, seenVersion=2)
        assert [event["kind"] for event in await watch.several(len(kinds))] == kinds


async def test_no_kinds_at_all_match_nothing(live: Live, world: World) -> None:
    async with live.watch(EVENTS, world.tokens["partner_admin"], kinds=[]) as watch:
        await world.link()
        await asyncio.sleep(0.3)
        assert watch.received.empty()


async def test_another_partners_events_are_never_delivered(live: Live, world: World) -> None:
    async with live.watch(EVENTS, world.tokens["other_partner_admin"]) as watch:
        await world.link()
        theirs = await world.link(world.theirs)
        assert (await watch.next())["subjectId"] == str(theirs.node_id)


@pytest.mark.rule("B20")
async def test_a_deals_timeline_grows_before_its_reader(
    live: Live, api: Api, world: World, over: str
) -> None:
    token, deal = world.tokens["partner_admin"], world.ours.shared[0]
    link, elsewhere = await world.link(), await world.link(name="On another deal")
    async with live.watch(ACTIVITIES, token, over=over, deal=str(deal.node_id)) as watch:
        await steps.attach(api, token, elsewhere, world.ours.shared[1])
        await steps.attach(api, token, link, deal)
        await steps.edit(api, token, link, name="Renamed")
        await steps.detach(api, token, link, deal)
        lines = await watch.several(3)
    assert [line["kind"] for line in lines] == ["LINK_ATTACHED", "LINK_EDITED", "LINK_DETACHED"]
    assert {line["actorName"] for line in lines} == {world.ours.admin.name}
    assert {line["deal"]["id"] for line in lines} == {str(deal.node_id)}


@pytest.mark.rule("B20", "D12")
async def test_a_deleted_links_last_line_names_no_link(live: Live, api: Api, world: World) -> None:
    token, deal, link = world.tokens["partner_admin"], world.ours.shared[0], await world.link()
    await steps.attach(api, token, link, deal)
    async with live.watch(ACTIVITIES, token, deal=str(deal.node_id)) as watch:
        await steps.delete(api, token, link)
        line = await watch.next()
    assert (line["kind"], line["confirmationLink"]) == ("LINK_DELETED", None)


@pytest.mark.rule("B21", "B17")
async def test_a_direct_deals_timeline_is_for_its_cam_alone(
    live: Live, api: Api, world: World, over: str
) -> None:
    link, deal = await world.link(), world.ours.direct
    assert deal
    names = {"deal": str(deal.node_id)}
    assert await live.end(ACTIVITIES, world.tokens["partner_admin"], over=over, **names) == "NOT_FOUND"
    async with live.watch(ACTIVITIES, world.tokens["cam"], over=over, **names) as watch:
        await steps.attach(api, world.tokens["cam"], link, deal)
        line = await watch.next()
    assert line["deal"] == {"id": str(deal.node_id), "__typename": "DirectDeal"}


@pytest.mark.rule("D2", "D12")
async def test_an_attachment_to_a_direct_deal_is_the_links_change_alone(
    live: Live, api: Api, world: World
) -> None:
    link, deal = await world.link(), world.ours.direct
    assert deal
    full = EVENTS.replace("__typename", "... on ConfirmationLink { deal { id } stage }")
    async with live.watch(full, world.tokens["partner_admin"]) as watch:
        payload = await steps.attach(api, world.tokens["cam"], link, deal)
        event = await watch.next()
    assert (event["kind"], event["cursor"]) == ("LINK_ATTACHED", payload["cursor"])
    assert event["subject"] == {"id": str(link.node_id), "deal": None, "stage": "ASSIGNED"}


@pytest.mark.rule("B18", "B25")
@pytest.mark.parametrize("who", ["cam", "pdm"])
async def test_cam_and_pdm_are_told_in_the_app(
    live: Live, api: Api, world: World, over: str, who: str
) -> None:
    async with live.watch(NOTIFICATIONS, world.tokens[who], over=over) as watch:
        link = await world.link()
        await steps.confirm(api, link)
        told = await watch.several(2)
    assert [one["kind"] for one in told] == ["LINK_CREATED", "LINK_CONFIRMED"]
    assert {one["subject"]["id"] for one in told} == {str(link.node_id)}


@pytest.mark.rule("B24", "C4")
async def test_a_rejection_is_told_to_its_maker_and_not_to_the_cam(
    live: Live, api: Api, world: World
) -> None:
    one, other = await world.link(), await world.link(name="Another")
    async with (
        live.watch(NOTIFICATIONS, world.tokens["partner_admin"]) as maker,
        live.watch(NOTIFICATIONS, world.tokens["cam"]) as cam,
    ):
        await steps.reject(api, one)
        await steps.confirm(api, other)
        assert [told["kind"] for told in await maker.several(2)] == ["LINK_REJECTED", "LINK_CONFIRMED"]
        assert (await cam.next())["kind"] == "LINK_CONFIRMED"


@pytest.mark.rule("D12")
async def test_a_deleted_link_is_told_with_no_subject(live: Live, api: Api, world: World, over: str) -> None:
    token, link = world.tokens["partner_admin"], await world.link()
    async with live.watch(EVENTS, token, over=over) as watch:
        await steps.delete(api, token, link)
        event = await watch.next()
    assert (event["kind"], event["subjectId"], event["subject"]) == ("LINK_DELETED", str(link.node_id), None)


async def test_many_subscriptions_share_a_socket_and_end_alone(live: Live, api: Api, world: World) -> None:
    link, token = await world.link(), world.tokens["partner_admin"]
    async with connected(live.address, {"Authorization": token}) as socket:
        await ask(socket, "wrong", EVENTS, variables={"after": "nonsense"})
        assert (await receive(socket))["type"] == "error"
        await ask(socket, "events", EVENTS)
        await ask(socket, "changes", CHANGES)
        await until(lambda: live.followers == 2)
        await steps.confirm(api, link)
        told = [await receive(socket) for _ in range(2)]
    assert {(one["type"], one["id"]) for one in told} == {("next", "events"), ("next", "changes")}
