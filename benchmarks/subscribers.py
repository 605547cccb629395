"""Subscribers: one event to thousands of WebSockets, until the last has it, beside graphql-ws and plain Strawberry."""

from __future__ import annotations

import argparse
import resource
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from itertools import islice
from multiprocessing import get_context
from random import sample
from statistics import median
from uuid import UUID

from benchmarks.arena import entrants
from benchmarks.arguments import names_of
from benchmarks.broadcast import EVENTS, HEARD, Event, Heard, Plan
from benchmarks.broadcast import run as broadcast
from benchmarks.client import request_of
from benchmarks.dashboards import Dashboards, Firm, dashboards
from benchmarks.databases import Databases, filled_databases
from benchmarks.followers import Broken, Wanted
from benchmarks.machine import conditions
from benchmarks.operations import DOCUMENTS
from benchmarks.picture import drawn
from benchmarks.processes import can_measure
from benchmarks.results import show, table
from benchmarks.sides import PEERS, SECRET, SIDES, Side
from graphql_api.access.link_token import LinkTokens
from graphql_api.models.confirmation_link import LinkStatus
from graphql_api.models.node_id import NodeId, NodeKind

EVENT_SIDES = {
    side.name: side
    for side in (
        SIDES["ours"],
        SIDES["ours-sqlite"],
        SIDES["strawberry"],
        Side("graphql-ws", "graphql-ws on Node, waking in process", project=PEERS / "graphql_ws"),
    )
}
SIZES = [500, 2_000]
HEAD = (
    "side", "subscribers", "last delivery ms", "after the answer ms", "CPU µs a delivery", "KiB a subscriber",
    "client µs",
)  # fmt: skip

ABOUT = f"""{HEARD} events a series, a fresh server for each series, medians. The last delivery counts from the sending
of the mutation that makes the event; the mutation's own CPU, as it is without subscribers, is taken off. The client's
own CPU a delivery is there to show that it holds nobody up."""

Found = dict[tuple[str, int], list[Heard]]
"""By side and number of subscribers, each round's."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the benchmark takes."""
    parser.add_argument("--subscribers", type=int, nargs="+", default=SIZES, help="500 and 2000")
    parser.add_argument("--rounds", type=int, default=3, help="each with a fresh server (3)")
    parser.add_argument(
        "--sides", type=names_of(EVENT_SIDES), default=[*EVENT_SIDES], help=",".join(EVENT_SIDES)
    )
    parser.add_argument("--keep", action="store_true", help="write results/ even for a part of all")


def run(given: argparse.Namespace) -> None:
    """Measure, and print the table; a run of everything is kept in benchmarks/results."""
    if not can_measure():
        print("this benchmark reads CPU and memory from /proc, which only Linux has")
        return
    _allow_many_files()
    before, made = conditions(), dashboards()
    stories, found = _stories(made), Found()
    with filled_databases(made) as databases:
        for turn in range(given.rounds):
            for size in given.subscribers:
                for name in sample(given.sides, len(given.sides)):
                    _measure(EVENT_SIDES[name], databases, size, stories, found)
            print(f"round {turn + 1} of {given.rounds}", flush=True)
    whole = given.sides == [*EVENT_SIDES] and given.subscribers == SIZES
    show("subscribers", [*_report(found, before)], _picture(found), keep=whole or given.keep)


def _allow_many_files() -> None:
    """A socket is a file; the servers inherit what is allowed here."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _stories(made: Dashboards) -> Iterator[tuple[Firm, list[Event]]]:
    """Enough events for one series after another, each of one partner: every link is decided once."""
    for firm in made.firms:
        pending = iter([link for link in firm.links if link["status"] is LinkStatus.PENDING])
        while len(some := [*islice(pending, EVENTS)]) == EVENTS:
            yield firm, [_event(link["id"]) for link in some]


def _event(link_id: UUID) -> Event:
    """The client confirms, by the link's token."""
    token = LinkTokens(SECRET.encode(), "").token_of(link_id)
    answer = {"token": token, "name": "Bea", "email": "bea@client.example", "seenVersion": 1}
    document = (DOCUMENTS / "confirm.graphql").read_text()
    news = str(NodeId(NodeKind.CONFIRMATION_LINK, link_id)).encode()
    return Event(request_of(document, "", {"input": answer}), news)


def _measure(
    side: Side, databases: Databases, size: int, stories: Iterator[tuple[Firm, list[Event]]], found: Found
) -> None:
    """One series on a fresh server, by a client of its own."""
    firm, events = next(stories)
    with entrants([side], databases) as up, ProcessPoolExecutor(1, get_context("spawn")) as client:
        for one in up:
            wanted = Wanted(one.running.port, firm.secret, side.document("status"))
            plan = Plan(wanted, size, one.running.process, events)
            try:
                heard = client.submit(broadcast, plan).result()
            except Broken as broken:
                print(f"{side.name} with {size}: {broken}\n{one.running.printed()}", flush=True)
            else:
                found.setdefault((side.name, size), []).append(heard)


def _report(found: Found, before: str) -> Iterator[str]:
    yield from ("# Subscribers", "", before, *ABOUT.splitlines(), "")
    yield from table(HEAD, _rows(found))


def _rows(found: Found) -> Iterator[list[str]]:
    for (name, size), series in sorted(found.items(), key=lambda item: (item[0][1], item[0][0])):
        figures = [_median(series, part.name) for part in fields(Heard)]
        yield [name, str(size), *(f"{value:.1f}" for value in figures)]


def _picture(found: Found) -> str:
    groups: dict[str, dict[str, tuple[float]]] = {}
    for size in sorted({size for _, size in found}):
        for part, says in (
            ("from_sending", "ms until the last delivery"),
            ("cpu_a_delivery", "CPU µs a delivery"),
        ):
            groups[f"{size} subscribers: {says}"] = {
                name: (_median(series, part),) for (name, many), series in found.items() if many == size
            }
    return drawn(groups, "One event to many subscribers")


def _median(series: list[Heard], part: str) -> float:
    return float(median(getattr(one, part) for one in series))
