"""docs/rules.md and the tests' marks agree: every rule is kept by a test, and every mark names a rule."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
RULES = set(
    re.findall(r"^([A-D]\d+) ", (TESTS.parent / "docs" / "rules.md").read_text("utf-8"), re.MULTILINE)
)

# The rules that issues still to come will keep. A rule leaves this list with its first test.
OPEN: set[str] = set()


def is_rule_mark(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rule"


def names_in(node: ast.AST) -> Iterator[str]:
    """The rules of one mark; anything but plain strings in it is a mistake that ends the test."""
    assert isinstance(node, ast.Call)
    for argument in node.args:
        yield str(ast.literal_eval(argument))


def marked_rules() -> dict[str, Path]:
    """Each rule that a mark names, with a file that names it; from the files, so it holds under -k."""
    trees = ((path, ast.parse(path.read_text("utf-8"))) for path in sorted(TESTS.rglob("*.py")))
    marks = ((path, node) for path, tree in trees for node in ast.walk(tree) if is_rule_mark(node))
    return {name: path for path, node in marks for name in names_in(node)}


def in_order(names: set[str]) -> list[str]:
    return sorted(names, key=lambda name: (name[0], int(name[1:])))


def test_rules_are_found() -> None:
    assert len(RULES) == 91
    assert OPEN <= RULES


def test_every_rule_has_a_test() -> None:
    assert in_order(RULES - OPEN - set(marked_rules())) == []


def test_no_rule_with_a_test_is_still_listed_as_open() -> None:
    assert in_order(OPEN & set(marked_rules())) == []


def test_every_mark_names_a_rule() -> None:
    assert {name: str(path) for name, path in marked_rules().items() if name not in RULES} == {}
