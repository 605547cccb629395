"""Work that lasts only as long as somebody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from starlette.types import Receive

T = TypeVar("T")

PATIENCE: Final = 0.05
"""Seconds of work before it is worth looking whether somebody still waits for it."""


async def left(receive: Receive) -> None:
    """Return when the client of an HTTP request, whose body has been read, is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def while_present(work: Coroutine[Any, Any, T], receive: Receive) -> T | None:
    """The result of a request's work; or None where its client left before, and the work was cancelled."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None  # noqa: S101 - we are in one
    watching: list[asyncio.Task[None]] = []
    gone = False

    async def watch() -> None:
        nonlocal gone
        await left(receive)
        gone = True
        task.cancel()

    timer = loop.call_later(PATIENCE, lambda: watching.append(loop.create_task(watch())))
    try:
        return await work
    except asyncio.CancelledError:
        if gone and not task.uncancel():
            return None
        raise
    finally:
        timer.cancel()
        for watcher in watching:
            watcher.cancel()
        if watching:
            await asyncio.gather(*watching, return_exceptions=True)


async def unless(work: Coroutine[Any, Any, T], *ends: Coroutine[Any, Any, object]) -> T | None:
    """The work's result; or None where one of the ends came first, and the work was cancelled.

    When this returns, none of them is running any more.
    """
    working = asyncio.ensure_future(work)
    tasks: list[asyncio.Future[Any]] = [working, *(asyncio.ensure_future(end) for end in ends)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
