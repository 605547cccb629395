"""The command `import DIR`, as an operator sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from graphql_api.importing.command import TOLD, run_import
from graphql_api.settings import Settings
from tests.importing.folders import FILES, written


def test_it_prints_what_came_of_each_file(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_import(settings, written(tmp_path, **FILES), skip_bad_rows=False) == 0
    printed = capsys.readouterr()
    assert "clients.csv: 2 of 2 rows\n" in printed.out
    assert "clients.csv: 2 created, 0 updated, 0 unchanged\n" in printed.out
    assert printed.err == ""


def test_bad_rows_go_to_stderr_and_it_fails(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many = "".join(f"P{n},\n" for n in range(TOLD + 5))
    folder = written(tmp_path, partners="external_id,name\n" + many, notes="x\n")
    assert run_import(settings, folder, skip_bad_rows=False) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == [
        "notes.csv: not one of the files of an import, left alone",
        "partners.csv:2: name: must not be blank",
    ]
    assert lines[-2:] == ["and 5 more", f"nothing was imported: {TOLD + 5} bad rows"]
    assert run_import(settings, folder, skip_bad_rows=True) == 0


def test_a_file_that_cannot_be_read_fails_even_where_bad_rows_are_skipped(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(written(tmp_path, **FILES), deals="what\n", staff=b"\xff\n")
    assert run_import(settings, folder, skip_bad_rows=True) == 1
    errors = capsys.readouterr().err
    assert "staff.csv:1: is not UTF-8" in errors
    assert "deals.csv:1: unknown column 'what'" in errors


def test_a_folder_with_nothing_to_import_or_none_at_all_fails(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_import(settings, tmp_path, skip_bad_rows=False) == 1
    assert "has none of products.csv" in capsys.readouterr().err
    assert run_import(settings, tmp_path / "nowhere", skip_bad_rows=False) == 1
    assert "no such folder" in capsys.readouterr().err


def test_a_row_that_the_database_refuses_is_not_printed(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        said = "duplicate key\nDETAIL:  Key (email)=(ana@acme.example) already exists."
        raise DBAPIError("INSERT", None, ValueError(said))

    monkeypatch.setattr("graphql_api.importing.command.import_folder", fail)
    assert run_import(settings, written(tmp_path, **FILES), skip_bad_rows=False) == 1
    told = "nothing was imported: ValueError: duplicate key\nis the database there, and migrated?\n"
    assert capsys.readouterr().err == told


def test_a_database_that_is_not_migrated_is_told_in_a_line(
    empty_database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path, **FILES)
    assert run_import(Settings(database_url=empty_database_url), folder, skip_bad_rows=False) == 1
    assert "is the database there, and migrated?" in capsys.readouterr().err


def test_what_the_system_will_not_give_is_no_question_of_the_database(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", denied)
    assert run_import(settings, tmp_path, skip_bad_rows=False) == 1
    says = f"nothing was imported: [Errno 13] Permission denied: '{tmp_path}/products.csv'\n"
    assert capsys.readouterr().err == says


def test_one_bad_row_is_one_bad_row(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path, partners="external_id,name\nP\x001,One\nP2,Two\n")
    assert run_import(settings, folder, skip_bad_rows=False) == 1
    says = ["partners.csv:2: external_id: has a control character", "nothing was imported: 1 bad row"]
    assert capsys.readouterr().err.splitlines() == says
    assert run_import(settings, folder, skip_bad_rows=True) == 0
