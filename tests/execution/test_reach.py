"""How many objects an operation may ask for, and that finding out costs next to nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, get_introspection_query, parse

from graphql_api.execution.counting import Counter
from graphql_api.execution.operations import Operations
from graphql_api.execution.outcomes import Failure
from graphql_api.execution.reach import MAX_INTROSPECTED, MAX_OBJECTS
from graphql_api.execution.requests import Request
from graphql_api.models.client_error import TooCostly
from graphql_api.schema.root import SCHEMA
from tests.api import Api
from tests.execution.toy import Context, Seen
from tests.factories import World

ROOT = Path(__file__).parents[2]
CLIENTS, RENEWALS = "clients(first: 100) { nodes {", "renewals(first: 100) { nodes {"
TOO_WIDE = f"{{ {CLIENTS} {RENEWALS} client {{ {RENEWALS} id }} }} }} }} }} }} }} }}"


def objects(text: str, /, **variables: Any) -> int:
    """How many the document's first operation asks for."""
    document = parse(text)
    operation = next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    return Counter(SCHEMA._schema, document).reach(operation).objects(variables)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("{ viewer { scopes } }", 1),
        ("{ clients { nodes { id } } }", 20),
        ("{ clients(first: null) { totalCount nodes { id } } }", 20),
        ("{ clients(last: 7) { edges { cursor node { id } } pageInfo { hasNextPage } } }", 7 + 7 + 1),
        (
            "{ clients(first: 2) { nodes { renewals(first: 3) { nodes { client { id } } } } } }",
            2 + 6 * 2,
        ),
        ("{ a: clients(first: 5) { nodes { id } } b: clients(first: 6) { nodes { id } } }", 5 + 6),
        ("{ clients(first: 5) { nodes { id } } clients(first: 5) { nodes { name } } }", 5),
        ("{ clients(first: 1000000) { nodes { id } } }", 100),
        ("{ clients(first: -5) { nodes { id } } }", 0),
        ("{ partner { events { events { kind } } } }", 1 + 100),
        ("{ partner { events(first: 3) { events { subject { id } } } } }", 1 + 3 + 3),
        (
            '{ nodes(ids: ["a", "b", "c"]) { id ... on Client { renewals { nodes { id } } } } }',
            3 * (1 + 20),
        ),
        ("{ partner { users { partner { users { partner { id } } } } } }", 1 + 1 + 1 + 100 + 100),
    ],
)
def test_objects_are_counted_with_the_pages_within_pages(query: str, count: int) -> None:
    assert objects(query) == count


def test_fragments_count_where_they_are_spread() -> None:
    page = "fragment Page on Client { renewals(first: 3) { nodes { ...Renewal } } }"
    renewal = "fragment Renewal on Renewal { id client { id } }"
    spread = "{ clients(first: 2) { nodes { ...Page ... on Client { ...Page } ...Page } } }"
    assert objects(f"{spread} {page} {renewal}") == 2 + 6 * 2
    apart = "{ a: clients(first: 2) { nodes { ...Page } } b: clients(first: 4) { nodes { ...Page } } }"
    assert objects(f"{apart} {page} {renewal}") == 2 + 6 * 2 + 4 + 12 * 2


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("id name", 2),
        ("id again: id more: id", 2 * 3),
        ("... on ConfirmationLink { id } ... on ConfirmationLink { id again: id }", 2 * 2),
        ("preview { html }", 2 * (1 + 1 + 50)),
        ("preview { html again: html } other: preview { html }", 2 * (1 + (1 + 100) + (1 + 50))),
    ],
)
def test_values_asked_again_count_and_long_texts_count_for_more(asked: str, count: int) -> None:
    assert objects(f"{{ confirmationLinks(first: 2) {{ nodes {{ {asked} }} }} }}") == count


async def test_no_answer_is_a_gigabyte_of_pages(api: Api, world: World) -> None:
    pages = " ".join(f"page{n}: html" for n in range(1_000))
    ask = f"{{ confirmationLinks(first: 100) {{ nodes {{ preview {{ {pages} }} }} }} }}"
    assert await api.code(ask, world.tokens["partner_admin"]) == "TOO_COSTLY"
    assert await api.ask(ask.replace("first: 100", "first: 1"), world.tokens["partner_admin"])


