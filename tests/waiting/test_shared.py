"""Those who ask key by key in one turn of the loop ask together, and each may be cut short."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from graphql_api.dataloaders.loaders import Shared


class Asked:
    """Answers each key with its double, and keeps what it was asked for at once."""

    def __init__(self) -> None:
        self.at_once: list[list[int]] = []

    async def __call__(self, keys: Sequence[int]) -> list[int]:
        self.at_once.append(list(keys))
        await asyncio.sleep(0)
        if 0 in keys:
            raise ZeroDivisionError
        return [2 * key for key in keys]


async def test_who_asks_in_one_turn_asks_together() -> None:
    asked = Asked()
    shared = Shared(asked)
    assert await asyncio.gather(shared.load(1), shared.load_many([2, 1]), shared.load(3)) == [2, [4, 2], 6]
    assert await shared.load(1) == 2
    assert [sorted(keys) for keys in asked.at_once] == [[1, 2, 3], [1]]


async def test_who_is_cut_short_takes_nothing_from_the_others() -> None:
    shared = Shared(Asked())
    gone, here = (asyncio.ensure_future(shared.load(key)) for key in (1, 2))
    await asyncio.sleep(0)
    gone.cancel()
    assert await here == 4


async def test_what_goes_wrong_is_told_to_all_and_not_kept() -> None:
    shared = Shared(Asked())
    failed = await asyncio.gather(shared.load(0), shared.load(1), return_exceptions=True)
    assert [type(one) for one in failed] == [ZeroDivisionError] * 2
    assert await shared.load(1) == 2


async def test_who_never_waits_leaves_nothing_behind() -> None:
    shared = Shared(Asked())
    shared.load(1)
    with pytest.raises(ZeroDivisionError):
        await shared.load(0)
