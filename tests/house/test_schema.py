"""schema.graphql is what the code says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_schema_graphql_is_what_the_command_prints() -> None:
    command = [sys.executable, "-m", "graphql_api", "schema"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    kept = (ROOT / "schema.graphql").read_text("utf-8")
    assert printed.stdout.decode("utf-8") == kept, "renew it: ./dev schema > schema.graphql"
