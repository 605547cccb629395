"""What NOTIFY costs: commits a second with its triggers and without, by writers who share no row.

PostgreSQL lets one transaction at a time commit that notifies, whatever it is about. Here everything is durable and on
disk, since that lock is held while the log is flushed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import asyncpg

from graphql_api.migrations.migrate import upgrade
from graphql_api.realtime.listening import STREAMS
from tests.faults.stage import Postgres, running

DURABLE = ("-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on")
WRITERS = (1, 8, 32)
LISTENERS = 4
"""Processes that hear all of it."""
FILL = """
    INSERT INTO streams (id, position, revision)
    SELECT md5(n::text)::uuid, 0, 0 FROM generate_series(0, 31) AS n
"""
WRITE = "UPDATE streams SET position = position + 1 WHERE id = md5(:client_id::text)::uuid;\n"
RATE = re.compile(r"tps = ([\d.]+) \(without")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How long it may take."""
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3, help="of which the median counts")


def run(chosen: argparse.Namespace) -> None:
    """Measure, and print the table."""
    with durable_postgres() as postgres:
        upgrade(postgres.url)
        rates = asyncio.run(_measured(postgres, chosen.seconds, chosen.rounds))
    print("| writers | with NOTIFY | without | |\n|---|---|---|---|")
    for writers in WRITERS:
        told, silent = (statistics.median(rates[writers, notifies]) for notifies in (True, False))
        print(f"| {writers} | {told:,.0f} | {silent:,.0f} | {told / silent:.0%} |")


@contextmanager
def durable_postgres() -> Iterator[Postgres]:
    """One that loses nothing, with its data on disk."""
    folder = Path(tempfile.mkdtemp(prefix="partner-api-", dir="/var/tmp"))
    try:
        with running(folder, *DURABLE) as made:
            yield made
    finally:
        shutil.rmtree(folder)


async def _measured(postgres: Postgres, seconds: int, rounds: int) -> dict[tuple[int, bool], list[float]]:
    """Both in turn, so that whatever else the machine does troubles both."""
    rates = defaultdict(list)
    async with AsyncExitStack() as stack:
        for _ in range(LISTENERS):
            listener = await asyncpg.connect(postgres.url)
            stack.push_async_callback(listener.close)
            await listener.add_listener(STREAMS, lambda *_word: None)
        connection = await asyncpg.connect(postgres.url)
        stack.push_async_callback(connection.close)
        await connection.execute(FILL)
        for writers, notifies in [
            (writers, way) for _ in range(rounds) for writers in WRITERS for way in (True, False)
        ]:
            verb = "ENABLE" if notifies else "DISABLE"
            await connection.execute(f"ALTER TABLE streams {verb} TRIGGER announce_stream")
            rate = await asyncio.to_thread(_rate, postgres, writers, seconds)
            rates[writers, notifies].append(rate)
            sys.stderr.write(f"{writers} writers, {verb}D: {rate:,.0f} a second\n")
    return rates


def _rate(postgres: Postgres, writers: int, seconds: int) -> float:
    """Commits a second."""
    script = postgres.folder / "write.sql"
    script.write_text(WRITE)
    pgbench = Path(postgres.command[0]).with_name("pgbench")
    many = ["-c", str(writers), "-T", str(seconds), "-n", "-M", "prepared", "-f", str(script)]
    where = ["-h", str(postgres.folder), "-U", "partner", "postgres"]
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own
        [pgbench, *many, *where], env=os.environ, capture_output=True, text=True, check=True
    )
    found = RATE.search(done.stdout)
    assert found, done.stdout  # noqa: S101 - its report
    return float(found[1])
