"""One file of an import on its way through the sync that takes its records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from graphql_api.actions.sync.upsert import SyncCounts, in_parts
from graphql_api.database import Writing
from graphql_api.importing.report import FileReport
from graphql_api.importing.sheets import Line, Sheet
from graphql_api.importing.table import Record
from graphql_api.importing.wording import BadRows, normal, words_of
from graphql_api.models.refusal import Refusal, Refused

Progress = Callable[[str, int, int], None]
"""Told, now and then, of a file, how many of its rows are through, and how many it has."""


class Unit(NamedTuple):
    """One record, and the rows that it stands for: one, or all the contacts of a client."""

    record: Record
    lines: list[Line]


@dataclass(slots=True)
class Passage:
    """A file on its way. `bad_rows` are those of the files before it, and then its own too."""

    sheet: Sheet
    bad_rows: BadRows
    progress: Progress
    wrong: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    """What is wrong, by the line that a row starts on."""

    async def through(self, writing: Writing, report: FileReport) -> list[str]:
        """Sync every row that nothing is against; the messages about the others, in the order of the file."""
        for line, says in self.sheet.odd:
            self._refuse(line, says)
        units = self._units(self._once(self.sheet.lines))
        total, done = len(self.sheet.lines), 0
        for part in in_parts(units):
            self.progress(report.name, done, total)
            report.add(await self._sync(writing, part))
            done += sum(len(unit.lines) for unit in part)
        self.progress(report.name, total, total)
        report.bad = len(self.wrong)
        return [message for _, messages in sorted(self.wrong.items()) for message in messages]

    async def _sync(self, writing: Writing, units: Sequence[Unit]) -> SyncCounts:
        """Leave out what the sync refuses until it takes the rest; as it refuses all at once, mostly once."""
        while units:
            try:
                return await self.sheet.table.verb(writing, [unit.record for unit in units])
            except Refused as refused:
                units = self._without_refused(units, refused)
        return SyncCounts()

    def _without_refused(self, units: Sequence[Unit], refused: Refused) -> list[Unit]:
        gone = set()
        for refusal in refused.exceptions:
            if isinstance(refusal, Refusal):
                index = int(refusal.field[1])
                gone.add(index)
                self._tell(units[index], refusal)
        for index in gone:
            self._leave_out(units[index].lines)
        return [unit for index, unit in enumerate(units) if index not in gone]

    def _tell(self, unit: Unit, refusal: Refusal) -> None:
        _, _, *inner = refusal.field
        lines = unit.lines
        if self.sheet.table.list_of and inner[0] == "contacts":
            lines, inner = ([lines[int(inner[1])]], inner[2:]) if inner[1:] else (lines[:1], inner)
        for line in lines:
            self._refuse(line, words_of(self.sheet.table, line.cells, refusal, inner, self.bad_rows))

    def _refuse(self, line: Line, says: str) -> None:
        place = f"{self.sheet.table.file}:{line.number}"
        self.wrong[line.number].append(f"{place}: {says}")
        self.bad_rows[self.sheet.table.name, self._key_of(line)] = place

    def _key_of(self, line: Line) -> str:
        return "\n".join(normal(name, line.cells.get(name, "")) for name in self.sheet.table.key)

    def _once(self, lines: Iterable[Line]) -> list[Line]:
        """The rows but those that have the key of an earlier one."""
        first: dict[str, int] = {}
        kept = []
        for line in lines:
            number = first.setdefault(self._key_of(line), line.number)
            if number == line.number or not all(line.cells[name] for name in self.sheet.table.key):
                kept.append(line)
            else:
                self._refuse(line, f"{self.sheet.table.key[-1]}: is on line {number} already")
        return kept

    def _units(self, lines: Sequence[Line]) -> list[Unit]:
        table = self.sheet.table
        if not table.list_of:
            return [Unit(table.record(line.cells), [line]) for line in lines]
        groups = self._groups([*self.sheet.lines, *(line for line, _ in self.sheet.odd)])
        whole = [lines for lines in groups if not self._leave_out(lines)]
        return [Unit(table.list_record([line.cells for line in lines]), lines) for lines in whole]

    def _groups(self, lines: Iterable[Line]) -> Iterable[list[Line]]:
        by = self.sheet.table.list_of
        groups = defaultdict(list)
        for line in lines:
            groups[normal(by, line.cells.get(by, ""))].append(line)
        return groups.values()

    def _leave_out(self, lines: Iterable[Line]) -> bool:
        """Whether one of the rows is bad. Then all are: a list without it would remove somebody."""
        lines = list(lines)
        bad = next((line for line in lines if line.number in self.wrong), None)
        if bad is None:
            return False
        name = self.sheet.table.list_of
        for line in lines:
            if line.number not in self.wrong:
                self._refuse(
                    line, f"{name}: left out with the bad row on line {bad.number}, which has the same"
                )
        return True
