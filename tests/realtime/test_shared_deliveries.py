"""An event is completed once for all who asked the same and see the same, and for nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from graphql import ExecutionResult, GraphQLError

from graphql_api.access.viewer import scopes_of
from graphql_api.execution import answers, deliveries
from graphql_api.models import rows
from graphql_api.models.actor import Role
from graphql_api.models.api_token import Scope
from graphql_api.models.client_error import NotFound
from tests.api import Api
from tests.factories import World
from tests.realtime.documents import EVENTS, stream_cursor
from tests.realtime.live import Live, Watch, until
from tests.setting import set_rows
from tests.statements import counted
from tests.steps import edit
from tests.unchanged.walking import TYPES, fields, reached

READ = ("FROM partner_events", "FROM api_tokens", "FROM confirmation_links")
NAMES = """subscription($after: Cursor) {
  partnerEvents(after: $after) { kind subject { ... on ConfirmationLink { name version } } }
}"""

MAY = """subscription { partnerEvents {
  kind subject { ... on ConfirmationLink { viewerCan { edit { allowed } } } }
} }"""


@dataclass
class Completing:
    """How often an event was completed; and what a test does about it."""

    times: int = 0
    open: asyncio.Event = field(default_factory=asyncio.Event)
    fault: Exception | ExecutionResult | None = None


@pytest.fixture
def completing(monkeypatch: pytest.MonkeyPatch) -> Completing:
    completing, completed = Completing(), deliveries._completed
    completing.open.set()

    async def noted(executor: Any, event: Any) -> Any:
        completing.times += 1
        await completing.open.wait()
        if isinstance(completing.fault, Exception):
            raise completing.fault
        return completing.fault or await completed(executor, event)

    monkeypatch.setattr(deliveries, "_completed", noted)
    return completing


@asynccontextmanager
async def watching(live: Live, *asked: tuple[str, str, dict[str, Any]]) -> AsyncIterator[list[Watch]]:
    """Subscriptions of (document, token, variables), over both transports in turn."""
    async with AsyncExitStack() as stack:
        overs = ("websocket", "events") * len(asked)
        yield [
            await stack.enter_async_context(live.watch(document, token, over=over, **variables))
            for (document, token, variables), over in zip(asked, overs, strict=False)
        ]


async def test_what_an_event_costs_does_not_grow_with_who_asks_the_same(
    live: Live, world: World, completing: Completing
) -> None:
    costs, told = [], []
    for count in (1, 12):
        before = completing.times
        async with watching(live, *[(EVENTS, world.tokens["partner_admin"], {})] * count) as watches:
            with counted(world.database) as statements:
                await world.link()
                told = [await watch.next() for watch in watches]
        reads = [sum(table in one for one in statements) for table in READ]
        costs.append((reads, completing.times - before))
        assert [one for one in told if one != told[0]] == []
    assert costs[0] == costs[1] == ([1, 1, 1], 1)
    assert told[0]["kind"] == "LINK_CREATED"


async def test_a_socket_that_flows_is_delivered_to_without_waking_anybody(live: Live, world: World) -> None:
    async with live.watch(EVENTS, world.tokens["partner_admin"]) as watch:
        [audience] = live.app.websocket._service.operations._audiences._audiences.values()
        await until(lambda: bool(audience._waiting))
        [before] = audience._waiting
        for _ in range(2):
            await world.link()
            assert (await watch.next())["kind"] == "LINK_CREATED"
        assert [*audience._waiting] == [before]


async def test_only_who_asks_the_same_and_sees_the_same_shares(
    live: Live, world: World, completing: Completing
) -> None:
    ours = {"partner": str(world.ours.partner.node_id)}
    who = world.tokens
    asked: list[tuple[str, str, dict[str, Any]]] = [
        *[(EVENTS, who["partner_admin"], {})] * 2,
        *[(EVENTS, who["partner_member"], {})] * 2,
        *[(NAMES, who["partner_admin"], {})] * 2,
        *[(EVENTS, who["partner_admin"], {"kinds": ["LINK_CREATED"]})] * 2,
        *[(EVENTS, who["cam"], ours)] * 2,
    ]
    async with watching(live, *asked) as watches, live.watch(EVENTS, who["other_partner_admin"]) as foreign:
        await world.link(name="Shared")
        told = [await watch.next() for watch in watches]
        assert completing.times == 4 + 2  # staff see by their own assignments: nobody shares with them
        assert foreign.received.empty()
    assert [one.get("cursor") for one in told[:4]] == [told[0]["cursor"]] * 4
    assert told[4]["subject"] == told[5]["subject"] == {"name": "Shared", "version": 1}
    assert {one["kind"] for one in told} == {"LINK_CREATED"}


async def test_colleagues_who_may_do_the_same_share(live: Live, world: World, completing: Completing) -> None:
    me, reader = world.tokens["partner_admin"], await world.token_for(world.ours.admin, Scope.READ)
    await set_rows(world.database, rows.Actor, rows.Actor.id == world.ours.member.id, role=Role.ADMIN)
    other = await world.token_for(world.ours.member, *scopes_of(world.ours.admin))
    async with watching(live, *[(MAY, token, {}) for token in (me, other, reader)]) as watches:
        await world.link()
        told = [(await watch.next())["subject"]["viewerCan"]["edit"]["allowed"] for watch in watches]
    assert (told, completing.times) == ([True, True, False], 2)


def test_nothing_about_the_asker_is_reached_from_what_is_shared() -> None:
    root = TYPES.type_map["Subscription"]
    kinds = {field.place.split(".")[1]: field.kind.name for field in fields(root)}
    personal = {kinds.pop("notificationAdded"), "ApiToken", "Viewer"}
    assert set(kinds) == {"partnerEvents", "confirmationLinkStatusChanged", "dealActivityAdded"}
    found = reached(*kinds.values())
    assert {name: place for name, place in found.items() if name in personal} == {}
    assert len(found) > 30
    assert not hasattr(rows.Notification, "place")


@pytest.mark.parametrize("leaver", [0, 1])
async def test_who_leaves_midway_spoils_it_for_nobody(
    live: Live, world: World, completing: Completing, leaver: int
) -> None:
    completing.open.clear()
    async with AsyncExitStack() as leaving, AsyncExitStack() as staying:
        watches = []
        for number in range(3):
            stack = leaving if number == leaver else staying
            mine = live.watch(NAMES, world.tokens["partner_admin"])
            watches.append(await stack.enter_async_context(mine))
        await world.link(name="Shared")
        await asyncio.sleep(0.2)
        assert completing.times == 1
        await leaving.aclose()
        completing.open.set()
        told = [await watch.next() for number, watch in enumerate(watches) if number != leaver]
    assert [one["subject"]["name"] for one in told] == ["Shared"] * 2
    assert completing.times == 1


async def test_a_failure_is_told_to_each_and_not_kept(
    live: Live, world: World, completing: Completing
) -> None:
    token = world.tokens["partner_admin"]
    start = await stream_cursor(Api(live.app), token)
    completing.fault = ExecutionResult(None, [GraphQLError("no", original_error=NotFound())])
    async with watching(live, *[(NAMES, token, {})] * 4) as watches:
        await world.link(name="Shared")
        for watch in watches:
            payload = await watch._next()
            assert payload
            assert payload["errors"][0]["extensions"]["code"] == "NOT_FOUND"
        assert len(live.app.http._operations._audiences._deliveries._kept) == 0
        completing.fault = None
        async with live.watch(NAMES, token, after=start) as late:
            assert (await late.next())["subject"]["name"] == "Shared"


async def test_an_answer_that_has_no_json_is_told_to_each_and_not_kept(
    live: Live, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "answer", lambda _: {"data": "half a character: \ud800"})
    async with watching(live, *[(NAMES, world.tokens["partner_admin"], {})] * 4) as watches:
        await world.link()
        for watch in watches:
            payload = await watch._next()
            assert payload
            assert payload["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert len(live.app.http._operations._audiences._deliveries._kept) == 0


async def test_a_fault_of_ours_ends_each_subscription(
    live: Live, world: World, completing: Completing
) -> None:
    completing.fault = RuntimeError("the password is hunter2")
    async with watching(live, *[(NAMES, world.tokens["partner_admin"], {})] * 4) as watches:
        await world.link()
        assert [await watch.end() for watch in watches] == ["INTERNAL"] * 4
    assert len(live.app.http._operations._audiences._deliveries._kept) == 0


@pytest.mark.rule("D12")
async def test_a_revoked_token_among_them_gets_no_delivery(live: Live, world: World) -> None:
    gone = await world.token_for(world.ours.admin)
    mine = rows.ApiToken.actor_id == world.ours.admin.id
    asked: list[tuple[str, str, dict[str, Any]]] = [
        (NAMES, token, {}) for token in (gone, world.tokens["partner_admin"]) * 2
    ]
    async with watching(live, *asked) as watches:
        now = world.database.clock()
        await set_rows(world.database, rows.ApiToken, mine, rows.ApiToken.name == "another", revoked_at=now)
        await world.link()
        assert [await watch.end() for watch in watches[::2]] == ["UNAUTHENTICATED"] * 2
        assert [(await watch.next())["kind"] for watch in watches[1::2]] == ["LINK_CREATED"] * 2


@pytest.mark.rule("D1")
async def test_who_resumes_sees_things_as_they_are_now(live: Live, world: World) -> None:
    api, token = Api(live.app), world.tokens["partner_admin"]
    start = await stream_cursor(api, token)
    async with live.watch(NAMES, token) as watch:
        link = await world.link(name="As it was")
        assert (await watch.next())["subject"] == {"name": "As it was", "version": 1}
        await edit(api, token, link, name="As it is")
        assert (await watch.next())["subject"]["name"] == "As it is"
    async with live.watch(NAMES, token, after=start) as again:
        created, edited = await again.several(2)
    assert (created["kind"], edited["kind"]) == ("LINK_CREATED", "LINK_EDITED")
    assert created["subject"] == edited["subject"] == {"name": "As it is", "version": 2}
