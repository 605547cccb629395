"""A demo that was made once, and copies of it to run."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.demo.process import Demo, Surfaces, surfaces_of


@dataclass(frozen=True)
class FirstStart:
    """The demo's first start in an empty folder, stopped with Ctrl-C as soon as it was ready."""

    folder: Path
    facts: dict[str, Any]
    said: str
    complained: str
    exit_code: int


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstStart]:
    """Once for all tests."""
    demo = Demo(tmp_path_factory.mktemp("demo") / "with a space")
    try:
        facts = demo.wait_until_ready()
        exit_code = demo.stop()
        yield FirstStart(demo.folder, facts, demo.said(), demo.complained(), exit_code)
    finally:
        demo.end()


@pytest.fixture
def start() -> Iterator[Callable[..., Demo]]:
    """Starts a demo that ends with the test."""
    started: list[Demo] = []

    def start_one(folder: Path, **how: Any) -> Demo:
        started.append(Demo(folder, **how))
        return started[-1]

    yield start_one
    for demo in started:
        demo.end()


@pytest.fixture(scope="module")
def shared_demo(first_start: FirstStart, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A second start, for the tests of one file."""
    folder = tmp_path_factory.mktemp("shared") / "demo"
    shutil.copytree(first_start.folder, folder)
    demo = Demo(folder)
    try:
        demo.wait_until_ready()
        yield demo
    finally:
        demo.end()


@pytest.fixture
async def surfaces(shared_demo: Demo) -> AsyncIterator[Surfaces]:
    """What the demo shows."""
    async with surfaces_of(shared_demo.wait_until_ready()) as found:
        yield found
