"""All the sides at once: each its own process, all up, so that they can be measured in turns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import node
from benchmarks.client import request_of, send, wrongs
from benchmarks.dashboards import Dashboards
from benchmarks.databases import Databases
from benchmarks.operations import Asked, Operation
from benchmarks.processes import DidNotStart, Running, free_port, running
from benchmarks.sides import ROOT, Side
from benchmarks.traces import missing, row_counts


@dataclass(frozen=True)
class Entrant:
    """A side that is up."""

    side: Side
    running: Running
    url: str
    """Of its database."""

    def request(self, operation: Operation, asked: Asked, tag: str | None = None) -> bytes:
        """A whole request, as this side takes it."""
        return request_of(self.side.document(operation.document), asked.secret, asked.variables, tag)

    def requests(self, operation: Operation, made: Dashboards) -> list[bytes]:
        """All of an operation's; none where the operation needs what the side has not got."""
        plain = [self.request(operation, asked) for asked in operation.requests(made)]
        if not operation.conditional:
            return plain
        tags = [send(self.running.port, request).tag for request in plain]
        asked = zip(operation.requests(made), tags, strict=True)
        return [self.request(operation, one, tag) for one, tag in asked if tag]

    def check(self, operation: Operation, made: Dashboards) -> str | None:
        """What is wrong with its answer for the last partner, or with what it writes, if anything."""
        asked = list(operation.requests(made))[-1]
        before = row_counts(self.url)
        answer = send(self.running.port, self.request(operation, asked))
        written = missing(before, row_counts(self.url), operation.writes)
        return next(chain(wrongs(answer, asked.expected), written), None)


@contextmanager
def entrants(sides: Sequence[Side], databases: Databases) -> Iterator[list[Entrant]]:
    """Those of the sides that can run here; of the others it is said why not."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        found = []
        for side in sides:
            if why := side.why_not():
                print(f"{side.name}: left out, {why}", flush=True)
                continue
            try:
                found.append(
                    Entrant(side, stack.enter_context(_up(side, databases, folder)), side.url(databases))
                )
            except (DidNotStart, node.NotInstalled) as error:
                print(f"{side.name}: left out, did not start:\n{error}", flush=True)
        yield found


@contextmanager
def _up(side: Side, databases: Databases, folder: Path) -> Iterator[Running]:
    port = free_port()
    command = node.command(side.project) if side.project else side.command
    told = side.environment(databases, port, folder / "mail")
    filled = [part.format(port=port) for part in command]
    with running(filled, told, side.project or ROOT, folder / f"{side.name}.log", port) as up:
        yield up
