"""Who is asking."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from graphql_api.models.actor import Actor, ActorKind, Role
from graphql_api.models.api_token import ApiToken, Scope
from graphql_api.models.by import By
from graphql_api.reading.wall import EVERYTHING, Seen, only

if TYPE_CHECKING:
    from collections.abc import Hashable
    from collections.abc import Set as AbstractSet
    from datetime import date
    from uuid import UUID

WORKS_WITH_LINKS = {Scope.READ, Scope.LINKS_WRITE, Scope.RENEWALS_WRITE, Scope.DEALS_WRITE}


@dataclass(frozen=True)
class Viewer:
    """Somebody signed in, and what the token lets them do."""

    actor: Actor
    token: ApiToken
    revision: tuple[int, int] | None = None
    """Of what is seen of the viewer's partner, and of what all partners see, as the database told it with the rest."""
    looks_after: tuple[UUID, ...] = ()
    """The partners of one of the vendor's staff who does not see all; told on PostgreSQL alone, for the second wall."""

    today: date | None = None
    """The day, in UTC, on which that was told."""

    @cached_property
    def scopes(self) -> frozenset[Scope]:
        """The token's scopes, as far as the role still allows them."""
        return _allowed(tuple(self.token.scopes), *_standing(self.actor))

    def covers(self, token: ApiToken) -> bool:
        """Whether another token of the viewer's can do nothing that this one cannot, as far as the role allows."""
        return Viewer(self.actor, token).scopes <= self.scopes

    @property
    def partner_id(self) -> UUID | None:
        """The viewer's own partner; None on the vendor's side."""
        return self.actor.partner_id

    @property
    def is_vendor_side(self) -> bool:
        """The vendor's staff and machines."""
        return self.actor.partner_id is None

    @property
    def sees_everything(self) -> bool:
        """The vendor's admins and machines read all partners."""
        return self.is_vendor_side and (
            self.actor.kind is ActorKind.INTEGRATION or self.actor.role is Role.ADMIN
        )

    @cached_property
    def seen(self) -> Seen:
        """What the second wall lets the viewer see."""
        if self.sees_everything:
            return EVERYTHING
        partners = (self.partner_id,) if self.partner_id else self.looks_after
        return only(partners, self.actor.id)

    @cached_property
    def alike(self) -> Hashable | None:
        """The same for viewers to whom everything but themselves looks the same, until it changes.

        Only a partner's own have it: all that they see is one partner's, or all partners'.
        """
        if self.partner_id is None or self.revision is None:
            return None
        return self.standing, self.revision, self.today

    @property
    def standing(self) -> Hashable:
        """What a partner's own may see and do: the same for those to whom nothing but themselves looks different."""
        return self.partner_id, self.actor.role, _spelled(self.scopes)

    @property
    def by(self) -> By:
        """The viewer as the maker of a change."""
        return By(self.actor.id, self.actor.name)


def scopes_of(actor: Actor) -> AbstractSet[Scope]:
    """Every scope that the actor's role allows."""
    return _scopes(*_standing(actor))


def _standing(actor: Actor) -> tuple[ActorKind, Role | None, bool]:
    return actor.kind, actor.role, actor.partner_id is not None


def _scopes(kind: ActorKind, role: Role | None, is_partners: bool) -> AbstractSet[Scope]:  # noqa: FBT001
    if kind is ActorKind.INTEGRATION:
        return WORKS_WITH_LINKS if is_partners else {Scope.READ, Scope.CHECKOUT_WRITE, Scope.SYNC_WRITE}
    if role is Role.ADMIN:
        return WORKS_WITH_LINKS | {Scope.ADMIN} if is_partners else {Scope.READ, Scope.ADMIN}
    return {Scope.READ} if role is Role.RENEWAL_MANAGER else WORKS_WITH_LINKS


@lru_cache(maxsize=1_000)
def _allowed(names: tuple[str, ...], *standing: Any) -> frozenset[Scope]:
    return frozenset(map(Scope, names)) & _scopes(*standing)


@lru_cache(maxsize=1_000)
def _spelled(scopes: frozenset[Scope]) -> str:
    return " ".join(sorted(scopes))
