"""The demo's clients, deals and renewals: CSV exports as any vendor's, brought in as any import is."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from graphql_api.database import Writing
from graphql_api.importing.passage import Passage
from graphql_api.importing.report import FileReport
from graphql_api.importing.sheets import Sheet, read_sheet
from graphql_api.importing.table import Table
from graphql_api.importing.tables import TABLES

DATA = Path(__file__).parent / "data"
CATALOGUE = Path(__file__).parents[1] / "importing" / "catalogue"
DAYS = {"renews_on", "closes_on"}
"""Columns that count days from the start of the demo, as in +30: a demo made next year is about next year."""


async def import_exports(writing: Writing, today: date) -> None:
    """Bring in every file of the demo's data and the catalogue that is shipped; `today` is day +0 of their columns.

    Raises:
        ValueError: a row is bad, with what is wrong.

    """
    for table in TABLES:
        sheet = _dated(read_sheet(_file_of(table), table), today)
        wrong = await Passage(sheet, {}, _in_silence).through(writing, FileReport(table.file))
        if wrong:
            raise ValueError("\n".join(wrong))


def _file_of(table: Table) -> Path:
    return (CATALOGUE if table.name == "products" else DATA) / table.file


def _dated(sheet: Sheet, today: date) -> Sheet:
    for line in sheet.lines:
        for column in DAYS & line.cells.keys():
            line.cells[column] = (today + timedelta(days=int(line.cells[column]))).isoformat()
    return sheet


def _in_silence(_file: str, _done: int, _total: int) -> None:
    """A second's work needs no progress bar."""
