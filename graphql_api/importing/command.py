"""The command `import DIR`: a progress bar on a terminal, plain lines elsewhere, what is wrong on stderr."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from sqlalchemy.exc import DBAPIError

from graphql_api.database import Database
from graphql_api.importing.folder import import_folder
from graphql_api.importing.passage import Progress
from graphql_api.importing.report import ImportReport
from graphql_api.reading.faults import in_a_line
from graphql_api.settings import Settings

TOLD = 200
"""Messages that are printed; of the rest, how many they are."""

LINE_EVERY = 10_000
"""Rows between two lines of progress, where there is no terminal."""


def run_import(settings: Settings, folder: Path, skip_bad_rows: bool) -> int:  # noqa: FBT001 - as typer calls it
    """Import a folder and say what came of it: 0 when it was imported, 1 when nothing was."""
    if not folder.is_dir():
        _complain([f"{folder}: no such folder"])
        return 1
    try:
        report = asyncio.run(_run(settings, folder, skip_bad_rows=skip_bad_rows))
    except (DBAPIError, OSError) as error:
        reason = in_a_line(error) if isinstance(error, DBAPIError) else error
        is_of_folder = isinstance(error, OSError) and error.filename
        asked = [] if is_of_folder else ["is the database there, and migrated?"]
        _complain([f"nothing was imported: {reason}", *asked])
        return 1
    return _tell(report)


async def _run(settings: Settings, folder: Path, *, skip_bad_rows: bool) -> ImportReport:
    database = Database(settings.database_url)
    try:
        with _shown(Console(stderr=True)) as progress:
            return await import_folder(database, folder, skip_bad_rows=skip_bad_rows, progress=progress)
    finally:
        await database.close()


def _tell(report: ImportReport) -> int:
    _complain([*report.notes, *_bounded(report.messages)])
    if not report.imported:
        rows = "1 bad row" if report.bad == 1 else f"{report.bad} bad rows"
        _complain([f"nothing was imported: {rows}" if report.bad else "nothing was imported"])
        return 1
    sys.stdout.writelines(f"{file}\n" for file in report.files)
    return 0


def _bounded(messages: list[str]) -> list[str]:
    more = len(messages) - TOLD
    return [*messages[:TOLD], f"and {more} more"] if more > 0 else messages


def _complain(lines: Iterable[str]) -> None:
    sys.stderr.writelines(f"{line}\n" for line in lines)


@contextmanager
def _shown(console: Console) -> Iterator[Progress]:
    """How far each file is: a bar on a terminal, else a line every 10,000 rows."""
    if not console.is_terminal:
        yield _in_lines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console) as bars:
        yield _in_bars(bars)


def _in_bars(bars: Bars) -> Progress:
    tasks: dict[str, TaskID] = {}

    def show(name: str, done: int, total: int) -> None:
        if name not in tasks:
            tasks[name] = bars.add_task(name, total=total)
        bars.update(tasks[name], completed=done)

    return show


def _in_lines() -> Progress:
    told: dict[str, int] = {}

    def show(name: str, done: int, total: int) -> None:
        if done == total or done // LINE_EVERY > told.get(name, 0):
            told[name] = done // LINE_EVERY
            sys.stdout.write(f"{name}: {done} of {total} rows\n")

    return show
