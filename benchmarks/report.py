"""What the requests took: a table for each operation, and a picture of them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from benchmarks.arena import Entrant
from benchmarks.figures import Figures
from benchmarks.operations import OPERATIONS
from benchmarks.picture import drawn
from benchmarks.results import table

OURS = "ours"
HEAD = ("side", "CPU ms", "server", "database", "to ours", "p50 ms", "p99 ms", "requests/s", "memory MiB")
PARTS = ("server", "database")
ABOUT = """CPU is the server's and the database's a request, by the system's own accounting; "to ours" compares sums.
16 connections, the sides in turns, medians over {rounds} rounds of {seconds:g} s each; PostgreSQL without fsync, by a
Unix socket. In dashboard, point and deep something is written between two requests of a partner; in unchanged not."""

Found = Mapping[str, Mapping[str, Figures]]
"""By operation, by side."""


def report(found: Found, up: Sequence[Entrant], conditions: str, **how: float) -> Iterator[str]:
    """All of it in Markdown; `how` has the rounds and the seconds of each."""
    yield from ("# Requests", "", conditions, *ABOUT.format(**how).splitlines())
    for name, sides in found.items():
        yield from ("", f"## {_title(name)}", "")
        yield from table(HEAD, _rows(sides))
    yield from ("", "## Starting", "")
    yield from table(("side", "what it is", "seconds", "fresh MiB"), _starts(up), texts=2)


def picture(found: Found) -> str:
    """CPU a request, as bars."""
    groups = {
        _title(name): {side: (one.server, one.database) for side, one in sides.items()}
        for name, sides in found.items()
    }
    return drawn(groups, "CPU a request, milliseconds", PARTS)


def _title(name: str) -> str:
    return f"{name}: {OPERATIONS[name].says}"


def _rows(sides: Mapping[str, Figures]) -> Iterator[list[str]]:
    """Least CPU first."""
    ours = sides.get(OURS)
    for name, one in sorted(sides.items(), key=lambda item: item[1].cpu):
        cpus = (f"{value:.3f}" for value in (one.cpu, one.server, one.database))
        ratio = f"{one.cpu / ours.cpu:.2f}" if ours else ""
        times = (f"{value:.1f}" for value in (one.p50, one.p99))
        yield [name, *cpus, ratio, *times, f"{one.requests:,.0f}", f"{one.memory:.0f}"]


def _starts(up: Sequence[Entrant]) -> Iterator[list[str]]:
    for one in up:
        started = one.running
        yield [one.side.name, one.side.says, f"{started.started_in:.1f}", f"{started.fresh_memory:.0f}"]
