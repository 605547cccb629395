"""Reading CSV: UTF-8 with or without BOM, comma or semicolon, a header first. Every row knows its line."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from graphql_api.importing.table import Table
from graphql_api.models.text import cleaned

CELL_LIMIT = 100_000
"""Characters of a cell: more than anything that a row may hold."""

csv.field_size_limit(2**31 - 1)  # the file is in memory anyway; its own limit would end the file, not the row

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class UnreadableError(Exception):
    """A file that is not what an import takes; says which, and where."""


class Line(NamedTuple):
    """One row: the line of the file that it starts on, and its cells by column."""

    number: int
    cells: dict[str, str]


@dataclass(slots=True)
class Sheet:
    """A file, read. `odd` are the rows that no record can be made of, each with what is wrong."""

    table: Table
    lines: list[Line] = field(default_factory=list)
    odd: list[tuple[Line, str]] = field(default_factory=list)


def read_sheet(path: Path, table: Table) -> Sheet:
    """Read a file.

    Raises:
        UnreadableError: it cannot be read, is not UTF-8, not CSV, or its header is not the table's.

    """
    found = _rows(path.name, _decoded(path.name, _raw(path)))
    try:
        number, cells = next(found)
    except StopIteration:
        raise UnreadableError(f"{path.name}: is empty; its first line must name the columns") from None
    header = [cell.lower() for cell in cells]
    _check_header(f"{path.name}:{number}", header, table)
    sheet = Sheet(table)
    for number, cells in found:
        line = Line(number, dict(zip(header, cells, strict=False)))
        if len(cells) != len(header):
            sheet.odd.append((line, f"has {len(cells)} cells where the header has {len(header)}"))
        elif wrong := _wrong_with(line.cells, table):
            sheet.odd.append((line, wrong))
        else:
            sheet.lines.append(line)
    return sheet


def _wrong_with(cells: Mapping[str, str], table: Table) -> str:
    for name, cell in cells.items():
        if len(cell) > CELL_LIMIT:
            return f"{name}: is longer than {CELL_LIMIT} characters"
        if name in table.names and cleaned(cell) != cell.replace("\r\n", "\n"):
            return f"{name}: has a control character"  # without it, it might name another row
    return ""


def _raw(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{path.name}: cannot be read: {error.strerror}") from None


def _decoded(name: str, raw: bytes) -> str:
    if raw.startswith(UTF_16):
        raise UnreadableError(f"{name}: is UTF-16; save it as UTF-8")
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = len((raw[: error.start] + b".").splitlines())
        raise UnreadableError(f"{name}:{line}: is not UTF-8; save the file as UTF-8") from None


def _rows(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that says something, with the line it starts on."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = ";" if first.count(";") > first.count(",") else ","
    source = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True, skipinitialspace=True)
    while True:
        start = source.line_num + 1
        try:
            cells = [cell.strip() for cell in next(source)]
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableError(f"{name}:{start}: is not CSV from here on: {error}") from None
        if any(cells):
            yield start, cells


def _check_header(place: str, header: Sequence[str], table: Table) -> None:
    names = [column.name for column in table.columns]
    takes = f"it takes {', '.join(names)}"
    if unknown := [name for name in header if name not in names]:
        raise UnreadableError(f"{place}: unknown column {', '.join(map(repr, unknown))}; {takes}")
    if doubled := sorted({name for name in header if header.count(name) > 1}):
        raise UnreadableError(f"{place}: the column {', '.join(doubled)} is there twice")
    if missing := [column.name for column in table.columns if column.needed and column.name not in header]:
        raise UnreadableError(f"{place}: the column {', '.join(missing)} is missing; {takes}")
