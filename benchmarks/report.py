"""The tables: printed, and, of a whole run, kept as Markdown beside a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import picture
from benchmarks.arena import Entrant
from benchmarks.figures import Figures
from benchmarks.machine import machine
from benchmarks.operations import OPERATIONS

RESULTS = Path(__file__).parent / "results"
OURS = "ours"
HEAD = ("side", "CPU ms", "server", "database", "to ours", "p50 ms", "p99 ms", "requests/s", "memory MiB")

Found = Mapping[str, Mapping[str, Figures]]
"""By operation, by side."""


def show(found: Found, up: Sequence[Entrant], *, keep: bool) -> None:
    """Print every table, and keep them where that is wanted."""
    lines = [*_report(found, up)]
    print("", *lines, sep="\n")
    if keep:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "requests.md").write_text("\n".join(lines) + "\n")
        totals = {
            f"{name}: {OPERATIONS[name].says}": {
                side: (one.server, one.database) for side, one in sides.items()
            }
            for name, sides in found.items()
        }
        (RESULTS / "requests.svg").write_text(picture.drawn(totals, "CPU a request, milliseconds"))


def _report(found: Found, up: Sequence[Entrant]) -> Iterator[str]:
    yield "# Requests"
    yield ""
    yield f"{machine()}, {datetime.now(UTC):%d %B %Y}. 16 connections, sides in turns, medians over the rounds."
    yield "CPU is the server's and the database's a request, from the system's own accounting."
    for name, sides in found.items():
        yield from ("", f"## {name}: {OPERATIONS[name].says}", "")
        yield from table(HEAD, _rows(sides))
    yield from ("", "## Starting", "")
    yield from table(("side", "what it is", "seconds", "fresh MiB"), _starts(up))


def _rows(sides: Mapping[str, Figures]) -> Iterator[list[str]]:
    """Least CPU first."""
    ours = sides.get(OURS)
    for name, one in sorted(sides.items(), key=lambda item: item[1].cpu):
        ratio = f"{one.cpu / ours.cpu:.2f}" if ours else ""
        cpus = [f"{value:.3f}" for value in (one.cpu, one.server, one.database)]
        yield [
            name,
            *cpus,
            ratio,
            f"{one.p50:.1f}",
            f"{one.p99:.1f}",
            f"{one.requests:,.0f}",
            f"{one.memory:.0f}",
        ]


def _starts(up: Sequence[Entrant]) -> Iterator[list[str]]:
    for one in up:
        started = one.running
        yield [one.side.name, one.side.says, f"{started.started_in:.1f}", f"{started.fresh_memory:.0f}"]


def table(head: Sequence[str], rows: Iterator[list[str]]) -> Iterator[str]:
    """A table in Markdown whose columns also line up in a terminal; all but the first hold numbers."""
    lines = [list(head), *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    for number, line in enumerate(lines):
        cells = [
            text.rjust(width) if place else text.ljust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        ]
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield f"| {' | '.join(['-' * widths[0], *('-' * (width - 1) + ':' for width in widths[1:])])} |"
