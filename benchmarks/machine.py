"""What a benchmark ran on, and how much memory a process took."""

from __future__ import annotations

import os
import platform
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import sleep

MEBIBYTE = 2**20


def machine() -> str:
    """The processor, how many of them, the system and Python."""
    return f"{_processor()}, {os.cpu_count()} CPUs, {platform.system()}, Python {platform.python_version()}"


def peak_memory() -> float:
    """The most memory that this process has had at once so far, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage() counts what the parent had before the process became this program
        [peak] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(peak.split()[1]) / 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / MEBIBYTE


def conditions() -> str:
    """What a benchmark is about to run on, when, and how calm it is there; only Linux tells."""
    return f"{machine()}, {datetime.now(UTC):%d %B %Y}, its CPUs {busy():.0%} busy before the start."


def busy() -> float:
    """How much of the processors is at work for the next second, from 0 to 1."""
    first = _ticks()
    sleep(1)
    passed = [after - before for before, after in zip(first, _ticks(), strict=True)]
    idle = passed[3] + passed[4]  # and waiting for disks
    return 1 - idle / sum(passed)


def _ticks() -> list[int]:
    return [int(part) for part in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text().splitlines() if facts.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()
