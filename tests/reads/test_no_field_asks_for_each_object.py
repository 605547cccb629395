"""No field asks the database once for each object: what a document costs does not grow with what it lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import pytest
from graphql import ExecutionResult

from graphql_api.access.sight import Sight
from graphql_api.app import App
from graphql_api.context import context_for
from graphql_api.database import View
from graphql_api.dataloaders.batches import one, unguarded
from graphql_api.dataloaders.relations import RELATIONS
from graphql_api.execution.documents import Document
from graphql_api.execution.operations import Operations
from graphql_api.execution.requests import Request
from graphql_api.models import rows
from graphql_api.schema.root import SCHEMA
from tests.factories import World
from tests.reads.askings import Asking
from tests.reads.growing import Growing
from tests.reads.walks import Walk, lists
from tests.statements import counted, one_read_at_a_time

FEW, MANY = 2, 6
"""So many partners there are, and about as many of most else; some lists are longer."""
NOT_LONGER = {
    "AuditEntry.changes": "they are kept in the entry's own row",
    "RenewalNotice.to": "they are kept in the notice's own row",
    "RenewalNotice.cc": "they are kept in the notice's own row",
    "RenewalNoticePreview.cc": "there is one point of contact",
    "RenewalNoticePreview.suppressed": "it is nobody, under this owner",
    "PreviewConfirmationLinkPayload.userErrors": "nothing is wrong with what is asked",
}
"""Lists of one object that cannot be made longer, and why."""

Answers: TypeAlias = dict[str, dict[Asking, tuple[int, Any]]]
"""How many statements each document took and what it was answered, plain and compiled."""


def test_every_list_of_the_schema_is_walked() -> None:
    assert Walk(defaultdict(str)).places().keys() == lists()


async def test_no_field_costs_another_statement_for_another_object(
    app: App, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    unkept = unguarded(rows.Product)  # it costs the same whatever was asked before
    monkeypatch.setitem(RELATIONS, "product", unkept)
    few, many = await few_and_many(app, world)
    more = grown(few, many)
    assert not more, "\n".join(more)
    longer = {asking.place for asking in many["plain"] if shows_more(few, many, asking, asking.place)}
    assert {asking.place for asking in many["plain"]} - longer == NOT_LONGER.keys()
    asked = {(asking, field.name) for asking in many["plain"] for field in asking.fields}
    seen = {name for asking, name in asked if shows_more(few, many, asking, name)}
    assert {name for _, name in asked} - seen == {"PreviewConfirmationLinkPayload.userErrors"}


async def test_a_field_that_asks_for_each_object_is_found(
    app: App, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RELATIONS, "client", for_each(one(rows.Client)))
    few, many = await few_and_many(
        app, world, lambda asking: str(asking).startswith("Query.renewals: renewals {")
    )
    more = grown(few, many)
    found = [line.rpartition(" then ")[2].partition(", ")[2] for line in more]
    assert found == [f"{way}: Query.renewals: renewals {{ Renewal.client }}" for way in ("plain", "compiled")]


def for_each(batch: Any) -> Any:
    """The batch, asked for one key after the other."""

    async def ask(database: View, sight: Sight, keys: Sequence[Any]) -> list[Any]:
        return [(await batch(database, sight, [key]))[0] for key in keys]

    return ask


async def few_and_many(
    app: App, world: World, wanted: Callable[[Asking], bool] = lambda _: True
) -> list[Answers]:
    """The answers in a small world, and when it has grown."""
    growing = Growing(world)
    ways = {"plain": Operations(SCHEMA, compiled=False), "compiled": Operations(SCHEMA)}
    answers: list[Answers] = []
    for size in (FEW, MANY):
        await growing.grow(size)
        askings = list(filter(wanted, Walk(growing.ids()).askings()))
        answers.append({way: await answered(app, growing, ways[way], askings) for way in ways})
    return answers


async def answered(
    app: App, growing: Growing, operations: Operations, askings: list[Asking]
) -> dict[Asking, tuple[int, Any]]:
    """How many statements each document takes, the one that finds out who asks included, and its answer."""
    found, token = {}, growing.world.tokens["cam"]
    with (
        one_read_at_a_time(app.service.database, on_the_spot=True),
        counted(app.service.database) as statements,
    ):
        for asking in askings:
            document = operations._documents.read(asking.query, known=True)
            assert isinstance(document, Document), asking
            statements.clear()
            context = await context_for(app.service, token)
            request = Request(asking.query, growing.variables(asking, app.service.link_tokens))
            result = await operations.run(request, context, streams=False)
            assert isinstance(result, ExecutionResult), asking
            assert result.errors is None, (asking, result.errors)
            found[asking] = len(statements), result.data
    return found


def grown(few: Answers, many: Answers) -> list[str]:
    """The documents that took more statements in the larger world, with how many."""
    return [
        f"{few[way][asking][0]}, then {count}, {way}: {asking}"
        for way in many
        for asking, (count, _) in many[way].items()
        if count > few[way][asking][0]
    ]


def shows_more(few: Answers, many: Answers, asking: Asking, name: str) -> bool:
    """Whether that field led to more objects, or to more that differ where they have ids."""
    before, after = (asking.objects(answers["plain"][asking][1]).get(name, []) for answers in (few, many))
    return _different(before) < _different(after)


def _different(objects: list[Any]) -> int:
    return len({shown.get("id", place) for place, shown in enumerate(objects)})
