"""Work lasts as long as somebody waits for it; a quick answer never looks whether somebody does."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from graphql_api.transport.presence import PATIENCE, while_present


class Client:
    """What a server knows of an HTTP client: when it leaves, and how often that was asked."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()
        self.asked = 0

    async def receive(self) -> dict[str, Any]:
        self.asked += 1
        await self.gone.wait()
        return {"type": "http.disconnect"}


async def _slow(ended: list[str]) -> str:
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        ended.append("cancelled")
        raise
    return "done"


async def _quick() -> str:
    await asyncio.sleep(0)
    return "done"


def _tasks() -> int:
    return len(asyncio.all_tasks())


async def test_a_quick_answer_never_looks_for_its_client() -> None:
    client, before = Client(), _tasks()
    assert await while_present(_quick(), client.receive) == "done"
    await asyncio.sleep(PATIENCE * 2)
    assert (client.asked, _tasks()) == (0, before)


async def test_a_slow_one_is_watched_and_its_answer_given() -> None:
    client, before = Client(), _tasks()
    assert await while_present(asyncio.sleep(PATIENCE * 3, "done"), client.receive) == "done"
    assert (client.asked, _tasks()) == (1, before)


async def test_slow_work_ends_with_its_client() -> None:
    client, before, ended = Client(), _tasks(), list[str]()
    asyncio.get_running_loop().call_later(PATIENCE * 2, client.gone.set)
    async with asyncio.timeout(5):
        assert await while_present(_slow(ended), client.receive) is None
    assert (ended, _tasks()) == (["cancelled"], before)
    task = asyncio.current_task()
    assert task
    assert task.cancelling() == 0
    await asyncio.sleep(0)  # nobody cancels what comes after


async def test_a_client_that_left_before_the_first_look_is_found_gone() -> None:
    client, ended = Client(), list[str]()
    client.gone.set()
    async with asyncio.timeout(5):
        assert await while_present(_slow(ended), client.receive) is None
    assert ended == ["cancelled"]


@pytest.mark.parametrize("gone", [False, True])
async def test_who_cancels_the_whole_request_cancels_it(gone: bool) -> None:  # noqa: FBT001
    client, ended = Client(), list[str]()
    request = asyncio.create_task(while_present(_slow(ended), client.receive))
    await asyncio.sleep(PATIENCE * 2)
    if gone:
        client.gone.set()
        await asyncio.sleep(0)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert ended == ["cancelled"]


async def test_what_goes_wrong_is_raised_and_leaves_nothing_behind() -> None:
    client, before = Client(), _tasks()

    async def broken() -> None:
        await asyncio.sleep(PATIENCE * 2)
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await while_present(broken(), client.receive)
    assert _tasks() == before


async def test_work_that_is_finished_elsewhere_is_not_waited_for() -> None:
    """As a mutation is: shielded, it goes on by itself."""
    client, done = Client(), asyncio.Event()

    async def mutation() -> None:
        await asyncio.sleep(PATIENCE * 4)
        done.set()

    async def shielded() -> str:
        await asyncio.shield(making)
        return "done"

    making = asyncio.create_task(mutation())
    asyncio.get_running_loop().call_later(PATIENCE * 2, client.gone.set)
    assert await while_present(shielded(), client.receive) is None
    assert not done.is_set()
    await making
    assert done.is_set()
