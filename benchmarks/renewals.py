"""Deciding renewal notices: how many a second, out of how many renewals, on both databases."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import make_url, text

from benchmarks.machine import machine, peak_memory
from benchmarks.renewal_data import Shape, build
from graphql_api.actions.renewal_notices import due, due_places
from graphql_api.database import Database
from graphql_api.jobs.notices import FOUND_AT_ONCE, decide_due
from graphql_api.logs import configure_logs
from graphql_api.migrations.migrate import upgrade
from graphql_api.settings import Settings, read_settings
from tests.postgresql import connected, own_server


@dataclass(frozen=True)
class Figures:
    """What was measured. Times in seconds, memory in MiB."""

    found: float
    """Finding all that is due, without deciding."""
    decided: int
    deciding: float
    computing: float
    """Of `deciding`, what this process itself worked: on a busy machine it waits for its turn besides."""
    idle: float
    """A look of the clock when nothing is due any more."""
    memory_before: float
    memory_after: float
    plan: list[str]
    """How the database looks for what is due."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the benchmark takes."""
    parser.add_argument("--renewals", type=int, default=1_000_000, help="how many there are (1000000)")
    parser.add_argument("--due", type=int, default=10_000, help="how many of them are due (10000)")
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="one database instead of both")


def run(given: argparse.Namespace) -> None:
    """Build, decide, and print the table."""
    shape = Shape(given.renewals, given.due, read_settings().milestones)
    found = {}
    for name, database in (("sqlite", _sqlite), ("postgresql", _postgresql)):
        if given.only in {None, name}:
            with database() as url:
                found[name] = _measured(name, url, shape)
    _print(shape, found)


def _measured(name: str, url: str, shape: Shape) -> Figures:
    started = perf_counter()
    upgrade(url)
    # Each in a process of its own: building takes memory that deciding shall not be blamed for.
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        process.submit(_build, url, shape).result()
    print(f"{name}: {shape.renewals:,} renewals made in {perf_counter() - started:.0f} s", flush=True)
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(_decide, url).result()


def _build(url: str, shape: Shape) -> None:
    asyncio.run(build(url, shape))


def _decide(url: str) -> Figures:
    settings = read_settings(database_url=url)
    configure_logs(settings)
    logging.getLogger().setLevel(logging.WARNING)
    return asyncio.run(_timed(Database(url), settings))


async def _timed(database: Database, settings: Settings) -> Figures:
    await _find(database, settings, 1)
    before = peak_memory()
    found, _ = await _seconds(_find(database, settings, FOUND_AT_ONCE))
    worked = process_time()
    deciding, decided = await _seconds(decide_due(database, settings))
    computing = process_time() - worked
    idle, _ = await _seconds(decide_due(database, settings))
    after, plan = peak_memory(), await _plan(database, settings)
    await database.close()
    return Figures(found, decided, deciding, computing, idle, before, after, plan)


async def _seconds(work: Coroutine[Any, Any, int]) -> tuple[float, int]:
    started = perf_counter()
    result = await work
    return perf_counter() - started, result


async def _find(database: Database, settings: Settings, at_once: int) -> int:
    """The first due of each milestone, so many."""
    today, found = database.clock().date(), 0
    async with database.read() as session:
        for milestone in settings.milestones:
            found += len(await due_places(session, milestone, today, None, at_once))
    return found


async def _plan(database: Database, settings: Settings) -> list[str]:
    wanted = due(settings.milestones[0], database.clock().date(), None, FOUND_AT_ONCE)
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    async with database.read() as session:
        written = wanted.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        steps = await session.execute(text(f"{explain} {written}"))
        return [str(step[-1]) for step in steps]


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/renewals.db"


@contextmanager
def _postgresql() -> Iterator[str]:
    url = os.environ.get("TEST_DATABASE_URL")
    with connected(make_url(url)) if url else own_server() as server, server.database() as name:
        yield server.url_of(name)


def _print(shape: Shape, found: dict[str, Figures]) -> None:
    print(f"\n{machine()}\n{shape.renewals:,} renewals, {shape.due:,} due\n")
    lines: dict[str, Callable[[Figures], str]] = {
        "notices decided": lambda figures: f"{figures.decided:,}",
        "decisions a second": lambda figures: f"{figures.decided / figures.deciding:,.0f}",
        "seconds to decide all": lambda figures: f"{figures.deciding:.1f}",
        "of these, its own CPU's": lambda figures: f"{figures.computing:.1f}",
        "seconds of the due queries": lambda figures: f"{figures.found:.3f}",
        "seconds of a look, none due": lambda figures: f"{figures.idle:.3f}",
        "peak memory before, MiB": lambda figures: f"{figures.memory_before:.0f}",
        "peak memory after, MiB": lambda figures: f"{figures.memory_after:.0f}",
    }
    for name, figures in found.items():
        print(name, *figures.plan, sep="\n    ")
    print(f"\n{'':30}" + "".join(f"{name:>14}" for name in found))
    for says, shown in lines.items():
        print(f"{says:30}" + "".join(f"{shown(figures):>14}" for figures in found.values()))
