"""An environment without settings, and the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import pytest

from graphql_api.__main__ import main
from graphql_api.settings import PREFIX

Run = Callable[..., tuple[int, str, str]]
SECRET = "correct horse battery staple, and more"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing set but the secret."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv(f"{PREFIX}SECRET_KEY", SECRET)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command under settings: its exit code, and what it said on stdout and stderr."""

    def run_one(*command: str, **settings: str) -> tuple[int, str, str]:
        for name, value in settings.items():
            monkeypatch.setenv(PREFIX + name, value)
        monkeypatch.setattr(sys, "argv", ["partner-api", *command])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run_one
