"""Who answers somebody who is signed in goes through their view; few places reach the whole database."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "graphql_api"
ANSWERING = ("access", "actions", "dataloaders", "execution", "resolvers", "schema")
"""The parts that work for somebody. Pages, jobs and commands work for nobody who is signed in."""
NAMED = {
    ("resolvers/links.py", "invitation"): "whoever has a link's secret sees what it opens",
    ("resolvers/repeats.py", "_read"): "the same, told once more",
    ("dataloaders/catalogue.py", "kept"): "what is remembered is found by its database, which is not asked",
    ("dataloaders/catalogue.py", "answer"): "the same",
    ("access/viewer.py", "seen"): "says what each sees",
}
"""Functions that name the whole database, and why."""
MAKING = {"Database", "View", "create_async_engine", "async_sessionmaker", "only", "Seen"}
"""Whatever makes a database of one's own, or says what is seen."""


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All of them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def is_whole(node: ast.AST) -> bool:
    """The service's database, or the one behind a view."""
    match node:
        case ast.Attribute(attr="whole"):
            return True
        case ast.Attribute(attr="database", value=ast.Attribute(attr="service") | ast.Name(id="service")):
            return True
    return False


def makes_one(node: ast.AST) -> bool:
    """A call that makes a database of one's own, or a view of everything."""
    match node:
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name in MAKING
    return False


def reaching(source: str) -> set[str]:
    """The functions of a file that name the whole database, or make one."""
    return {
        function.name
        for function in functions(ast.parse(source))
        for node in ast.walk(function)
        if is_whole(node) or makes_one(node)
    }


def test_the_whole_database_is_reached_in_the_named_places_alone() -> None:
    found = {
        (path.relative_to(PACKAGE).as_posix(), name)
        for part in ANSWERING
        for path in sorted((PACKAGE / part).rglob("*.py"))
        for name in reaching(path.read_text("utf-8"))
    }
    assert found == NAMED.keys()


@pytest.mark.parametrize(
    "line",
    [
        "info.context.service.database.read()", "context.service.database.write(by)", "service.database.ask(q, {})",
        "context.database.whole.read()", "View(context.database, EVERYTHING)", "Database(url)",
    ],
)  # fmt: skip
def test_whoever_went_around_the_wall_would_be_seen(line: str) -> None:
    assert reaching(f"async def resolver(context):\n    async with {line} as x: pass") == {"resolver"}
    assert (
        reaching("async def resolver(context):\n    async with context.database.read() as x: pass") == set()
    )
