"""The README's walk, done as a newcomer does it: every block, in order, in one shell, beside a running demo."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from doctest import ELLIPSIS, OutputChecker
from pathlib import Path

import pytest

from tests.demo.process import Demo
from tests.docs.readme import ROOT, steps

MARK = "=== the next block ==="
PATIENCE = 300
TOOLS = ["bash", "curl", "python3"]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    running = Demo(tmp_path / "demo")
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.end()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with what the walk uses of the project, so that its own files land nowhere else."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for name in ("docs", "examples"):
        (folder / name).symlink_to(ROOT / name)
    dev = folder / "dev"
    dev.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m graphql_api "$@"\n', "utf-8")
    dev.chmod(0o755)
    return folder


def script() -> str:
    blocks = [f"{step.shell}echo '{MARK}'" for step in steps()]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return "\n".join(["set -e", *blocks]).replace("8001", str(port))


def says(shown: str, printed: str) -> bool:
    """Whether it was printed as shown, where … stands for anything and white space does not count."""
    wanted, got = ("".join(text.split()) for text in (shown.replace("…", "..."), printed))
    return OutputChecker().check_output(wanted, got, ELLIPSIS)


def walk(folder: Path, demo: Demo) -> tuple[int, str, str]:
    """Do it all; the exit code, and what was printed and complained of. Nothing that was started goes on."""
    out, err = folder / "out", folder / "err"
    bash = [shutil.which("bash") or "bash", "-c", script()]
    environment = os.environ | {"DEMO": str(demo.folder)}
    with out.open("wb") as to_out, err.open("wb") as to_err:
        shell = subprocess.Popen(
            bash, cwd=folder, env=environment, stdout=to_out, stderr=to_err, start_new_session=True
        )
        try:
            code = shell.wait(PATIENCE)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)
    return code, out.read_text("utf-8"), err.read_text("utf-8")


@pytest.mark.skipif(not all(map(shutil.which, TOOLS)), reason=f"the walk needs {', '.join(TOOLS)}")
def test_every_block_prints_what_the_readme_shows(demo: Demo, checkout: Path) -> None:
    code, printed, complained = walk(checkout, demo)
    answers = printed.split(f"{MARK}\n")
    for step, got in zip(steps(), answers, strict=False):
        assert step.prints is None or says(step.prints, got), f"{step.shell}\nprinted\n{got}\n{complained}"
    assert code == 0, complained
    assert len(answers) == len(steps()) + 1


def test_another_answer_would_be_seen() -> None:
    assert says('{"id": "…",\n "status": "PENDING"}\n', '{"id": "a", "status": "PENDING"}\n')
    assert not says('{"id": "…", "status": "PENDING"}\n', '{"id": "a", "status": "CONFIRMED"}\n')
