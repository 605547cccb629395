"""How large a document may be, and that finding out costs next to nothing."""

from __future__ import annotations

import pytest
from graphql import get_introspection_query, parse

from graphql_api.execution import documents
from graphql_api.execution.documents import read_document
from graphql_api.execution.limits import MAX_DEPTH, MAX_SELECTIONS, Scale
from graphql_api.execution.outcomes import Failure
from graphql_api.models.client_error import TooCostly, ValidationFailed
from tests.execution.toy import SCHEMA


def _nested(levels: int) -> str:
    return "{" + "tree {" + "child {" * (levels - 2) + "leaf" + "}" * levels


def _doubling(levels: int) -> str:
    chain = (f"fragment F{i} on Tree {{ child {{ ...F{i + 1} ...F{i + 1} }} }}" for i in range(levels))
    return "{ tree { ...F0 } }" + " ".join(chain) + f" fragment F{levels} on Tree {{ leaf }}"


HOSTILE = {
    "duplicated fields": "{" + "hello " * 20_000 + "}",
    "fields just within the tokens": "{" + "hello " * 3_900 + "}",
    "directives": "{" + "hello @include(if: true) " * 20_000 + "}",
    "some directives": "{" + "hello @include(if: true) " * 490 + "}",
    "inline fragments": "{" + "... { hello } " * 2_000 + "}",
    "some inline fragments": "{" + "... { hello } " * 900 + "}",
    "repeated objects": "{" + "tree { leaf } " * 900 + "}",
    "doubling fragments": _doubling(20),
    "doubling spreads": "{ ...F0 }"
    + " ".join(f"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }}" for i in range(20))
    + " fragment F20 on Query { hello }",
    "many spreads": "{ tree {"
    + " ".join(f"...F{i}" for i in range(200))
    + "} }"
    + " ".join(f"fragment F{i} on Tree {{ leaf }}" for i in range(200)),
    "a chain of fragments": "{ ...F0 }"
    + " ".join(f"fragment F{i} on Query {{ ...F{i + 1} }}" for i in range(300))
    + " fragment F300 on Query { hello }",
    "deep selections": _nested(200),
    "deeper selections": _nested(1_200),
    "deep inline fragments": "{" + "... {" * 100 + "hello" + "}" * 101,
    "a deep list": "{ twice(number: " + "[" * 1_500 + "]" * 1_500 + ") }",
    "comments": "#\n" * 10_000 + "{ hello }",
    "a long text": "{ hello }" + " " * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_never_reaches_the_validators(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "validate", None)
    try:
        outcome = read_document(SCHEMA._schema, HOSTILE[name])
    except TooCostly:
        return
    assert isinstance(outcome, Failure)
    assert [(error.extensions or {})["code"] for error in outcome.errors] == ["TOO_COSTLY"]


def test_doubling_fragments_are_weighed_once_each() -> None:
    for levels in (10, 20, 30):
        scale = Scale(parse(_doubling(levels)))
        with pytest.raises(TooCostly):
            scale.check()
        assert scale.visits == 3 * levels + 3  # a child and two spreads a level, and what surrounds them


def test_weighing_is_linear_in_the_document() -> None:
    small, large = (
        Scale(parse("{" + " ".join(f"a{i}: hello" for i in range(n)) + "}")) for n in (500, 1_000)
    )
    small.check()
    large.check()
    assert large.visits == 2 * small.visits


def test_depth_counts_fields_and_not_fragments() -> None:
    assert not isinstance(read_document(SCHEMA._schema, _nested(MAX_DEPTH)), Failure)
    with pytest.raises(TooCostly, match="deep"):
        read_document(SCHEMA._schema, _nested(MAX_DEPTH + 1))
    inline = "{ tree {" + "... {" * 20 + "leaf" + "}" * 22
    assert not isinstance(read_document(SCHEMA._schema, inline), Failure)


def test_a_fragment_counts_wherever_it_is_spread() -> None:
    fields = " ".join(f"a{i}: leaf" for i in range(100))
    spreads = " ".join(f"t{i}: tree {{ ...F }}" for i in range(MAX_SELECTIONS // 100))
    with pytest.raises(TooCostly, match="selections"):
        read_document(SCHEMA._schema, f"{{ {spreads} }} fragment F on Tree {{ {fields} }}")


@pytest.mark.parametrize(
    "query", ["{ ...F } fragment F on Query { ...F }", "{ hello } fragment F on Tree { child { ...F } }"]
)
def test_a_fragment_within_itself_ends_the_weighing(query: str) -> None:
    with pytest.raises(ValidationFailed, match="within itself"):
        Scale(parse(query)).check()


def test_introspection_as_tools_send_it_passes() -> None:
    query = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )
    assert not isinstance(read_document(SCHEMA._schema, query), Failure)


def test_the_fragments_of_many_components_pass() -> None:
    parts = " ".join(f"fragment Part{i} on Tree {{ leaf child {{ leaf }} }}" for i in range(30))
    spreads = " ".join(f"...Part{i}" for i in range(30))
    assert not isinstance(read_document(SCHEMA._schema, f"{{ tree {{ {spreads} }} }} {parts}"), Failure)
