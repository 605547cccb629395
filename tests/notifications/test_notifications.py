"""What people are told in the app, and marking it as read."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.models.by import By
from graphql_api.models.keys import new_key
from graphql_api.models.node_id import NodeId, NodeKind
from tests.api import Api, refusals
from tests.clock import Clock
from tests.factories import World
from tests.steps import delete

NEWS = """query($unread: Boolean, $first: Int, $after: String) { viewer {
  notifications(unreadOnly: $unread, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id kind title body createdAt readAt subject { id } } } } }"""


async def news(api: Api, who: str, **variables: Any) -> list[dict[str, Any]]:
    """What somebody is told, newest first."""
    found = (await api.ask(NEWS, who, **variables))["viewer"]["notifications"]
    nodes: list[dict[str, Any]] = found["nodes"]
    return nodes


async def mark(api: Api, who: str, *ids: str) -> dict[str, Any]:
    """Mark as read."""
    return await api.change("markNotificationsRead", who, "notifications { id readAt }", ids=list(ids))


@pytest.mark.rule("B18", "C3")
async def test_a_new_link_is_told_to_cam_and_pdm_and_to_nobody_else(api: Api, world: World) -> None:
    link = await world.link()
    for who in ("cam", "pdm"):
        [told] = await news(api, world.tokens[who])
        assert (told["kind"], told["title"]) == ("LINK_CREATED", "Northwind Digital created “Proof for Acme”")
        assert (told["subject"], told["readAt"]) == ({"id": str(link.node_id)}, None)
    for who in ("partner_admin", "partner_member", "other_cam", "staff_admin", "checkout"):
        assert await news(api, world.tokens[who]) == []


@pytest.mark.rule("B18", "C17")
async def test_a_deleted_link_leaves_the_notification_without_a_subject(api: Api, world: World) -> None:
    link = await world.link()
    await delete(api, world.tokens["partner_admin"], link)
    [told] = await news(api, world.tokens["cam"])
    assert (told["kind"], told["subject"]) == ("LINK_CREATED", None)


@pytest.mark.rule("B18")
async def test_news_come_newest_first_by_pages_and_unread_alone_on_request(api: Api, world: World) -> None:
    for name in ("One", "Two", "Three"):
        await world.link(name=name)
    cam = world.tokens["cam"]
    page = (await api.ask(NEWS, cam, first=2))["viewer"]["notifications"]
    assert [node["title"][-4:-1] for node in page["nodes"]] == ["ree", "Two"]
    rest = await news(api, cam, first=2, after=page["pageInfo"]["endCursor"])
    assert ["“One”" in node["title"] for node in rest] == [True]
    await mark(api, cam, page["nodes"][0]["id"])
    assert len(await news(api, cam)) == 3
    unread = (await api.ask(NEWS, cam, unread=True))["viewer"]["notifications"]
    assert (unread["totalCount"], len(unread["nodes"])) == (2, 2)
    assert all(node["readAt"] is None for node in unread["nodes"])


@pytest.mark.rule("B18")
async def test_marking_is_idempotent_and_keeps_the_first_time(api: Api, world: World, clock: Clock) -> None:
    await world.link(name="One")
    await world.link(name="Two")
    cam = world.tokens["cam"]
    two, one = [node["id"] for node in await news(api, cam)]
    first = await mark(api, cam, one)
    clock.advance(hours=1)
    again = await mark(api, cam, two, one, two)
    assert refusals(again) == []
    assert [node["id"] for node in again["notifications"]] == [two, one]
    assert again["notifications"][1]["readAt"] == first["notifications"][0]["readAt"]
    assert again["notifications"][0]["readAt"] > again["notifications"][1]["readAt"]
    assert [node["readAt"] for node in await news(api, cam)] == [n["readAt"] for n in again["notifications"]]


@pytest.mark.rule("D12")
async def test_somebody_elses_ids_are_not_found_and_nothing_is_marked(api: Api, world: World) -> None:
    link = await world.link()
    [mine], [pdms] = await news(api, world.tokens["cam"]), await news(api, world.tokens["pdm"])
    unknown = str(NodeId(NodeKind.NOTIFICATION, new_key()))
    payload = await mark(
        api, world.tokens["cam"], mine["id"], pdms["id"], unknown, "rubbish\0", str(link.node_id)
    )
    assert refusals(payload) == [("NOT_FOUND", ["ids", str(index)]) for index in (1, 2, 3, 4)]
    assert payload["notifications"] == []
    assert {error["message"] for error in payload["userErrors"]} == {"not found"}
    for who in ("cam", "pdm"):
        assert [node["readAt"] for node in await news(api, world.tokens[who])] == [None]


@pytest.mark.rule("D12")
async def test_at_most_five_hundred_at_once(api: Api, world: World) -> None:
    await world.link()
    cam = world.tokens["cam"]
    [mine] = await news(api, cam)
    many = await mark(api, cam, *[mine["id"]] * 501)
    assert refusals(many) == [("LIMIT_EXCEEDED", ["ids"])]
    assert [node["readAt"] for node in await news(api, cam)] == [None]
    full = await mark(api, cam, *[mine["id"]] * 500)
    assert (refusals(full), len(full["notifications"])) == ([], 1)
    assert refusals(await mark(api, cam)) == []


@pytest.mark.rule("D12")
async def test_marking_needs_somebody_signed_in(api: Api, world: World) -> None:
    await world.link()
    [mine] = await news(api, world.tokens["cam"])
    document = "mutation($i: MarkNotificationsReadInput!) { markNotificationsRead(input: $i) { notifications { id } } }"
    assert await api.code(document, i={"ids": [mine["id"]]}) == "UNAUTHENTICATED"
    async with world.database.write(By(None, "CRM")) as writing:
        (await writing.session.get_one(type(world.ours.cam), world.ours.cam.id)).is_active = False
    assert await api.code(document, world.tokens["cam"], i={"ids": [mine["id"]]}) == "UNAUTHENTICATED"
