"""What is wrong with a row, in the words of its file: the column's own name first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graphql_api.importing.cells import listed
from graphql_api.importing.table import Table
from graphql_api.models.refusal import NotFound, Refusal
from graphql_api.models.text import cleaned

BadRows = dict[tuple[str, str], str]
"""Where each bad row is, by its table and key."""

SHOWN = 60
"""Characters of a value that a message shows."""


def normal(column: str, cell: str) -> str:
    """A name in the spelling that the sync keeps, so that rows which mean the same are seen to."""
    text = " ".join(cleaned(cell).split())
    return text.lower() if column.endswith("email") else text


def words_of(
    table: Table, cells: Mapping[str, str], refusal: Refusal, field: Sequence[str], bad_rows: BadRows
) -> str:
    """A refusal at a field of the row's record. What is not there because its own row is bad, is told so."""
    column = table.column_of(field)
    entry = _entry(cells.get(column.name, ""), field)
    says = refusal.message
    if isinstance(refusal, NotFound):
        place = bad_rows.get((column.names, normal(column.name, entry)))
        says = f"{place} is bad" if place else f"not found: {_short(entry)}"
    elif field[1:] and field[1].isdigit():
        says = f"{_short(entry)}: {says}"
    return f"{column.name}: {says}"


def _entry(cell: str, field: Sequence[str]) -> str:
    """The cell, or the one entry of its list that the field names."""
    return listed(cell)[int(field[1])] if field[1:] and field[1].isdigit() else cell


def _short(value: str) -> str:
    text = " ".join(cleaned(value).split())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
