"""Whose notices would reach somebody else under another default (D5), for many partners at once.

A client's routing depends on its contacts only in which of the partner's mailboxes are among them, and whether there
are others: an example of each combination that occurs answers for all the clients that have it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from graphql_api.models import rows
from graphql_api.models.actor import Locale
from graphql_api.models.client import ContactRole
from graphql_api.models.renewal_ownership import RenewalOwner
from graphql_api.models.renewal_routing import Contact, People, route

SOMEBODY = ""
"""The mailbox of a contact that is none of the partner's."""

Combination = frozenset[str]


class Sides(NamedTuple):
    """Who may come into notices of one partner, today and then, but for its clients' contacts."""

    today: tuple[RenewalOwner, People]
    then: tuple[RenewalOwner, People]

    @property
    def mailboxes(self) -> set[str]:
        """Those of the partner's own that either would have written to."""
        return {email for side in self for email, _ in _reached(*side, [SOMEBODY])} - {SOMEBODY}

    def differ(self, emails: Combination) -> bool:
        """Whether a client with just these contacts would have others written to."""
        before, after = (_reached(*side, emails) for side in self)
        return before != after

    def condition(self, combinations: list[Combination]) -> ColumnElement[bool]:
        """A client's contacts are one of the combinations."""
        own = sorted(self.mailboxes)
        marks = {email: _has_contact(rows.ClientContact.email == email) for email in own}
        marks[SOMEBODY] = _has_contact(rows.ClientContact.email.not_in(own))
        return or_(
            false(),
            *(
                and_(*(mark if email in one else ~mark for email, mark in marks.items()))
                for one in combinations
            ),
        )


async def combinations_of(
    session: AsyncSession, sides: Mapping[UUID, Sides], among: ColumnElement[bool]
) -> Mapping[UUID, Counter[Combination]]:
    """How many of each partner's clients `among` have which of its mailboxes among their contacts."""
    own = {key: one.mailboxes for key, one in sides.items()}
    shared = _has_contact(rows.ClientContact.email.in_(sorted(set().union(*own.values()))))
    among &= rows.Client.partner_id.in_(own)
    found: defaultdict[UUID, Counter[Combination]] = defaultdict(Counter)
    for partner_id, somebody, count in await _without_shared(session, among & ~shared):
        found[partner_id][frozenset({SOMEBODY} if somebody else ())] += count
    for (partner_id, _), emails in (await _with_shared(session, among & shared)).items():
        known = own[partner_id]
        found[partner_id][frozenset(email if email in known else SOMEBODY for email in emails)] += 1
    return found


async def _without_shared(session: AsyncSession, among: ColumnElement[bool]) -> list[tuple[UUID, bool, int]]:
    """How many clients of each partner have contacts, and how many have none: nearly all clients are such."""
    has_any = _has_contact(rows.ClientContact.id.is_not(None)).label("has_any")
    each = select(rows.Client.partner_id, has_any).where(among).subquery()
    counted = select(*each.c, func.count()).group_by(*each.c)
    return [(row[0], row[1], row[2]) for row in await session.execute(counted)]


async def _with_shared(
    session: AsyncSession, among: ColumnElement[bool]
) -> Mapping[tuple[UUID, UUID], set[str]]:
    """All the contacts of each client that has some with a mailbox of a partner's: there are few."""
    found = defaultdict(set)
    contact, held = rows.ClientContact, rows.HeldRole
    listed = (
        select(rows.Client.partner_id, rows.Client.id, contact.email)
        .join(contact, contact.client_id == rows.Client.id)
        .where(among, exists(select(held.contact_id).where(held.contact_id == contact.id)))
    )
    for partner_id, client_id, email in await session.execute(listed):
        found[partner_id, client_id].add(email)
    return found


def _reached(owner: RenewalOwner, people: People, emails: Combination | list[str]) -> set[tuple[str, bool]]:
    """The mailboxes that a client with just these contacts would have written to; whether addressed or copied."""
    contacts = [Contact("", email, Locale.EN, [ContactRole.PRIMARY]) for email in emails]
    routing = route(
        owner, People(contacts, people.point_of_contact, people.default_point_of_contact, people.admins)
    )
    return {(one.email, True) for one in routing.to} | {(one.email, False) for one in routing.cc}


def _has_contact(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A client has a contact like that, with a role."""
    held, contact = rows.HeldRole, rows.ClientContact
    of_client = select(held.contact_id).join(contact, contact.id == held.contact_id)
    return exists(of_client.where(held.client_id == rows.Client.id, condition))
