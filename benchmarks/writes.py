"""Writes: new links a second through 1, 2 and 4 processes, of one busy partner and of a hundred."""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.client import request_of
from benchmarks.dashboards import Dashboards, dashboards
from benchmarks.databases import Databases, filled_databases
from benchmarks.figures import Figures, medians
from benchmarks.load import Plan
from benchmarks.load import run as keep_busy
from benchmarks.machine import conditions
from benchmarks.operations import OPERATIONS
from benchmarks.picture import drawn
from benchmarks.processes import Running, can_measure, cpu_seconds, free_port, memory, running
from benchmarks.results import show, table
from benchmarks.sides import ROOT, SIDES

PARTNERS = 100
PROCESSES = [1, 2, 4]
CONNECTIONS = 32
WARMING_SECONDS = 2.0
HEAD = (
    "processes", "partners", "writes/s", "to one process", "CPU ms a write", "server", "database", "p50 ms",
    "p99 ms",
)  # fmt: skip
ABOUT = f"""Links created a second, each with its event, audit entry, notifications and two mails in one transaction.
{CONNECTIONS} connections; all writes of one partner wait for its stream's row, one after the other. The processes take
turns, medians over {{rounds}} rounds of {{seconds:g}} s each; PostgreSQL without fsync, by a Unix socket; the client,
PostgreSQL and all processes share the machine's CPUs."""

Place = tuple[int, int]
"""How many processes, and how many partners are written to."""
Found = dict[Place, list[Figures]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the benchmark takes."""
    parser.add_argument("--processes", type=int, nargs="+", default=PROCESSES, help="1 2 4")
    parser.add_argument("--rounds", type=int, default=3, help="of each number of processes (3)")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long a round is (5)")
    parser.add_argument("--keep", action="store_true", help="write results/ even for a part of all")


def run(given: argparse.Namespace) -> None:
    """Measure, and print the table; a run of everything is kept in benchmarks/results."""
    if not can_measure():
        print("this benchmark reads CPU from /proc, which only Linux has")
        return
    before, made = conditions(), dashboards(PARTNERS)
    places = [(count, partners) for count in given.processes for partners in (1, PARTNERS)]
    found: Found = {place: [] for place in places}
    with filled_databases(made) as databases, ExitStack() as stack:
        up = {count: _up(stack, databases, count) for count in given.processes}
        client = stack.enter_context(ProcessPoolExecutor(1, get_context("spawn")))
        for turn in range(-1, given.rounds):
            for count, partners in random.sample(places, len(places)):
                plan = Plan(up[count].port, _requests(made, partners), CONNECTIONS, WARMING_SECONDS)
                if turn < 0:
                    client.submit(keep_busy, plan).result()
                    continue
                figures = _round(client, up[count], databases, replace(plan, seconds=given.seconds))
                found[count, partners].append(figures)
            print(f"round {turn + 1} of {given.rounds}", flush=True)
    told = ABOUT.format(rounds=given.rounds, seconds=given.seconds)
    whole = given.processes == PROCESSES
    show("writes", [*_report(found, before, told)], _picture(found), keep=whole or given.keep)


def _up(stack: ExitStack, databases: Databases, count: int) -> Running:
    """The service in so many processes on one port."""
    ours, port = SIDES["ours"], free_port()
    folder = Path(stack.enter_context(TemporaryDirectory()))
    command = [*(part.format(port=port) for part in ours.command), "--workers", str(count)]
    told = ours.environment(databases, port, folder / "mail")
    return stack.enter_context(running(command, told, ROOT, folder / "log", port))


def _requests(made: Dashboards, partners: int) -> list[bytes]:
    operation, secrets = OPERATIONS["create"], {firm.secret for firm in made.firms[:partners]}
    document = SIDES["ours"].document(operation.document)
    asked = [one for one in operation.requests(made) if one.secret in secrets]
    return [request_of(document, one.secret, one.variables, None) for one in asked]


def _round(client: ProcessPoolExecutor, server: Running, databases: Databases, plan: Plan) -> Figures:
    worked, helped = cpu_seconds(server.process), cpu_seconds(databases.server)
    load = client.submit(keep_busy, plan).result()
    each = 1_000 / load.answered
    if load.wrong:
        raise RuntimeError(f"{load.wrong} of {load.answered} answers were refusals")
    return Figures(
        server=(cpu_seconds(server.process) - worked) * each,
        database=(cpu_seconds(databases.server) - helped) * each,
        p50=load.p50 * 1_000,
        p99=load.p99 * 1_000,
        requests=load.answered / load.seconds,
        memory=memory(server.process),
    )


def _report(found: Found, before: str, told: str) -> Iterator[str]:
    yield from ("# Writes", "", before, *told.splitlines(), "")
    yield from table(HEAD, _rows({place: medians(rounds) for place, rounds in found.items()}))


def _rows(found: dict[Place, Figures]) -> Iterator[list[str]]:
    for (count, partners), one in sorted(found.items(), key=lambda item: (item[0][1], item[0][0])):
        alone = found.get((1, partners))
        ratio = f"{one.requests / alone.requests:.2f}" if alone else ""
        cpus = (f"{value:.2f}" for value in (one.cpu, one.server, one.database))
        times = (f"{value:.0f}" for value in (one.p50, one.p99))
        yield [str(count), str(partners), f"{one.requests:,.0f}", ratio, *cpus, *times]


def _picture(found: Found) -> str:
    groups: dict[str, dict[str, Sequence[float]]] = {}
    for (count, partners), rounds in found.items():
        whose = "one partner" if partners == 1 else f"{partners} partners"
        groups.setdefault(whose, {})[f"{count} processes"] = (medians(rounds).requests,)
    return drawn(groups, "New links a second")
