"""Who may ask for an operation. What a guard refuses is FORBIDDEN; without anybody signed in, UNAUTHENTICATED."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from graphql_api.models.actor import ACCOUNT_MANAGERS, ActorKind, Role
from graphql_api.models.api_token import Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql_api.access.viewer import Viewer

    Guard = Callable[["SignedIn"], bool]


class SignedIn(Protocol):
    """What a guard looks at."""

    @property
    def viewer(self) -> Viewer:
        """Who is signed in."""


def anybody(_who: SignedIn) -> bool:
    """In public: no token needed."""
    return True


def signed_in(who: SignedIn) -> bool:
    """Whoever has a token."""
    return bool(who.viewer)


def reader(who: SignedIn) -> bool:
    """Whoever has scope READ."""
    return Scope.READ in who.viewer.scopes


def vendor_side_reader(who: SignedIn) -> bool:
    """The vendor's staff and machines, with scope READ."""
    return reader(who) and who.viewer.is_vendor_side


def link_writer(who: SignedIn) -> bool:
    """A partner's own users and machines, its CAM and its PDM (B1), with scope LINKS_WRITE."""
    return Scope.LINKS_WRITE in who.viewer.scopes


def deal_writer(who: SignedIn) -> bool:
    """The same, with scope DEALS_WRITE."""
    return Scope.DEALS_WRITE in who.viewer.scopes


def partner_deal_writer(who: SignedIn) -> bool:
    """A partner's own users and machines, with scope DEALS_WRITE."""
    return deal_writer(who) and not who.viewer.is_vendor_side


def account_manager(who: SignedIn) -> bool:
    """A CAM or PDM, with scope DEALS_WRITE."""
    return deal_writer(who) and who.viewer.is_vendor_side and who.viewer.actor.role in ACCOUNT_MANAGERS


def owner_writer(who: SignedIn) -> bool:
    """A partner's own users and machines, its CAM and its PDM, with scope RENEWALS_WRITE (A4)."""
    return Scope.RENEWALS_WRITE in who.viewer.scopes


def owner_reader(who: SignedIn) -> bool:
    """Whoever reads or sets renewal owners: who sets one names the version that it replaces (D4)."""
    return reader(who) or owner_writer(who)


def default_owner_writer(who: SignedIn) -> bool:
    """A partner's admins, its CAM and its PDM, with scope RENEWALS_WRITE (A4)."""
    return owner_writer(who) and (who.viewer.is_vendor_side or who.viewer.actor.role is Role.ADMIN)


def checkout(who: SignedIn) -> bool:
    """The vendor's checkout: scope CHECKOUT_WRITE."""
    return Scope.CHECKOUT_WRITE in who.viewer.scopes


def vendor_system(who: SignedIn) -> bool:
    """The vendor's CRM and subscription systems: scope SYNC_WRITE."""
    return Scope.SYNC_WRITE in who.viewer.scopes


def person(who: SignedIn) -> bool:
    """A person, not a machine."""
    return who.viewer.actor.kind is not ActorKind.INTEGRATION
