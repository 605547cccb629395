"""The frontends' documents, and those that are measured, are answered the same; and they are really compiled."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from graphql_api.models import rows
from tests.confirmation_links.steps import id_of
from tests.differential.rich import Rich

ROOT: Final = Path(__file__).parents[2]
QUERIES: Final = {
    f"{path.parent.name}/{path.stem}": text
    for folder in ("tests/frontends", "benchmarks/documents")
    for path in sorted((ROOT / folder).glob("*.graphql"))
    if "query" in (text := path.read_text("utf-8")) or text.startswith("{")
}


def given(rich: Rich, name: str, text: str) -> dict[str, Any]:
    """The document's variables."""
    ours = rich.world.ours
    pointed: dict[str, rows.Base] = {"deal": ours.shared[1], "client": ours.clients[1], "link": rich.link}
    sizes = {
        name: 100 if name == "first" else 5 for name in ("first", "clients", "links") if f"${name}:" in text
    }
    found = pointed.get(name.partition("/")[2], rich.link)
    word = next((word for word in ("id", *pointed) if f"${word}:" in text), None)
    return {**sizes, **({word: id_of(found)} if word else {})}


def test_there_are_documents() -> None:
    assert {"frontends/dashboard", "documents/dashboard", "documents/point", "documents/deep"} <= set(QUERIES)


@pytest.mark.parametrize("who", ["staff_admin", "reader"])
@pytest.mark.parametrize("name", QUERIES)
def test_a_frontends_document_is_answered_the_same_to_everybody(rich: Rich, name: str, who: str) -> None:
    rich.same(QUERIES[name], who, **given(rich, name, QUERIES[name]))


@pytest.mark.parametrize("name", QUERIES)
def test_a_frontends_document_is_compiled_and_never_given_up(rich: Rich, name: str) -> None:
    who = "cam" if name.endswith(("bell", "partners")) else "partner_admin"
    told = rich.same(QUERIES[name], who, **given(rich, name, QUERIES[name]))
    assert "errors" not in told, told["errors"]
    [plans] = rich.both.plans(QUERIES[name])
    [compiled] = plans._variants.values()
    assert set(compiled) == set(told["data"])
    assert [root for root, completion in compiled.items() if completion is None] == []
    assert plans.given_up == 0
