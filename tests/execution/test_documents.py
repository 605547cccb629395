"""What is kept of documents: the valid ones, so many, and none that strangers can push out."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import graphql_api.execution
from graphql_api.execution import documents
from graphql_api.execution.documents import KEPT_CHARACTERS, KEPT_DOCUMENTS, Document, Documents
from graphql_api.execution.operations import Operations
from graphql_api.execution.outcomes import Failure
from graphql_api.execution.plans import MAX_VARIANTS
from graphql_api.execution.requests import Request
from graphql_api.models.client_error import TooCostly
from tests.execution.toy import SCHEMA, Context, Seen


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Documents:
    """With a validator that costs nothing."""
    monkeypatch.setattr(documents, "validate", lambda *_, **__: [])
    return Documents(SCHEMA._schema)


def _number(number: int) -> str:
    return f"{{ hello(name: {number}) }}"


def _long(number: int, length: int) -> str:
    return _number(number).ljust(length)


@pytest.mark.parametrize("known", [True, False])
def test_only_so_many_documents_are_kept(kept: Documents, known: bool) -> None:  # noqa: FBT001
    for number in range(KEPT_DOCUMENTS + 50):
        kept.read(_number(number), known=known)
    assert len(kept._known) + len(kept._unknown) == (KEPT_DOCUMENTS if known else KEPT_DOCUMENTS // 10)


@pytest.mark.parametrize("known", [True, False])
def test_only_so_many_characters_are_kept(kept: Documents, known: bool) -> None:  # noqa: FBT001
    most = KEPT_CHARACTERS if known else KEPT_CHARACTERS // 10
    for number in range(50):
        kept.read(_long(number, most // 20), known=known)
    memory = kept._known if known else kept._unknown
    assert memory.size <= most
    assert len(memory) == 20


def test_one_long_document_pushes_nothing_out(kept: Documents) -> None:
    first = kept.read("{ hello }", known=True)
    kept.read(_long(1, KEPT_CHARACTERS // 8 + 1), known=True)
    assert len(kept._known) == 1
    assert kept.read("{ hello }", known=True) is first


def test_strangers_cannot_push_out_what_the_signed_in_send(kept: Documents) -> None:
    first = kept.read("{ hello }", known=True)
    for number in range(KEPT_DOCUMENTS * 2):
        kept.read(_number(number), known=False)
    assert kept.read("{ hello }", known=True) is first


def test_what_a_stranger_sent_first_is_kept_once_somebody_known_needs_it(kept: Documents) -> None:
    kept.read("{ hello }", known=False)
    for number in range(KEPT_DOCUMENTS):
        kept.read(_number(number), known=False)
    again = kept.read("{ hello }", known=True)
    for number in range(KEPT_DOCUMENTS):
        kept.read(_number(number), known=False)
    assert kept.read("{ hello }", known=True) is again


def test_what_a_stranger_sent_first_is_known_as_soon_as_somebody_known_sends_it(kept: Documents) -> None:
    first = kept.read("{ hello }", known=False)
    assert kept.known("{ hello }") is None
    assert kept.read("{ hello }", known=True) is first
    assert kept.known("{ hello }") is first
    assert (len(kept._known), len(kept._unknown)) == (1, 0)


@pytest.mark.parametrize(
    "query", ["{ hello", "{ nothing }", "{ hello(name: {}) }", "query ($a: Nope) { hello }"]
)
def test_what_is_wrong_is_not_kept_and_is_told_again_in_the_same_words(query: str) -> None:
    fresh = Documents(SCHEMA._schema)
    told = [fresh.read(query, known=True) for _ in range(2)]
    assert [isinstance(one, Failure) for one in told] == [True, True]
    words = [[error.formatted for error in one.errors] for one in told if isinstance(one, Failure)]
    assert words[0] == words[1]
    assert len(fresh._known) + len(fresh._unknown) == 0


@pytest.mark.parametrize(
    "query", ["{" + "hello " * 10_000 + "}", "{" + " ".join(f"a{n}: hello" for n in range(10_000)) + "}"]
)
async def test_ten_thousand_fields_are_refused_before_anything_is_compiled(
    query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("validate", "Plans", "Document"):
        monkeypatch.setattr(documents, name, None)
    operations = Operations(SCHEMA)
    for _ in range(3):
        outcome = await operations.run(Request(query), Context(Seen(), "token"))
        assert isinstance(outcome, Failure)
        [error] = outcome.errors
        assert isinstance(error.original_error, TooCostly) or (error.extensions or {})["code"] == "TOO_COSTLY"
    assert len(operations._documents._known) == 0


def test_each_operation_of_a_document_is_compiled_once() -> None:
    document = Documents(SCHEMA._schema).read("query A { hello } query B { hello }", known=True)
    assert isinstance(document, Document)
    first, second = document.operation("A"), document.operation("B")
    assert document.plans(first) is document.plans(first)
    assert document.plans(first) is not document.plans(second)


async def test_the_choices_of_one_operation_are_bounded() -> None:
    switches = " ".join(f"a{n}: tree @include(if: $b{n}) {{ leaf }}" for n in range(6))
    declared = " ".join(f"$b{n}: Boolean!" for n in range(6))
    query = f"query ({declared}) {{ {switches} tree {{ leaf }} }}"
    operations = Operations(SCHEMA)
    for number in range(64):
        given = {f"b{n}": bool(number >> n & 1) for n in range(6)}
        await operations.run(Request(query, given), Context(Seen(), "token"))
    document = operations._documents.read(query, known=True)
    assert isinstance(document, Document)
    [plans] = document._plans.values()
    assert len(plans._variants) == MAX_VARIANTS


def test_no_code_is_ever_made_of_a_text() -> None:
    """Completions are closures and objects: a client's text has no way into code."""
    made = {
        (path.name, node.func.id)
        for path in Path(next(iter(graphql_api.execution.__path__))).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert len(made) > 50
    assert [call for call in made if call[1] in {"exec", "eval", "compile", "__import__"}] == []
