"""One's own tokens: made, listed, and stopped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from graphql_api.access.tokens import hash_of, new_token
from graphql_api.models import rows
from graphql_api.models.actor import Role
from graphql_api.models.api_token import LIVE_LIMIT, Scope
from graphql_api.models.by import By
from tests.api import Api, refusals
from tests.clock import Clock
from tests.confirmation_links.steps import all_of, stored
from tests.factories import World


async def made(api: Api, token: str, **given: Any) -> dict[str, Any]:
    asked = {"name": "Mine", "scopes": ["READ"]} | given
    return await api.change(
        "createApiToken", token, "secret apiToken { id name prefix scopes expiresAt revokedAt }", **asked
    )


async def test_a_secret_is_shown_once_and_only_its_hash_is_kept(api: Api, world: World) -> None:
    token = world.tokens["partner_member"]
    payload = await made(api, token)
    secret = payload["secret"]
    assert len(secret) > 40
    assert payload["apiToken"]["prefix"] == secret[:12]
    [row] = await all_of(world.database, rows.ApiToken, rows.ApiToken.name == "Mine")
    assert row.secret_hash == hash_of(secret)
    assert secret not in str(vars(row))
    assert secret not in str(
        await api.ask(
            "{ viewer { apiTokens { id name prefix } } partner { auditLog { nodes { changes { after } } } } }",
            token,
        )
    )
    assert (await api.ask("{ viewer { scopes } }", secret))["viewer"] == {"scopes": ["READ"]}


async def test_a_token_is_never_stronger_than_the_one_that_asks(api: Api, world: World) -> None:
    weak = await world.token_for(world.ours.admin, Scope.READ, Scope.LINKS_WRITE)
    payload = await made(api, weak, scopes=["READ", "DEALS_WRITE", "LINKS_WRITE", "SYNC_WRITE", "ADMIN"])
    assert refusals(payload) == [("NOT_ALLOWED", ["scopes", index]) for index in ("1", "3", "4")]
    assert payload["secret"] is payload["apiToken"] is None
    assert (await made(api, weak, scopes=["LINKS_WRITE", "LINKS_WRITE"]))["apiToken"]["scopes"] == [
        "LINKS_WRITE"
    ]
    assert refusals(await made(api, weak, scopes=[])) == [("BLANK", ["scopes"])]
    for name, code in {" ": "BLANK", "n" * 201: "TOO_LONG"}.items():
        assert refusals(await made(api, weak, name=name)) == [(code, ["name"])]


async def test_a_token_never_lasts_longer_than_the_one_that_asks(api: Api, world: World) -> None:
    end = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    short = await world.token_for(world.ours.admin, expires_at=end)
    said = end.isoformat().replace("+00:00", "Z")
    assert (await made(api, short))["apiToken"]["expiresAt"] == said
    assert refusals(await made(api, short, expiresAt=(end + timedelta(seconds=1)).isoformat())) == [
        ("NOT_ALLOWED", ["expiresAt"])
    ]
    assert refusals(await made(api, short, expiresAt="2020-01-01T00:00:00Z")) == [("INVALID", ["expiresAt"])]
    assert (await made(api, short, expiresAt=said))["apiToken"]["expiresAt"] == said
    assert (await made(api, world.tokens["partner_admin"]))["apiToken"]["expiresAt"] is None


async def test_only_ones_own_token_is_revoked_and_twice_is_once(api: Api, world: World) -> None:
    token = world.tokens["partner_member"]
    payload = await made(api, token)
    colleagues = await api.change(
        "revokeApiToken", world.tokens["partner_admin"], "apiToken { id }", id=payload["apiToken"]["id"]
    )
    assert refusals(colleagues) == [("NOT_FOUND", ["id"])]
    first = await api.change("revokeApiToken", token, "apiToken { revokedAt }", id=payload["apiToken"]["id"])
    before = await stored(world.database)
    again = await api.change("revokeApiToken", token, "apiToken { revokedAt }", id=payload["apiToken"]["id"])
    assert (first, before) == (again, await stored(world.database))
    assert await api.code("{ viewer { scopes } }", payload["secret"]) == "UNAUTHENTICATED"


async def revoked(api: Api, token: str, id_: str) -> dict[str, Any]:
    return await api.change("revokeApiToken", token, "apiToken { revokedAt }", id=id_)


async def its_id(world: World, secret: str) -> str:
    [row] = await all_of(world.database, rows.ApiToken, rows.ApiToken.secret_hash == hash_of(secret))
    return str(row.node_id)


async def test_a_token_stops_itself_whatever_it_may_do(api: Api, world: World) -> None:
    for actor, scope in (
        (world.ours.admin, Scope.READ),
        (world.ours.admin, Scope.LINKS_WRITE),
        (world.ours.cam, Scope.DEALS_WRITE),
    ):
        token = await world.token_for(actor, scope)
        payload = await revoked(api, token, await its_id(world, token))
        assert payload["userErrors"] == []
        assert await api.code("{ viewer { scopes } }", token) == "UNAUTHENTICATED"


async def test_a_token_stops_no_other_that_can_do_more(api: Api, world: World) -> None:
    full, weak = world.tokens["partner_admin"], await world.token_for(world.ours.admin, Scope.READ)
    before = await stored(world.database)
    payload = await revoked(api, weak, await its_id(world, full))
    assert (payload["apiToken"], refusals(payload)) == (None, [("NOT_ALLOWED", ["id"])])
    assert await stored(world.database) == before
    assert (await api.ask("{ viewer { scopes } }", full))["viewer"]
    for other in (weak, await world.token_for(world.ours.admin)):
        assert (await revoked(api, full, await its_id(world, other)))["userErrors"] == []
        assert await api.code("{ viewer { scopes } }", other) == "UNAUTHENTICATED"


async def test_what_a_role_no_longer_allows_protects_no_token(api: Api, world: World) -> None:
    old = await world.token_for(world.ours.admin, Scope.READ, Scope.ADMIN)
    weak = await world.token_for(world.ours.admin, Scope.READ)
    assert refusals(await revoked(api, weak, await its_id(world, old))) == [("NOT_ALLOWED", ["id"])]
    async with world.database.write(By(None, "Test")) as writing:
        (await writing.session.get_one(rows.PartnerUser, world.ours.admin.id)).role = Role.MEMBER
    assert (await revoked(api, weak, await its_id(world, old)))["userErrors"] == []


async def many(world: World, count: int, expires_at: datetime | None = None) -> None:
    """That many more tokens of our member."""
    async with world.database.write(By(None, "Test")) as writing:
        tokens = [
            new_token(world.ours.member, "one of many", [Scope.READ], writing.now, expires_at)
            for _ in range(count)
        ]
        writing.session.add_all(token.row for token in tokens)


async def test_a_person_has_at_most_500_tokens_that_work(api: Api, world: World, clock: Clock) -> None:
    token, soon = world.tokens["partner_member"], datetime.now(UTC) + timedelta(hours=1)
    await many(world, LIVE_LIMIT - 2)
    await many(world, 1, soon)
    before = await stored(world.database)
    assert refusals(await made(api, token)) == [("LIMIT_EXCEEDED", None)]
    assert await stored(world.database) == before
    assert (await made(api, world.tokens["partner_admin"]))["userErrors"] == []
    clock.advance(hours=2)
    fits = await made(api, token)
    assert fits["userErrors"] == []
    assert refusals(await made(api, token)) == [("LIMIT_EXCEEDED", None)]
    await revoked(api, token, fits["apiToken"]["id"])
    assert (await made(api, token))["userErrors"] == []


async def test_tokens_that_work_are_listed_before_those_that_do_not(
    api: Api, world: World, clock: Clock
) -> None:
    token = world.tokens["partner_member"]
    clock.advance(minutes=1)
    await many(world, LIVE_LIMIT, clock() + timedelta(hours=1))
    newest = await its_id(world, await world.token_for(world.ours.member))
    clock.advance(hours=2)
    listed = (await api.ask("{ viewer { apiTokens { id createdAt } } }", token))["viewer"]["apiTokens"]
    assert len(listed) == LIVE_LIMIT
    assert (listed[0]["id"], listed[-1]["id"]) == (newest, await its_id(world, token))
    assert [one["createdAt"] for one in listed] == sorted((one["createdAt"] for one in listed), reverse=True)
