"""Who may ask for an operation. What a guard refuses is FORBIDDEN; without anybody signed in, UNAUTHENTICATED."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from graphql_api.models.actor import ActorKind, Role
from graphql_api.models.api_token import Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql_api.access.viewer import Viewer

    Guard = Callable[["Asked"], bool]


class Asked(Protocol):
    """What a guard looks at."""

    @property
    def viewer(self) -> Viewer:
        """Who is signed in."""


def anybody(_asked: Asked) -> bool:
    """In public: no token needed."""
    return True


def reader(asked: Asked) -> bool:
    """Whoever has scope READ."""
    return Scope.READ in asked.viewer.scopes


def vendor_side_reader(asked: Asked) -> bool:
    """The vendor's staff and machines, with scope READ."""
    return reader(asked) and asked.viewer.is_vendor_side


def link_writer(asked: Asked) -> bool:
    """A partner's own users and machines, its CAM and its PDM (B1), with scope LINKS_WRITE."""
    return Scope.LINKS_WRITE in asked.viewer.scopes


def deal_writer(asked: Asked) -> bool:
    """The same, with scope DEALS_WRITE."""
    return Scope.DEALS_WRITE in asked.viewer.scopes


def partner_deal_writer(asked: Asked) -> bool:
    """A partner's own users and machines, with scope DEALS_WRITE."""
    return deal_writer(asked) and not asked.viewer.is_vendor_side


def account_manager(asked: Asked) -> bool:
    """A CAM or PDM, with scope DEALS_WRITE."""
    roles = {Role.CHANNEL_ACCOUNT_MANAGER, Role.PARTNER_DEVELOPMENT_MANAGER}
    return deal_writer(asked) and asked.viewer.is_vendor_side and asked.viewer.actor.role in roles


def owner_writer(asked: Asked) -> bool:
    """A partner's own users and machines, its CAM and its PDM, with scope RENEWALS_WRITE (A4)."""
    return Scope.RENEWALS_WRITE in asked.viewer.scopes


def default_owner_writer(asked: Asked) -> bool:
    """A partner's admins, its CAM and its PDM, with scope RENEWALS_WRITE (A4)."""
    return owner_writer(asked) and (asked.viewer.is_vendor_side or asked.viewer.actor.role is Role.ADMIN)


def checkout(asked: Asked) -> bool:
    """The vendor's checkout: scope CHECKOUT_WRITE."""
    return Scope.CHECKOUT_WRITE in asked.viewer.scopes


def vendor_system(asked: Asked) -> bool:
    """The vendor's CRM and subscription systems: scope SYNC_WRITE."""
    return Scope.SYNC_WRITE in asked.viewer.scopes


def person(asked: Asked) -> bool:
    """A person, not a machine."""
    return asked.viewer.actor.kind is not ActorKind.INTEGRATION
