"""Where tokens are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiodataloader import DataLoader

from graphql_api.access.viewer import Viewer, viewers
from graphql_api.models.client_error import Unauthenticated

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

AT_ONCE = 500


class Door:
    """Tells who holds a token, looking anew each time.

    One statement answers all who ask at the same moment: at an event, every subscriber is looked at again.
    """

    def __init__(
        self, read: Callable[[], AbstractAsyncContextManager[AsyncSession]], clock: Callable[[], datetime]
    ) -> None:
        """One for a process; it asks the database, and the clock."""
        self._read = read
        self._clock = clock
        self._asked: DataLoader[str, Viewer] | None = None  # made within the server's loop

    async def viewer(self, secret: str) -> Viewer:
        """Who holds this token.

        Raises:
            Unauthenticated: unknown, expired or revoked, or its owner is no longer active.

        """
        self._asked = self._asked or DataLoader(self._look, cache=False, max_batch_size=AT_ONCE)
        return await self._asked.load(secret)

    async def _look(self, secrets: list[str]) -> list[Any]:
        """For each a viewer, or what is raised in its stead."""
        async with self._read() as session:
            found = await viewers(session, secrets, self._clock())
        return [viewer or Unauthenticated() for viewer in found]
