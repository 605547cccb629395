"""Many wait for the same, and each may be cut short."""

from __future__ import annotations

import asyncio

import pytest

from graphql_api.waiting import Errand, Waiters


async def waiting(waiters: Waiters) -> asyncio.Task[None]:
    """One who waits by now."""
    task = asyncio.create_task(waiters.wait())
    await asyncio.sleep(0)
    return task


async def test_all_who_wait_are_woken_once() -> None:
    waiters = Waiters()
    before = await waiting(waiters)
    waiters.wake()
    after = await waiting(waiters)
    assert (before.done(), after.done()) == (True, False)
    after.cancel()


async def test_one_who_was_cut_short_holds_no_other_up_and_leaves_nothing_behind() -> None:
    waiters = Waiters()
    gone, here = await waiting(waiters), await waiting(waiters)
    gone.cancel()
    await asyncio.sleep(0)
    assert len(waiters) == 1
    waiters.wake()
    await here
    assert (gone.cancelled(), len(waiters)) == (True, 0)


async def test_an_errand_is_run_once_for_all() -> None:
    runs = []

    async def run() -> int:
        runs.append(1)
        await asyncio.sleep(0)
        return 7

    errand = Errand(run())
    assert await asyncio.gather(*(errand.result() for _ in range(3))) == [7, 7, 7]
    assert await errand.result() == 7
    assert runs == [1]


async def test_an_errand_goes_on_without_those_who_leave() -> None:
    may_end = asyncio.Event()

    async def run() -> str:
        await may_end.wait()
        return "done"

    errand = Errand(run())
    leaving, staying = (asyncio.create_task(errand.result()) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    may_end.set()
    assert await staying == "done"
    assert leaving.cancelled()


async def test_what_an_errand_raises_all_are_told() -> None:
    async def fail() -> None:
        raise ConnectionError

    errand = Errand(fail())
    told = await asyncio.gather(*(errand.result() for _ in range(2)), return_exceptions=True)
    assert [type(one) for one in told] == [ConnectionError, ConnectionError]
    with pytest.raises(ConnectionError):
        await errand.result()
