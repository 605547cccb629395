"""Importing a folder of CSV files in one transaction: all of it or, with a bad row, nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from graphql_api.database import Database, Writing
from graphql_api.importing.passage import Passage, Progress
from graphql_api.importing.report import FileReport, ImportReport
from graphql_api.importing.sheets import Sheet, UnreadableError, read_sheet
from graphql_api.importing.tables import TABLES
from graphql_api.importing.wording import BadRows
from graphql_api.models.by import By

IMPORT = By(None, "Import")


class _WithdrawnError(Exception):
    """Ends the transaction without a commit."""


async def import_folder(
    database: Database, folder: Path, *, skip_bad_rows: bool, progress: Progress
) -> ImportReport:
    """Import whichever of the files the folder has. With a bad row nothing is, unless `skip_bad_rows`.

    A file that cannot be read as a whole stops the import either way. The report says what would have come of
    each row even where nothing was imported.
    """
    report = ImportReport()
    sheets = _read(folder, report)
    if report.messages:
        return report
    try:
        async with database.write(IMPORT) as writing:
            await _import(writing, sheets, report, progress)
            _check(report, skip_bad_rows=skip_bad_rows)
    except _WithdrawnError:
        return report
    report.imported = True
    return report


def _read(folder: Path, report: ImportReport) -> list[Sheet]:
    present = [table for table in TABLES if (folder / table.file).is_file()]
    known = {table.file for table in TABLES}
    others = sorted(path.name for path in folder.glob("*.csv") if path.name not in known)
    report.notes += [f"{name}: not one of the files of an import, left alone" for name in others]
    if not present:
        report.messages.append(f"{folder}: has none of {', '.join(table.file for table in TABLES)}")
    sheets = []
    for table in present:
        try:
            sheets.append(read_sheet(folder / table.file, table))
        except UnreadableError as error:
            report.messages.append(str(error))
    return sheets


async def _import(
    writing: Writing, sheets: Sequence[Sheet], report: ImportReport, progress: Progress
) -> None:
    bad_rows: BadRows = {}
    for sheet in sheets:
        file = FileReport(sheet.table.file)
        report.files.append(file)
        report.messages += await Passage(sheet, bad_rows, progress).through(writing, file)


def _check(report: ImportReport, *, skip_bad_rows: bool) -> None:
    if report.bad and not skip_bad_rows:
        raise _WithdrawnError
