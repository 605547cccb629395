"""The contract names every action that the audit log can hold."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from graphql import GraphQLObjectType, build_schema

from graphql_api.actions.record import VERBS

ROOT = Path(__file__).parents[2]


def told() -> set[str]:
    """The actions in the contract, where ".edit" goes on with the noun before it."""
    entry = build_schema((ROOT / "schema.graphql").read_text("utf-8")).type_map["AuditEntry"]
    assert isinstance(entry, GraphQLObjectType)
    listed = str(entry.fields["action"].description).removeprefix("noun.verb: ").removesuffix(".")
    nouns = [(noun, rest) for noun, _, rest in (part.partition(".") for part in listed.split("; "))]
    return {f"{noun}.{verb}" for noun, verbs in nouns for verb in verbs.split(", .")}


def written() -> set[str]:
    """The actions that the code writes: its texts of that form, and those of a link's events."""
    trees = (ast.parse(path.read_text("utf-8")) for path in (ROOT / "graphql_api" / "actions").rglob("*.py"))
    texts = (str(node.value) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    plain = {text for text in texts if re.fullmatch(r"[a-z_]+\.[a-z_]+", text)}
    return plain | {f"confirmation_link.{verb}" for verb in VERBS.values()}


def test_the_contract_names_every_action() -> None:
    assert told() == written()
