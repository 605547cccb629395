"""A kept answer is for whom it was made, for as long as they may have it."""

from __future__ import annotations

import pytest

from graphql_api.execution.unchanged import DESCRIPTIONS
from graphql_api.models import rows
from graphql_api.models.actor import Role
from graphql_api.models.api_token import Scope
from tests.api import Api
from tests.clock import Clock
from tests.factories import World
from tests.setting import set_rows
from tests.unchanged.asking import LINKS, is_answered_without_running, kept, post, posted

SCHEMAS = "{ __schema { queryType { name } types { name } } }"
ME = "{ viewer { actor { name } scopes } confirmationLinks { nodes { id name viewerCan { edit { allowed } } } } }"


@pytest.fixture(autouse=True)
async def link(world: World) -> rows.ConfirmationLink:
    return await world.link()


@pytest.mark.rule("D12")
async def test_everybody_has_an_answer_of_their_own(api: Api, world: World) -> None:
    told = {}
    for who in ("partner_admin", "partner_member", "other_partner_admin"):
        told[who] = (await posted(api, 3, ME, world.tokens[who])).json()["data"]
    assert [one["viewer"]["actor"]["name"] for one in told.values()] == [
        "Ada Northwind", "Max Northwind", "Ada Contoso",
    ]  # fmt: skip
    assert [len(one["confirmationLinks"]["nodes"]) for one in told.values()] == [1, 1, 0]
    assert kept(api) == 3


async def test_another_token_of_the_same_person_shares_it_if_it_may_do_the_same(
    api: Api, world: World
) -> None:
    await posted(api, 2, ME, world.tokens["partner_admin"])
    same = await world.token_for(world.ours.admin)
    assert (await post(api, ME, same)).headers["etag"]
    assert kept(api) == 1


@pytest.mark.rule("D12")
async def test_other_scopes_have_another_answer(api: Api, world: World) -> None:
    whole = (await posted(api, 3, ME, world.tokens["partner_admin"])).json()["data"]
    reader = await world.token_for(world.ours.admin, Scope.READ)
    less = (await posted(api, 3, ME, reader)).json()["data"]
    assert (len(whole["viewer"]["scopes"]) > 1, less["viewer"]["scopes"]) == (True, ["READ"])
    edits = [one["confirmationLinks"]["nodes"][0]["viewerCan"]["edit"]["allowed"] for one in (whole, less)]
    assert edits == [True, False]


async def test_another_role_has_another_answer(api: Api, world: World) -> None:
    token = world.tokens["partner_admin"]
    before = (await posted(api, 3, ME, token)).json()["data"]["viewer"]["scopes"]
    await set_rows(world.database, rows.Actor, rows.Actor.id == world.ours.admin.id, role=Role.MEMBER)
    assert set((await post(api, ME, token)).json()["data"]["viewer"]["scopes"]) < set(before)


@pytest.mark.parametrize("who", ["cam", "pdm", "staff_admin", "renewal_manager", "checkout", "crm_sync"])
async def test_nothing_is_kept_for_the_vendors_side(api: Api, world: World, who: str) -> None:
    answer = await posted(api, 3, LINKS, world.tokens[who])
    assert answer.status_code == 200
    assert (kept(api), "etag" in answer.headers) == (0, False)
    assert not await is_answered_without_running(api, LINKS, world.tokens[who])


async def test_nothing_is_kept_for_who_is_nobody(api: Api, world: World) -> None:
    await posted(api, 3, LINKS, world.tokens["partner_admin"])
    answer = await posted(api, 3, LINKS, None)
    assert (kept(api), "etag" in answer.headers) == (1, False)
    assert b"Proof" not in (await post(api, LINKS, None)).content


@pytest.mark.rule("D12")
async def test_a_revoked_token_gets_nothing_at_once(api: Api, world: World, clock: Clock) -> None:
    token = world.tokens["partner_admin"]
    tag = (await posted(api, 3, LINKS, token)).headers["etag"]
    mine = rows.ApiToken.actor_id == world.ours.admin.id
    await set_rows(world.database, rows.ApiToken, mine, revoked_at=clock())
    for headers in ({}, {"If-None-Match": tag}):
        answer = await post(api, LINKS, token, headers)
        assert (answer.status_code, b"Proof" in answer.content) == (401, False)


async def test_an_expired_token_gets_nothing_at_once(api: Api, world: World, clock: Clock) -> None:
    moment = clock()
    token = await world.token_for(world.ours.admin, expires_at=moment.replace(year=moment.year + 1))
    assert (await posted(api, 3, LINKS, token)).status_code == 200
    clock.advance(days=400)
    assert (await post(api, LINKS, token)).status_code == 401


async def test_who_is_no_longer_active_gets_nothing_at_once(api: Api, world: World) -> None:
    token = world.tokens["partner_member"]
    await posted(api, 3, LINKS, token)
    await set_rows(world.database, rows.Actor, rows.Actor.id == world.ours.member.id, is_active=False)
    assert (await post(api, LINKS, token)).status_code == 401


async def test_the_schemas_description_is_kept_for_everybody_apart_from_answers(
    api: Api, world: World
) -> None:
    await posted(api, 3, LINKS, world.tokens["partner_admin"])
    answers = [await posted(api, 3, SCHEMAS, who) for who in (None, world.tokens["cam"])]
    assert answers[0].content == answers[1].content
    assert answers[0].headers["etag"] == answers[1].headers["etag"]
    described = api.app.http._operations.unchanged._described
    assert (kept(api), len(described)) == (1, 1)
    for number in range(DESCRIPTIONS + 10):
        await posted(api, 2, f"{{ a{number}: __typename }}", None)
    assert (kept(api), len(described)) == (1, DESCRIPTIONS)
    assert await is_answered_without_running(api, LINKS, world.tokens["partner_admin"])


async def test_the_schema_beside_something_else_is_answered_anew(api: Api, world: World) -> None:
    both = "{ viewer { actor { name } } " + SCHEMAS[1:]
    told = [(await posted(api, 3, both, world.tokens[who])).json() for who in ("partner_admin", "cam")]
    assert told[0]["data"]["viewer"] != told[1]["data"]["viewer"]
    assert (await posted(api, 3, both, None)).json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
