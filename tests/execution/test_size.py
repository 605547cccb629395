"""No answer is larger than a client can mean, however small the document is."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from graphql import ExecutionResult, GraphQLError
from structlog.testing import capture_logs

from graphql_api.app import App
from graphql_api.context import context_for
from graphql_api.execution import size
from graphql_api.execution.operations import Operations
from graphql_api.execution.requests import Request
from graphql_api.execution.size import bounded, size_of
from graphql_api.models import rows
from graphql_api.models.client_error import TooCostly
from graphql_api.schema.root import SCHEMA
from tests.api import Api
from tests.confirmation_links.steps import all_of, attach
from tests.factories import World
from tests.realtime.live import until

AGAIN = "proofOfEngagement { deal { proofOfEngagement { deal { proofOfEngagement { id name } } } } }"


def test_the_size_is_about_that_of_the_json() -> None:
    one = {"id": "Q" * 24, "name": "Ähre", "count": 12_345, "none": None, "fine": True}
    for value in (one, [one] * 50, {"nodes": [one, {"inner": [one, one]}], "text": "x" * 1_000}, [], {}):
        assert size_of(value, {}) == pytest.approx(len(json.dumps(value)), rel=0.2, abs=10)


def test_what_stands_at_many_places_counts_at_each_and_is_looked_at_once() -> None:
    value: object = "x" * 97
    for _ in range(60):
        value = [value] * 4
    assert size_of(value, {}) > 4**60 * 100
    answer = bounded(ExecutionResult({"all": value}))
    assert answer.data is None
    assert "33,554,432 are the limit" in str(answer.errors)


def test_a_fault_of_ours_in_it_is_logged_though_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size, "MAX_SIZE", 50)
    fault = GraphQLError("secret", original_error=ZeroDivisionError())
    with capture_logs() as logs:
        answer = bounded(ExecutionResult({"all": "x" * 60}, [fault]))
    assert [line["log_level"] for line in logs] == ["error"]
    assert [type(error.original_error) for error in answer.errors or ()] == [TooCostly]


async def test_lists_within_lists_are_not_multiplied_beyond_the_limit(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, deal = world.tokens["partner_admin"], world.ours.shared[0]
    for _ in range(8):
        await attach(api, ada, await world.link(), deal)
    ask = f'{{ sharedDeal(id: "{deal.node_id}") {{ {AGAIN} }} }}'
    whole = await api.ask(ask, ada)
    assert json.dumps(whole).count('"id"') == 8**3
    monkeypatch.setattr(size, "MAX_SIZE", 20_000)
    assert await api.code(ask, ada) == "TOO_COSTLY"
    few = "{ sharedDeals { nodes { proofOfEngagement { id name } } } }"
    assert await api.ask(few, ada)


async def test_a_change_is_made_though_its_answer_is_too_large(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, deal = await world.link(), world.ours.shared[0]
    head = "mutation($input: AttachConfirmationLinkInput!)"
    again = "proofOfEngagement { deal { proofOfEngagement { id name } } }"
    attaching = f"{head} {{ attachConfirmationLink(input: $input) {{ deal {{ {again} }} }} }}"
    given = {"confirmationLinkId": str(link.node_id), "dealId": str(deal.node_id)}
    monkeypatch.setattr(size, "MAX_SIZE", 50)
    ada = world.tokens["partner_admin"]
    assert await api.code(attaching, ada, input=given) == "TOO_COSTLY"
    monkeypatch.undo()
    assert [one.deal_id for one in await all_of(world.database, rows.ConfirmationLink)] == [deal.id]


async def test_an_event_that_is_too_large_is_told_as_such(
    app: App, api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, ada = await world.link(), world.tokens["partner_admin"]
    monkeypatch.setattr(size, "MAX_SIZE", 50)
    asked = f"subject {{ ... on ConfirmationLink {{ name deal {{ {AGAIN} }} }} }}"
    request = Request(f"subscription {{ partnerEvents {{ {asked} }} }}")
    events: Any = await Operations(SCHEMA).run(request, await context_for(app.service, ada))
    first = asyncio.ensure_future(anext(events))
    await until(lambda: app.service.events.followers > 0)
    await attach(api, ada, link, world.ours.shared[0])
    [error] = (await first).errors
    assert isinstance(error.original_error, TooCostly)
    await events.aclose()
