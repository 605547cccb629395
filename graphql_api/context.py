"""What a resolver receives: who asks, the database, the loaders, and the service's own parts."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from graphql_api.access.sight import Sight
from graphql_api.database import View
from graphql_api.dataloaders.loaders import Loaders
from graphql_api.models.client_error import Forbidden, Unauthenticated
from graphql_api.models.node_id import NOWHERE
from graphql_api.reading.wall import NOTHING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Hashable
    from datetime import date, datetime, timedelta
    from uuid import UUID

    from graphql_api.access.door import Door
    from graphql_api.access.link_token import LinkTokens
    from graphql_api.access.viewer import Viewer
    from graphql_api.database import Database, Writing
    from graphql_api.models.by import By
    from graphql_api.models.notification import Notification
    from graphql_api.models.renewal_notice import Milestone
    from graphql_api.models.stream import PartnerEvent
    from graphql_api.realtime.cursor import Cursors
    from graphql_api.realtime.feed import Feed


OF_VIEWER = frozenset({"sight", "database", "loaders"})
"""What a context makes for its viewer, when it is asked for."""


@dataclass(frozen=True, slots=True)
class Service:
    """The parts that all requests of a process share."""

    database: Database
    door: Door
    link_tokens: LinkTokens
    cursors: Cursors
    events: Feed[PartnerEvent]
    notifications: Feed[Notification]
    milestones: list[Milestone]
    keys_kept: timedelta
    """How long an idempotency key is answered for."""


class Context:
    """One operation's context. A subscription renews it at each delivery."""

    def __init__(
        self, service: Service, secret: str | None, viewer: Viewer | None, idempotency_key: str | None = None
    ) -> None:
        """`secret` is the bearer token that was presented, if any, and `viewer` whose it is."""
        self.service = service
        self.idempotency_key = idempotency_key
        self.bearer = secret
        self._viewer = viewer
        self._kept_to: Callable[[Context], bool] | None = None

    @property
    def viewer(self) -> Viewer:
        """Who is signed in.

        Raises:
            Unauthenticated: nobody.

        """
        if self._viewer is None:
            raise Unauthenticated
        return self._viewer

    @cached_property
    def sight(self) -> Sight:
        """What the viewer can see."""
        return Sight(self._viewer)

    @cached_property
    def database(self) -> View:
        """The database as the viewer sees it."""
        return _view_of(self.service.database, self._viewer)

    @cached_property
    def loaders(self) -> Loaders:
        """What is loaded, and remembered, for the viewer."""
        return Loaders(self.database, self.sight)

    @property
    def now(self) -> datetime:
        """What time it is, in UTC."""
        return self.service.database.clock()

    @property
    def today(self) -> date:
        """The day it is, in UTC (C12)."""
        return self.now.date()

    @property
    def is_signed_in(self) -> bool:
        """Whether anybody is."""
        return self._viewer is not None

    @property
    def asker(self) -> Hashable:
        """Who asks: some answers are about them."""
        return self._viewer and self._viewer.actor.id

    @property
    def seen_by(self) -> Hashable | None:
        """What an answer depends on beside the question and the asker in person: what they may do and saw change.

        That is as it stood when the viewer was looked up. Only a partner's own have it.
        """
        return self._viewer and self._viewer.alike

    @asynccontextmanager
    async def write(self, by: By | None = None) -> AsyncIterator[Writing]:
        """One transaction, made by the viewer; or by whoever is named, who holds a secret and sees what it opens.

        What was loaded before it is forgotten.
        """
        database = self.service.database.write(by) if by else self.database.write(self.viewer.by)
        writing = None
        try:
            async with database as writing:
                yield writing
        finally:
            self.loaders.forget()
            if writing and writing.touches_all:
                self.sight.common_revision = None
            self.database.changed()

    def keep_to(self, allowed: Callable[[Context], bool]) -> None:
        """Serve whom this allows, and no longer than it does: it is asked again at each renewal.

        Raises:
            Forbidden: it does not.

        """
        self._kept_to = allowed
        if not allowed(self):
            raise Forbidden

    async def renew(self) -> None:
        """Look again who holds the token, what they may do and what they see now, with nothing remembered.

        Raises:
            Unauthenticated: the token is no longer valid.
            Forbidden: what the context is kept to is no longer allowed.

        """
        viewer = self._viewer if self.bearer is None else await self.service.door.viewer(self.bearer)
        self.see_as(viewer)
        if self._kept_to and not self._kept_to(self):
            raise Forbidden

    def see_as(self, viewer: Viewer | None) -> None:
        """Be this viewer's from now on, with nothing remembered."""
        self.done()
        self._viewer = viewer
        for made in OF_VIEWER & vars(self).keys():
            delattr(self, made)

    def apart(self) -> Context:
        """Another of the same bearer."""
        return Context(self.service, self.bearer, self._viewer)

    def done(self) -> None:
        """Forget what was loaded: pages know how to count themselves, and so keep all of it in a cycle."""
        if "loaders" in vars(self):
            self.loaders.forget()

    def cursor(self, partner_id: UUID, position: int) -> str:
        """The cursor of a position in the partner's stream."""
        return self.service.cursors.at(partner_id, position)


def _view_of(database: Database, viewer: Viewer | None) -> View:
    """What the viewer sees of the database. The vendor's side reads all partners': no one revision tells of those."""
    if viewer is None:
        return View(database, NOTHING)
    if viewer.partner_id is None or viewer.revision is None:
        return View(database, viewer.seen)
    own, common = viewer.revision
    return View(database, viewer.seen, {viewer.partner_id: own, NOWHERE: common})


async def context_for(service: Service, secret: str | None, idempotency_key: str | None = None) -> Context:
    """The context of an operation, for the bearer of the token; without one, of somebody unknown.

    Raises:
        Unauthenticated: the token is not valid.

    """
    viewer = None if secret is None else await service.door.viewer(secret)
    return Context(service, secret, viewer, idempotency_key)
