"""Tables: in a terminal, and, of whole runs, kept as Markdown beside pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

FOLDER = Path(__file__).parent / "results"


def show(name: str, lines: Sequence[str], picture: str, *, keep: bool) -> None:
    """Print a report; keep it and its picture under the name where that is wanted."""
    print("", *lines, sep="\n")
    if keep:
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{name}.md").write_text("\n".join(lines) + "\n")
        (FOLDER / f"{name}.svg").write_text(picture)


def table(head: Sequence[str], rows: Iterator[list[str]], texts: int = 1) -> Iterator[str]:
    """A table in Markdown whose columns also line up in a terminal; the first so many hold text, the others numbers."""
    lines = [list(head), *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    for number, line in enumerate(lines):
        sized = zip(line, widths, strict=True)
        cells = [
            text.rjust(size) if place >= texts else text.ljust(size)
            for place, (text, size) in enumerate(sized)
        ]
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            rules = [
                "-" * size if place < texts else "-" * (size - 1) + ":" for place, size in enumerate(widths)
            ]
            yield f"| {' | '.join(rules)} |"
