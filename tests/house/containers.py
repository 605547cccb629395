"""The Dockerfile and compose.yaml, read."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SECRETS = {"DATABASE_PASSWORD": "a1", "POSTGRES_PASSWORD": "b2", "SECRET_KEY": "c" * 32}
"""What compose.yaml cannot do without."""


def tool(name: str) -> str:
    """A program that a wheel brought, where there is one for this machine."""
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    if found is None:
        pytest.skip(f"{name} has no wheel for this machine")
    return found


@cache
def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, each on one line, without comments."""
    lines = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    joined = re.sub(r"\\\n\s*", "", lines).splitlines()
    return [(verb, rest) for verb, _, rest in (line.partition(" ") for line in joined) if verb]


def runtime(verb: str) -> list[str]:
    """What the last stage says by this instruction."""
    start = max(number for number, (name, _) in enumerate(instructions()) if name == "FROM")
    return [rest for name, rest in instructions()[start:] if name == verb]


def words(verb: str) -> list[str]:
    """The one array of words that the last stage gives, as in CMD ["serve"]."""
    [given] = runtime(verb)
    array: list[str] = json.loads(given[given.index("[") :])
    return array


def variables() -> dict[str, str]:
    """The environment of the image, its folders aside."""
    given = " ".join(runtime("ENV")).split()
    return dict(pair.split("=", 1) for pair in given)


def composing(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What docker compose makes of the file, by this environment alone."""
    command = [tool("docker-compose"), "--env-file", os.devnull, "config", "--format", "json"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@cache
def services() -> dict[str, Any]:
    """The services, with everything filled in."""
    done = composing(SECRETS)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)["services"]
    return found


def ours() -> dict[str, Any]:
    """Those that run our image."""
    return {name: service for name, service in services().items() if "build" in service}
