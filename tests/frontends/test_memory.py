"""What an operation loaded is freed as it ends, without waiting for the garbage collector."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from graphql_api import collector
from graphql_api.dataloaders.loaders import Loaders
from tests.api import Api
from tests.factories import World
from tests.frontends.crowd import crowd
from tests.frontends.test_statements import ask

PYTHONS_OWN = (700, 10, 10)


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Without a garbage collector, of which the other tests are to notice nothing."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("name", ["dashboard", "clients", "deal"])
async def test_an_operation_lets_go_of_what_it_loaded(api: Api, world: World, name: str) -> None:
    made = await crowd(world, 3)
    await ask(api, world, made, name)
    before = _loaders()
    for _ in range(3):
        await ask(api, world, made, name)
    assert _loaders() <= before


def test_the_collector_looks_less_often_once_it_is_tuned() -> None:
    before = gc.get_threshold()
    try:
        gc.unfreeze()
        gc.set_threshold(*PYTHONS_OWN)
        collector.tune()
        assert gc.get_threshold() > PYTHONS_OWN
        assert gc.get_freeze_count() > 0
    finally:
        gc.set_threshold(*before)


@pytest.mark.usefixtures("uncollected")
def test_a_collector_that_rested_while_all_was_loaded_works_again() -> None:
    collector.tune()
    assert gc.isenabled()


def _loaders() -> int:
    return sum(isinstance(one, Loaders) for one in gc.get_objects())
