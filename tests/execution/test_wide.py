"""What asks for very many objects is answered whole or not at all, and holds up nobody."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.app import App
from graphql_api.context import context_for
from graphql_api.execution.borrowed import StrawberryExecutor
from graphql_api.execution.compiled import WIDE, CompiledExecutor
from graphql_api.execution.operations import Operations
from graphql_api.execution.requests import Request
from graphql_api.models.client_error import TooCostly
from graphql_api.schema.root import SCHEMA
from tests.api import Api
from tests.confirmation_links.steps import id_of
from tests.factories import World

MANY = "clients(first: 100) { nodes { renewals(first: 100) { nodes { id } } %s } }"
WRONG = MANY % 'wrong: renewals(after: "nowhere") { totalCount }'


@pytest.fixture(autouse=True)
def core(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The fields that graphql-core completes, by their names."""
    completed: list[str] = []
    complete_value = StrawberryExecutor.complete_value

    def noted(self: Any, *args: Any) -> Any:
        completed.append(args[2].field_name)
        return complete_value(self, *args)

    monkeypatch.setattr(StrawberryExecutor, "complete_value", noted)
    return completed


async def test_one_wrong_value_is_told_at_its_root_field_and_nothing_is_done_again(
    api: Api, world: World, core: list[str]
) -> None:
    for _ in range(2):
        answer = await api.send(f"{{ {WRONG} }}", world.tokens["partner_admin"])
        [error] = answer["errors"]
        assert (error["path"], error["extensions"]["code"]) == (["clients"], "BAD_USER_INPUT")
        assert answer["data"] is None
    assert core == []


async def test_other_root_fields_are_answered_where_that_one_may_be_null(api: Api, world: World) -> None:
    link = id_of(await world.link())
    ask = "query($id: ID!) { confirmationLink(id: $id) { partner { %s } } viewer { scopes } }"
    answer = await api.send(ask % WRONG, world.tokens["partner_admin"], id=link)
    assert [error["path"] for error in answer["errors"]] == [["confirmationLink"]]
    assert answer["data"]["confirmationLink"] is None
    assert "READ" in answer["data"]["viewer"]["scopes"]


@pytest.mark.parametrize("compiled", [True, False])
async def test_a_mutation_whose_answer_may_be_wide_is_not_begun(
    app: App, api: Api, world: World, *, compiled: bool
) -> None:
    change = "mutation($input: CreateConfirmationLinkInput!) { createConfirmationLink(input: $input) { %s } }"
    chosen = {"name": "Wide", "products": world.chosen("MKT-PRO"), "providesOnboarding": False}
    ada = world.tokens["partner_admin"]
    operations = Operations(SCHEMA, compiled=compiled)
    for many, done in (("100", 0), ("10", 1)):
        below = (MANY % "").replace("100", many)
        request = Request(change % f"confirmationLink {{ partner {{ {below} }} }}", {"input": chosen})
        outcome: Any = await operations.run(request, await context_for(app.service, ada))
        assert [type(error.original_error) for error in outcome.errors or ()] == [TooCostly] * (1 - done)
        found = await api.ask("{ confirmationLinks { totalCount } }", ada)
        assert found == {"confirmationLinks": {"totalCount": done}}


async def test_what_cannot_be_compiled_may_not_be_wide(api: Api, world: World, core: list[str]) -> None:
    link = id_of(await world.link())
    ids, again = [link] * 20, " ".join(f"i{n}: id" for n in range(500))
    assert len(ids) * 500 > WIDE
    ask = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ {again} }} }}"
    answer = await api.send(ask, world.tokens["partner_admin"], ids=ids)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["TOO_COSTLY"]
    assert core == []
    few = await api.ask(ask, world.tokens["partner_admin"], ids=[link])
    assert few["nodes"][0]["i499"] == link


async def test_graphql_core_completes_no_endless_lists(
    app: App, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How long a list without pages is, nobody knows before it is there."""
    request = Request("{ products { onboardingTypes { code } } }")
    ada, codes = world.tokens["partner_admin"], []
    for most in (1_000, 3):
        monkeypatch.setattr(CompiledExecutor, "most_items", most)
        context = await context_for(app.service, ada)
        result: Any = await Operations(SCHEMA, compiled=False).run(request, context)
        codes.append({type(error.original_error) for error in result.errors or ()})
    assert codes == [set(), {TooCostly}]


async def test_what_is_not_wide_is_told_where_it_is_wrong(api: Api, world: World) -> None:
    link = id_of(await world.link())
    ask = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on ConfirmationLink { partner { %s } } } }"
    narrow = WRONG.replace("100", "10")
    answer = await api.send(ask % narrow, world.tokens["partner_admin"], ids=[link])
    assert [error["path"][:4] for error in answer["errors"]] == [["nodes", 0, "partner", "clients"]]
    assert answer["data"] == {"nodes": [None]}
