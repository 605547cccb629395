from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from graphql_api.__main__ import cli
from graphql_api.demo.welcome import TEXT
from graphql_api.models.client_error import ErrorCode
from graphql_api.settings import PREFIX, Settings
from tests.docs.readme import README, ROOT, table_of

DOCS = [README, *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)#:]+)\)")
IN_CODE = re.compile(r"`([a-z_]+/[\w/]+\.py)`")
FILE = re.compile(r"[\w./-]*\w\.(?:md|graphql|py)\b")


def test_every_setting_is_in_the_table_with_nothing_else() -> None:
    assert table_of("variable") == [PREFIX + name.upper() for name in Settings.model_fields]


def test_every_default_is_the_one_that_is_told() -> None:
    text = README.read_text("utf-8")
    told = dict(re.findall(r"^\| `(PARTNER_API_\w+)` \| `([^`]+)` \|", text, re.MULTILINE))
    defaults = Settings.model_construct().shown()
    assert len(told) == 14
    assert told == {name: defaults[name] for name in told}


def test_every_command_is_named_with_nothing_else() -> None:
    group = typer.main.get_command(cli)
    commands = {
        f"{name} {inner}".strip()
        for name, command in group.commands.items()  # type: ignore[attr-defined]
        for inner in getattr(command, "commands", [""])
    }
    named = {re.split(r" [\[\-A-Z]", row)[0] for row in table_of("command")}
    assert named == commands


def test_every_option_is_one_that_the_command_has() -> None:
    group = typer.main.get_command(cli)
    for row in table_of("command"):
        command = group
        for name in re.split(r" [\[\-A-Z]", row)[0].split():
            command = command.commands[name]  # type: ignore[attr-defined]
        has = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[\w-]+", row)) <= has, row


def test_every_part_of_the_code_is_on_the_map_with_nothing_else() -> None:
    package = ROOT / "graphql_api"
    folders = {f"{init.parent.name}/" for init in package.glob("*/__init__.py")}
    files = {file.name for file in package.glob("*.py")} - {"__init__.py"}
    assert set(table_of("part")) == folders | files


def test_every_error_code_is_explained_with_nothing_else() -> None:
    rows = ", ".join(table_of("code")).split(", ")
    assert sorted(rows) == sorted(code.value for code in ErrorCode)


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_what_the_documents_name_is_there(document: Path) -> None:
    text = document.read_text("utf-8")
    named = [document.parent / link for link in LINK.findall(text)]
    named += [ROOT / "graphql_api" / path for path in IN_CODE.findall(text)]
    assert [str(path) for path in named if not path.exists()] == []


def test_what_the_code_names_is_there() -> None:
    folders = (ROOT / name for name in ("graphql_api", "tests", "benchmarks", "docs"))
    there = [*ROOT.glob("*.*"), *(path for folder in folders for path in folder.rglob("*.*"))]
    known = " ".join(f"/{path.relative_to(ROOT).as_posix()} " for path in there)
    code = ((path, path.read_text("utf-8")) for path in (ROOT / "graphql_api").rglob("*.py"))
    named = [(path.name, name) for path, text in code for name in FILE.findall(text)]
    assert named
    assert [(path, name) for path, name in named if f"/{name} " not in known] == []


def test_the_demo_greets_as_the_readme_shows() -> None:
    labels = [line.split("  ")[1] for line in TEXT.splitlines() if line.startswith("  ") and line[2] != " "]
    text = README.read_text("utf-8")
    assert labels
    assert [label for label in labels if f"\n  {label} " not in text] == []
