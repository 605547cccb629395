"""Files that are not what an import takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphql_api.importing.sheets import UnreadableError, read_sheet
from graphql_api.importing.table import Table
from graphql_api.importing.tables import CLIENTS, PARTNERS

HEADER = "external_id,name\n"


def problem(tmp_path: Path, content: str | bytes) -> str:
    """What is said about such a partners.csv."""
    path = tmp_path / "partners.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UnreadableError) as caught:
        read_sheet(path, PARTNERS)
    return str(caught.value)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_that_is_not_utf8_is_told_with_its_line(tmp_path: Path, end: str) -> None:
    latin = f"external_id,name{end}P1,One{end}P2,Peñ{end}".encode("latin-1")
    says = "partners.csv:3: is not UTF-8; save the file as UTF-8"
    assert problem(tmp_path, latin) == says
    assert problem(tmp_path, b"\xef\xbb\xbf" + latin) == says


def test_utf16_is_named(tmp_path: Path) -> None:
    assert problem(tmp_path, HEADER.encode("utf-16")) == "partners.csv: is UTF-16; save it as UTF-8"


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_told(tmp_path: Path, content: str) -> None:
    assert problem(tmp_path, content) == "partners.csv: is empty; its first line must name the columns"


def test_columns_that_are_unknown_missing_or_doubled_are_named(tmp_path: Path) -> None:
    takes = "it takes external_id, name, cam_email, pdm_email"
    assert problem(tmp_path, "external_id,nam\n") == f"partners.csv:1: unknown column 'nam'; {takes}"
    assert (
        problem(tmp_path, "\nname;cam_email\n")
        == f"partners.csv:2: the column external_id is missing; {takes}"
    )
    assert problem(tmp_path, "name,name,external_id\n") == "partners.csv:1: the column name is there twice"


def test_a_quote_that_is_never_closed_is_told_where_its_row_starts(tmp_path: Path) -> None:
    says = problem(tmp_path, HEADER + 'P1,One\nP2,"Two\nP3,Three\n')
    assert says == "partners.csv:3: is not CSV from here on: unexpected end of data"


def test_rows_know_the_line_that_they_start_on(tmp_path: Path) -> None:
    path = tmp_path / "partners.csv"
    path.write_text(HEADER + '\nP1,"a\n\nb"\nP2\nP3,Three\n')
    sheet = read_sheet(path, PARTNERS)
    assert [(line.number, line.cells["external_id"]) for line in sheet.lines] == [(3, "P1"), (7, "P3")]
    assert [(line.number, says) for line, says in sheet.odd] == [(6, "has 1 cells where the header has 2")]


def odd(tmp_path: Path, table: Table, content: str) -> list[tuple[int, str]]:
    path = tmp_path / table.file
    path.write_bytes(content.encode())
    return [(line.number, says) for line, says in read_sheet(path, table).odd]


@pytest.mark.parametrize("bad", ["\0", "\x07", "\x1c", "\r", "\x85", "\u202e"], ids=ascii)
def test_a_name_of_a_row_with_a_control_character_is_no_other_row_s_name(tmp_path: Path, bad: str) -> None:
    """Dropped, it would make z1 of the first and of the second, which are other rows."""
    rows = f'"z{bad}1",P1,One\nz2,"P{bad}1",Two\nz3,P1,"Thr{bad}ee"\n"z\r\n4",P1,Four\n'
    found = odd(tmp_path, CLIENTS, "external_id,partner_external_id,name\n" + rows)
    says = "has a control character"
    assert [what for _, what in found] == [f"external_id: {says}", f"partner_external_id: {says}"]


def test_a_cell_that_is_too_long_is_a_bad_row(tmp_path: Path) -> None:
    content = HEADER + f"P1,{'x' * 10_000_000}\nP2,Two\n"
    assert odd(tmp_path, PARTNERS, content) == [(2, "name: is longer than 100000 characters")]


def test_a_file_that_the_system_will_not_give_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "partners.csv").write_text(HEADER)
    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(UnreadableError, match="csv: cannot be read: Permission denied"):
        read_sheet(tmp_path / "partners.csv", PARTNERS)
