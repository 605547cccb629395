"""Noting when a token was last used, without making its bearer wait."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from graphql_api.models.by import By
from graphql_api.models.rows import ApiToken
from graphql_api.reading.absence import tell

if TYPE_CHECKING:
    from graphql_api.access.viewer import Viewer
    from graphql_api.database import Database

FINE = timedelta(minutes=5)
"""How finely the last use is told: a write for every request would cost more than it says."""


class TokenUse:
    """Notes uses in the background."""

    def __init__(self, database: Database) -> None:
        """`database` is where the tokens are."""
        self._database = database
        self._notes: dict[str, asyncio.Task[None]] = {}

    def note(self, viewer: Viewer) -> None:
        """The viewer's token was used now; nothing is written when that was said minutes ago."""
        token, now = viewer.token, self._database.clock()
        recent = token.last_used_at is not None and now - token.last_used_at < FINE
        if not recent and token.id.hex not in self._notes:
            task = asyncio.create_task(self._write(token))
            self._notes[token.id.hex] = task
            task.add_done_callback(lambda _: self._notes.pop(token.id.hex, None))

    async def finish(self) -> None:
        """Wait for what is being written."""
        await asyncio.gather(*self._notes.values())

    async def _write(self, token: ApiToken) -> None:
        try:
            async with self._database.write(By(None, "Clock")) as writing:
                used = update(ApiToken).where(ApiToken.id == token.id).values(last_used_at=writing.now)
                await writing.session.execute(used)
        except Exception as error:  # noqa: BLE001 - not worth an answer; the next use is noted again
            tell("use of a token not noted", error)
