"""What happens to a partner, as somebody is told of it who follows.

What they did not ask for is passed over first: only for the rest it is worth asking who is asking.
"""

from __future__ import annotations

from contextlib import aclosing
from copy import copy
from typing import TYPE_CHECKING, Generic, TypeVar

from sqlalchemy import select

from graphql_api.models import rows
from graphql_api.models.client_error import NotFound

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Collection, Hashable
    from contextlib import AbstractAsyncContextManager
    from uuid import UUID

    from graphql_api.context import Context

T = TypeVar("T")


class Happenings(Generic[T]):
    """What is told to somebody who follows a partner: the source that subscriptions about it have in common.

    Its methods are those that an audience asks for (execution/audiences.py).
    """

    def __init__(
        self,
        context: Context,
        partner_id: UUID,
        after: str | None,
        told: Callable[[rows.PartnerEvent], T | None],
    ) -> None:
        """All that comes after the cursor, or from now on, and of which something is `told`."""
        self.event = told
        self.context = context
        self._partner_id = partner_id
        self._after = None if after is None else context.service.cursors.position(partner_id, after)
        self._feed = context.service.events
        viewer = context.viewer
        self._company = viewer.standing if viewer.partner_id == partner_id else None

    async def __aiter__(self) -> AsyncGenerator[T, None]:
        """What is told, as the viewer sees it at each moment, while they may see that partner."""
        async with self.place() as position, aclosing(self.seen(position)) as events:
            async for event in events:
                yield event

    def place(self) -> AbstractAsyncContextManager[int]:
        """The viewer's place among the followers."""
        return self._feed.place(self._partner_id, self._after)

    def moves(self, position: int) -> AsyncGenerator[rows.PartnerEvent, None]:
        """All that happens after a position."""
        return self._feed.rows(self._partner_id, position)

    async def seen(self, position: int) -> AsyncGenerator[T, None]:
        """What is told after a position, to the viewer alone."""
        async with aclosing(self.moves(position)) as moves:
            async for move in moves:
                if (event := self.event(move)) is not None:
                    await self.context.renew()
                    await check_partner(self.context, self._partner_id)
                    yield event

    def who(self) -> str:
        """The viewer's token."""
        assert self.context.bearer is not None  # noqa: S101 - it is how the viewer signed in
        return self.context.bearer

    def company(self) -> Hashable | None:
        """All of a partner's own who may do the same see the same; the vendor's staff, each by their assignments."""
        return self._company

    def apart(self) -> tuple[Happenings[T], Context]:
        """The same, in a context of its own."""
        other = copy(self)
        other.context = self.context.apart()
        return other, other.context

    async def admitted(self, tokens: Collection[str]) -> Collection[str]:
        """The tokens whose holders are of this company, by what the database says now.

        What follows is seen as one of them sees it.
        """
        found = await self.context.service.door.viewers(tokens)
        viewers = {token: found[token] for token in tokens if token in found}
        joined = [token for token, viewer in viewers.items() if viewer.standing == self._company]
        if joined:
            self.context.see_as(viewers[joined[0]])
        return joined


async def check_partner(context: Context, partner_id: UUID) -> None:
    """Whether the viewer works with this partner, or reads everything; with one's own there is nothing to ask.

    Raises:
        NotFound: neither.

    """
    if context.viewer.partner_id == partner_id:
        return
    seen = select(rows.Partner.id).where(
        rows.Partner.id == partner_id, context.sight.partners(rows.Partner.id)
    )
    async with context.database.read() as session:
        if await session.scalar(seen) is None:
            raise NotFound
