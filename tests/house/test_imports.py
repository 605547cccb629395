"""Imports run one way, from the top of LEVELS down, and stand at the head of their file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.readme import table_of

PACKAGE = Path(__file__).parents[2] / "graphql_api"

# From the bottom up. A part may import what stands below it and itself, but not its neighbours.
LEVELS = [
    {"models"},
    {"waiting"},
    {"reading", "bounded", "collector", "urls"},
    {"settings", "writing"},
    {"access", "realtime", "texts", "logs", "strays"},
    {"database"},
    {"mail", "migrations"},
    {"actions"},
    {"dataloaders"},
    {"context"},
    {"schema.inputs"},
    {"resolvers"},
    {"schema"},
    {"execution", "pages", "jobs", "importing"},
    {"transport"},
    {"app"},
    {"server"},
    {"demo"},
    {"__main__"},
]
LEVEL_OF = {part: level for level, parts in enumerate(LEVELS) for part in parts}

# A command loads what it needs when it runs, so that `--help` does not wait for the whole service.
MAY_IMPORT_LATE = {"__main__"}


def part_of(module: str) -> str:
    """The part of LEVELS that a module belongs to: the second name of graphql_api.models.deal."""
    names = module.split(".")[1:]
    below_resolvers = names[0] == "schema" and ".".join(names[:2]) in LEVEL_OF
    return ".".join(names[:2]) if below_resolvers else names[0]


def module_of(path: Path) -> str:
    names = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def modules_named(node: ast.AST) -> Iterator[str]:
    """The modules of ours that an import statement names; `from graphql_api import x` names graphql_api.x."""
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names if alias.name.startswith("graphql_api."))
        case ast.ImportFrom(module=("graphql_api" | "graphql_api.schema") as module, names=names):
            yield from (f"{module}.{alias.name}" for alias in names)
        case ast.ImportFrom(module=str(module)) if module.startswith("graphql_api."):
            yield module


def refused(importer: str, imported: str) -> bool:
    above, below = part_of(importer), part_of(imported)
    return above != below and LEVEL_OF[above] <= LEVEL_OF[below]


def wrong_imports(path: Path, tree: ast.AST) -> Iterator[str]:
    """The imports of a file that go up or across, under `if TYPE_CHECKING` and in functions too."""
    importer = module_of(path)
    for node in ast.walk(tree):
        for imported in modules_named(node):
            if refused(importer, imported):
                yield f"{path}:{getattr(node, 'lineno', 0)}: {importer} imports {imported}"


def late_imports(path: Path, tree: ast.AST) -> Iterator[str]:
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    for function in functions:
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield f"{path}:{node.lineno}: an import inside {function.name}"


def is_relative(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and node.level > 0


def files() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path.stat().st_size]


@pytest.fixture(scope="module")
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text("utf-8")) for path in files()}


def test_every_module_has_its_place_in_the_order() -> None:
    assert {part_of(module_of(path)) for path in files()} - set(LEVEL_OF) == set()


def test_imports_never_go_up_or_across(trees: dict[Path, ast.Module]) -> None:
    assert [wrong for path, tree in trees.items() for wrong in wrong_imports(path, tree)] == []


def test_no_import_hides_in_a_function(trees: dict[Path, ast.Module]) -> None:
    held = {path: tree for path, tree in trees.items() if part_of(module_of(path)) not in MAY_IMPORT_LATE}
    assert [late for path, tree in held.items() for late in late_imports(path, tree)] == []


def test_no_import_is_relative(trees: dict[Path, ast.Module]) -> None:
    assert [str(path) for path, tree in trees.items() if any(map(is_relative, ast.walk(tree)))] == []


def test_package_files_stay_empty() -> None:
    assert [path for path in files() if path.name == "__init__.py"] == []


@pytest.mark.parametrize(
    ("importer", "imported"),
    [("models.deal", "database"), ("access.guards", "realtime.cursor"), ("resolvers.links", "schema.link")],
)
def test_an_import_up_or_across_would_be_seen(importer: str, imported: str) -> None:
    assert refused(f"graphql_api.{importer}", f"graphql_api.{imported}")
    assert not refused(f"graphql_api.{importer}", f"graphql_api.{importer}")


def test_the_map_of_the_code_has_the_parts_in_this_order() -> None:
    parts = [part.rstrip("/").removesuffix(".py") for part in table_of("part")]
    levels = [LEVEL_OF[part] for part in parts]
    assert levels == sorted(levels)