def test_variables_say_how_large_pages_are() -> None:
    query = """query($n: Int, $of: Int = 4, $ids: [ID!]!) {
      clients(first: $n) { nodes { renewals(last: $of) { nodes { id } } } } nodes(ids: $ids) { id } }"""
    assert objects(query, n=3, of=4, ids=["a"]) == 3 * (1 + 4) + 1
    assert objects(query, n=None, of=5, ids=["a"] * 50) == 20 * (1 + 5) + 50
    assert objects(query, n=7, of=10**9, ids=[]) == 7 * (1 + 100)


def test_a_hundred_pages_of_a_hundred_pass_and_a_hundred_times_as_many_do_not() -> None:
    inner = "renewals(first: 100) { nodes { client { name } renewalManager { name } notices { status } } }"
    assert objects(f"{{ clients(first: 100) {{ nodes {{ {inner} }} }} }}") < MAX_OBJECTS // 2
    assert objects(TOO_WIDE) > 1_000_000


@pytest.mark.parametrize(
    "path",
    [*(ROOT / "tests/frontends").glob("*.graphql"), *(ROOT / "benchmarks/documents").glob("*.graphql")],
    ids=str,
)
def test_what_frontends_send_is_far_from_the_limit(path: Path) -> None:
    assert objects(path.read_text("utf-8"), first=100, clients=50, links=20) < MAX_OBJECTS // 10


def parts(text: str) -> int:
    """How much of the schema's description the document asks for."""
    document = parse(text)
    [operation] = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    return Counter(SCHEMA._schema, document).reach(operation).introspected


def test_what_graphiql_asks_of_the_schema_passes() -> None:
    assert 5_000 < parts(get_introspection_query(input_value_deprecation=True)) < MAX_INTROSPECTED


@pytest.mark.parametrize(
    ("asked", "again", "many"),
    [
        ("{ __schema { types { fields { %s } } } }", "d%d: description", 1_000),
        ("{ %s }", "s%d: __schema { types { fields { name args { name } } } }", 60),
        ("{ viewer { scopes } __schema { %s } }", "t%d: types { name }", 300),
        ("{ %s }", 'n%d: __type(name: "Node") { possibleTypes { fields { args { name } } } }', 300),
        ("{ %s }", 'm%d: __type(name: "Mutation") { fields { type { fields { name } } } }', 100),
        ("{ __schema { %s } }", "f%d: types { fields { type { enumValues { name } } } }", 5),
        ("{ __schema { %s } }", "q%d: queryType { fields { type { enumValues { name } } } }", 100),
    ],
)
async def test_nobody_is_given_the_schema_many_times_over(
    api: Api, asked: str, again: str, many: int
) -> None:
    asked %= " ".join(again % number for number in range(many))
    assert await api.code(asked) == "TOO_COSTLY"
    assert parts(asked) > MAX_INTROSPECTED


def test_counting_is_linear_in_what_a_document_spreads() -> None:
    visits = []
    for many in (200, 400):
        spreads = " ".join(f"a{n}: client(id: 1) {{ ...F ...F }}" for n in range(many))
        document = parse(f"{{ {spreads} }} fragment F on Client {{ partner {{ id }} }}")
        [operation] = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
        counter = Counter(SCHEMA._schema, document)
        counter.reach(operation)
        visits.append(counter.visits)
    assert visits[1] == 2 * visits[0]


async def test_who_asks_for_more_hears_how_much_and_what_the_limit_is(api: Api, world: World) -> None:
    ada = world.tokens["partner_admin"]
    [error] = (await api.send(TOO_WIDE, ada))["errors"]
    assert error["extensions"]["code"] == "TOO_COSTLY"
    assert "1,020,100 objects" in error["message"]
    assert f"{MAX_OBJECTS:,}" in error["message"]
    sized = "query($n: Int!) " + TOO_WIDE.replace("first: 100", "first: $n")
    assert await api.code(sized, ada, n=100) == "TOO_COSTLY"
    assert await api.ask(sized, ada, n=10)
    assert await api.code(sized, ada, n=100) == "TOO_COSTLY"


async def test_a_stream_of_too_much_is_not_begun() -> None:
    event = "subscription { partnerEvents { subject { ... on Client { %s } } } }"
    operations = Operations(SCHEMA)
    outcome = await operations.run(
        Request(event % TOO_WIDE[2:-2].join(["partner { ", " }"])), Context(Seen(), "t")
    )
    assert isinstance(outcome, Failure)
    assert isinstance(outcome.errors[0].original_error, TooCostly)
