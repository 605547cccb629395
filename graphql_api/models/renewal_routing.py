"""Who receives a renewal notice, and why: one pure function, for preview and sender alike (A7-A19, C6-C10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql_api.models.actor import Locale
from graphql_api.models.client import ContactRole
from graphql_api.models.renewal_ownership import RenewalOwner

if TYPE_CHECKING:
    from graphql_api.models.actor import Actor
    from graphql_api.models.client import ClientContact


class RecipientRole(StrEnum):
    """As what somebody receives a notice."""

    PRIMARY = "PRIMARY"
    BILLING = "BILLING"
    DECISION_MAKER = "DECISION_MAKER"
    POINT_OF_CONTACT = "POINT_OF_CONTACT"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody with a mailbox, and as what they receive the notice."""

    name: str
    email: str
    roles: tuple[RecipientRole, ...]
    locale: Locale = Locale.EN

    def as_data(self) -> dict[str, Any]:
        """As it is frozen in the notice's record (C11)."""
        return {"name": self.name, "email": self.email, "roles": list(self.roles), "locale": self.locale}

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> Recipient:
        """Out of the notice's record."""
        roles = tuple(RecipientRole(role) for role in data["roles"])
        return cls(data["name"], data["email"], roles, Locale(data["locale"]))


class Contact(NamedTuple):
    """A client's contact, as far as it comes into it."""

    name: str
    email: str
    locale: Locale
    roles: Sequence[ContactRole]


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who may come into it; users of the partner who are no longer active among them."""

    contacts: Sequence[Contact | ClientContact]
    point_of_contact: Actor | None = None
    default_point_of_contact: Actor | None = None
    admins: Sequence[Actor] = ()


@dataclass(frozen=True, slots=True)
class Routing:
    """Who gets a notice, who does not, and why."""

    to: tuple[Recipient, ...] = ()
    cc: tuple[Recipient, ...] = ()
    suppressed: tuple[Recipient, ...] = ()
    told: tuple[Actor, ...] = field(default=())
    """The partner's users among the recipients, who are told in the application too."""
    explanation: str = ""


def route(owner: RenewalOwner, people: People) -> Routing:
    """Who receives a notice or a reminder under that owner; nobody at all is recorded as NO_RECIPIENTS (C10)."""
    contacts = _merged(_of_contacts(people.contacts))
    acting, why = _acting(people)
    partner_side = _merged(_as_contact(user) for user in acting)
    if owner is RenewalOwner.PARTNER:
        return Routing(
            to=partner_side,
            suppressed=_without(contacts, partner_side),
            told=tuple(acting),
            explanation=f"The partner owns this renewal. {why}",
        )
    if not contacts:
        says = "HubSpot owns this renewal, but the client has no contact to send to: nobody is mailed."
        return Routing(suppressed=partner_side, explanation=says)
    copied = people.point_of_contact if _is_active(people.point_of_contact) else None
    everybody = _merged([*contacts, *([_as_contact(copied)] if copied else [])])
    to, cc = everybody[: len(contacts)], everybody[len(contacts) :]
    return Routing(
        to=to,
        cc=cc,
        suppressed=_without(partner_side, everybody),
        told=(copied,) if copied else (),
        explanation=f"HubSpot owns this renewal and writes to the client's contacts. {_copied(people)}",
    )


def _acting(people: People) -> tuple[list[Actor], str]:
    """Who acts for the partner: the point of contact, else the default's, else the partner's admins (C9)."""
    named, default = people.point_of_contact, people.default_point_of_contact
    if named is not None and named.is_active:
        return [named], f"{named.name}, its point of contact, is asked to act."
    gone = (
        f"{named.name}, its point of contact, is no longer active"
        if named
        else "No point of contact is named"
    )
    if default is not None and default.is_active:
        return [default], f"{gone}; {default.name}, the default's point of contact, is asked to act."
    admins = [admin for admin in people.admins if admin.is_active]
    asked = "the partner's admins are" if admins else "and nobody else can be"
    return admins, f"{gone}; {asked} asked to act."


def _copied(people: People) -> str:
    contact = people.point_of_contact
    if contact is None:
        return "Nobody of the partner is copied."
    return f"{contact.name} is {'copied' if contact.is_active else 'no longer active and not copied'}."


def _is_active(user: Actor | None) -> bool:
    return user is not None and user.is_active


def _of_contacts(contacts: Iterable[Contact | ClientContact]) -> list[Recipient]:
    """Those with a role, the primary contact first (A7)."""
    order = list(ContactRole)
    found = [
        Recipient(one.name, one.email, tuple(RecipientRole(role) for role in one.roles), one.locale)
        for one in contacts
        if one.roles
    ]
    return sorted(found, key=lambda one: (order.index(ContactRole(one.roles[0])), one.email))


def _as_contact(user: Actor) -> Recipient:
    return Recipient(user.name, user.email or "", (RecipientRole.POINT_OF_CONTACT,), user.locale)


def _merged(recipients: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """Each mailbox once, with all the roles that it is reached in (C10)."""
    found: dict[str, Recipient] = {}
    for one in recipients:
        known = found.setdefault(one.email, one)
        found[one.email] = replace(known, roles=tuple(dict.fromkeys([*known.roles, *one.roles])))
    return tuple(found.values())


def _without(recipients: Iterable[Recipient], others: Iterable[Recipient]) -> tuple[Recipient, ...]:
    reached = {other.email for other in others}
    return tuple(one for one in recipients if one.email not in reached)
