"""Requests: this service and its peers on the same data, CPU a request and times, side by side."""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from random import Random
from time import sleep

from benchmarks.arena import Entrant, entrants
from benchmarks.arguments import names_of
from benchmarks.dashboards import PARTNERS, Dashboards, dashboards
from benchmarks.databases import Databases, filled_databases
from benchmarks.figures import Figures, medians
from benchmarks.load import Load, Plan
from benchmarks.load import run as keep_busy
from benchmarks.machine import conditions
from benchmarks.operations import OPERATIONS, Operation
from benchmarks.processes import can_measure, cpu_seconds, memory
from benchmarks.report import picture, report
from benchmarks.results import show
from benchmarks.sides import SIDES

CONNECTIONS = 16
WARMING_CPU_SECONDS = 5.0
"""What a server works before it is measured: some compile as they run. Seconds of its own, however busy the machine."""
WARMING_TURNS = 20
WARMING_SECONDS = 1.0
SETTLING_SECONDS = 0.3
"""For what the side before has left the database to do."""
MILLISECONDS = 1_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the benchmark takes."""
    parser.add_argument("--rounds", type=int, default=5, help="of each side in each operation (5)")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long a round is (5)")
    parser.add_argument("--sides", type=names_of(SIDES), default=[*SIDES], help=",".join(SIDES))
    parser.add_argument(
        "--operations", type=names_of(OPERATIONS), default=[*OPERATIONS], help=",".join(OPERATIONS)
    )
    parser.add_argument("--keep", action="store_true", help="write results/ even for a part of all")


def run(given: argparse.Namespace) -> None:
    """Measure, and print the tables; a run of everything is kept in benchmarks/results."""
    if not can_measure():
        print("this benchmark reads CPU and memory from /proc, which only Linux has")
        return
    before, made = conditions(), dashboards()
    with (
        filled_databases(made) as databases,
        entrants([SIDES[name] for name in given.sides], databases) as up,
    ):
        bench = _Bench(made, databases, up, given.rounds, given.seconds)
        found = {name: bench.measured(OPERATIONS[name]) for name in OPERATIONS if name in given.operations}
    whole = given.sides == [*SIDES] and given.operations == [*OPERATIONS]
    lines = report(found, up, before, rounds=given.rounds, seconds=given.seconds)
    show("requests", [*lines], picture(found), keep=whole or given.keep)


class _Bench:
    """Everything that is up, and how it is measured."""

    def __init__(
        self, made: Dashboards, databases: Databases, up: list[Entrant], rounds: int, seconds: float
    ) -> None:
        self._made = made
        self._databases = databases
        self._up = up
        self._rounds = rounds
        self._seconds = seconds
        self._random = Random()  # noqa: S311 - turns in no order

    def measured(self, operation: Operation) -> dict[str, Figures]:
        """The medians of every side that answers rightly, taking turns."""
        ready = [(entrant, requests) for entrant in self._up if (requests := self._ready(entrant, operation))]
        rounds: dict[str, list[Figures]] = {entrant.side.name: [] for entrant, _ in ready}
        with ProcessPoolExecutor(1, get_context("spawn")) as client:
            for entrant, requests in ready:
                _warm(client, entrant, self._plan(operation, entrant, requests, WARMING_SECONDS))
            for turn in range(self._rounds):
                for entrant, requests in self._random.sample(ready, len(ready)):
                    plan = self._plan(operation, entrant, requests, self._seconds)
                    rounds[entrant.side.name].append(self._round(client, entrant, plan))
                print(f"{operation.name}: round {turn + 1} of {self._rounds}", flush=True)
        return {name: medians(figures) for name, figures in rounds.items()}

    def _ready(self, entrant: Entrant, operation: Operation) -> list[bytes]:
        """The side's requests; none where it cannot be measured, and then it is said why."""
        name = entrant.side.name
        if operation.name in entrant.side.leaves_out:
            return []
        if wrong := entrant.check(operation, self._made):
            print(f"{operation.name}: {name} is left out, it answers wrongly: {wrong}", flush=True)
            return []
        requests = entrant.requests(operation, self._made)
        if not requests:
            print(f"{operation.name}: {name} is left out, its answers have no ETag", flush=True)
        return requests

    def _plan(self, operation: Operation, entrant: Entrant, requests: list[bytes], seconds: float) -> Plan:
        moved = entrant.url if operation.moves else None
        return Plan(entrant.running.port, requests, CONNECTIONS, seconds, moved, PARTNERS)

    def _round(self, client: ProcessPoolExecutor, entrant: Entrant, plan: Plan) -> Figures:
        """One side under load, with the CPU that it and the database took meanwhile."""
        sleep(SETTLING_SECONDS)
        server, database = entrant.running.process, self._databases.server
        worked, helped = cpu_seconds(server), cpu_seconds(database)
        load = client.submit(keep_busy, plan).result()
        worked, helped = cpu_seconds(server) - worked, cpu_seconds(database) - helped
        return _figures(load, worked, 0 if entrant.side.on_sqlite else helped, memory(server))


def _warm(client: ProcessPoolExecutor, entrant: Entrant, plan: Plan) -> None:
    until = cpu_seconds(entrant.running.process) + WARMING_CPU_SECONDS
    for _ in range(WARMING_TURNS):
        client.submit(keep_busy, plan).result()
        if cpu_seconds(entrant.running.process) >= until:
            return


def _figures(load: Load, server: float, database: float, held: float) -> Figures:
    if load.wrong:
        msg = f"{load.wrong} of {load.answered} answers were refusals"
        raise RuntimeError(msg)
    each = MILLISECONDS / load.answered
    return Figures(
        server=server * each,
        database=database * each,
        p50=load.p50 * MILLISECONDS,
        p99=load.p99 * MILLISECONDS,
        requests=load.answered / load.seconds,
        memory=held,
    )
