"""Work that lasts only as long as somebody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.types import Receive

T = TypeVar("T")


async def left(receive: Receive) -> None:
    """Return when the client of an HTTP request, whose body has been read, is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


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
