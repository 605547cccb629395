"""Processes on a PostgreSQL, and a world in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.stage import Stage


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """Several processes share it."""
    return postgresql_url


@pytest.fixture
def stage(database_url: str, tmp_path: Path) -> Iterator[Stage]:
    """Where the test starts processes."""
    made = Stage(database_url, tmp_path)
    yield made
    made.end()
