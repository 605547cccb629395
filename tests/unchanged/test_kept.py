"""An answer that has not changed is not made again, for the very same question of the very same asker."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.execution import answers
from tests.api import Api
from tests.clock import Clock
from tests.factories import World
from tests.statements import counted
from tests.unchanged.asking import LINKS, is_answered_without_running, kept, post, posted

ME = "{ viewer { actor { name } } }"


async def test_the_second_answer_is_kept_and_the_third_costs_one_statement(api: Api, world: World) -> None:
    await world.link()
    token = world.tokens["partner_admin"]
    first = await post(api, LINKS, token)
    assert (kept(api), "etag" in first.headers) == (0, False)
    second = await post(api, LINKS, token)
    assert (kept(api), "etag" in second.headers) == (1, True)
    with counted(world.database) as statements:
        third = await post(api, LINKS, token)
    [statement] = statements
    assert "FROM api_tokens" in statement
    assert first.content == second.content == third.content
    assert b"Proof for Acme" in third.content


async def test_what_is_written_is_seen_at_once(api: Api, world: World) -> None:
    token = world.tokens["partner_admin"]
    assert b"Brand new" not in (await posted(api, 3, LINKS, token)).content
    await world.link(name="Brand new")
    assert b"Brand new" in (await post(api, LINKS, token)).content
    assert await is_answered_without_running(api, LINKS, token)


async def test_what_another_partner_writes_changes_nothing_here(api: Api, world: World) -> None:
    token = world.tokens["partner_admin"]
    await posted(api, 2, LINKS, token)
    await world.link(world.theirs)
    assert await is_answered_without_running(api, LINKS, token)


@pytest.mark.parametrize(
    "other",
    [
        {"variables": {"first": 1}},
        {"variables": {}},
        {"variables": {"first": None}},
        {"operationName": "Links"},
        {"variables": {"first": 2}, "operationName": "Links"},
    ],
)
async def test_what_is_asked_otherwise_is_another_answer(
    api: Api, world: World, other: dict[str, Any]
) -> None:
    token = world.tokens["partner_admin"]
    await posted(api, 2, LINKS, token)
    assert not await is_answered_without_running(api, LINKS, token, **other)
    assert await is_answered_without_running(api, LINKS, token, **other)
    assert kept(api) == 2


async def test_variables_have_no_order(api: Api, world: World) -> None:
    document = "query($a: Int, $b: String) { clients(first: $a, filter: { search: $b }) { nodes { id } } }"
    token = world.tokens["partner_admin"]
    answer = await posted(api, 2, document, token, variables={"a": 1, "b": "acme"})
    assert "errors" not in answer.json()
    assert await is_answered_without_running(api, document, token, variables={"b": "acme", "a": 1})


async def test_each_operation_of_a_document_has_its_own_answer(api: Api, world: World) -> None:
    both, token = f"query A {ME} query B {{ products {{ code }} }}", world.tokens["partner_admin"]
    for name, field in (("A", "viewer"), ("B", "products")) * 3:
        answer = (await post(api, both, token, operationName=name)).json()
        assert set(answer["data"]) == {field}
    assert kept(api) == 2


@pytest.mark.parametrize("name", [None, "C"])
async def test_an_operation_that_is_not_there_is_told_each_time(
    api: Api, world: World, name: str | None
) -> None:
    both = f"query A {ME} query B {ME}"
    for _ in range(3):
        answer = (await post(api, both, world.tokens["partner_admin"], operationName=name)).json()
        assert [one["extensions"]["code"] for one in answer["errors"]] == ["OPERATION_RESOLUTION_FAILURE"]


async def test_an_answer_with_errors_is_not_kept(api: Api, world: World) -> None:
    document = '{ products { code } deal(id: "x") { id } }'
    for _ in range(3):
        answer = await post(api, document, world.tokens["partner_admin"])
        assert answer.json()["errors"]
        assert "etag" not in answer.headers
    assert kept(api) == 0


async def test_an_answer_that_has_no_json_is_not_kept(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = world.tokens["partner_admin"]
    await post(api, LINKS, token)
    monkeypatch.setattr(answers, "answer", lambda _: {"data": "half a character: \ud800"})
    for _ in range(2):
        answer = (await post(api, LINKS, token)).json()
        assert [one["extensions"]["code"] for one in answer["errors"]] == ["INTERNAL"]
    assert kept(api) == 0


async def test_a_mutation_is_made_each_time(api: Api, world: World) -> None:
    document = 'mutation { createApiToken(input: { name: "x", scopes: [READ] }) { secret } }'
    token = world.tokens["partner_admin"]
    assert len({(await post(api, document, token)).text for _ in range(4)}) == 4
    assert kept(api) == 0


async def test_the_next_day_is_another_answer(api: Api, world: World, clock: Clock) -> None:
    token = world.tokens["partner_admin"]
    await posted(api, 2, LINKS, token)
    clock.advance(days=1)
    await post(api, LINKS, token)
    assert kept(api) == 2
