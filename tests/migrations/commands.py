"""The command `migrate` as an operator runs it: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 240.0
"""Seconds for six processes at once on a busy machine."""


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str


class Migrate:
    """One run."""

    def __init__(self, database_url: str) -> None:
        """Start it."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "graphql_api", "migrate"],
            cwd=ROOT,
            env=os.environ | {"PARTNER_API_DATABASE_URL": database_url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def end(self) -> Said:
        """Wait for it."""
        out, err = self.process.communicate(timeout=PATIENCE)
        return Said(self.process.returncode, out, err)
