"""What came of an import."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphql_api.actions.sync.upsert import SyncCounts


@dataclass(slots=True)
class FileReport:
    """What came of one file, by row; `removed` counts contacts that their client's rows leave out."""

    name: str
    counts: SyncCounts = field(default_factory=SyncCounts)
    bad: int = 0

    def add(self, counts: SyncCounts) -> None:
        """Count more rows."""
        self.counts = SyncCounts(*(one + other for one, other in zip(self.counts, counts, strict=True)))

    def __str__(self) -> str:
        """As the command prints it."""
        told = [f"{number} {word}" for word, number in zip(SyncCounts._fields, self.counts, strict=True)]
        shown = told if self.counts.removed else told[:-1]
        return f"{self.name}: {', '.join(shown)}" + (f", {self.bad} bad" if self.bad else "")


@dataclass(slots=True)
class ImportReport:
    """What came of a folder. `messages` tell what is wrong, by file and line."""

    files: list[FileReport] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    imported: bool = False

    @property
    def bad(self) -> int:
        """Bad rows of all files."""
        return sum(file.bad for file in self.files)
