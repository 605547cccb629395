"""Whose notices would reach somebody else under another default (D5), as a condition on clients.

A client's routing depends on its contacts only in which of the partner's mailboxes are among them, and whether there
are others: an example of each combination that occurs answers for all the clients that have it.
"""

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from graphql_api.actions.ownerships import people_of
from graphql_api.models import rows
from graphql_api.models.client import ContactRole
from graphql_api.models.renewal_ownership import Ownership, RenewalOwner
from graphql_api.models.renewal_routing import People, route

SOMEBODY = ""
"""The mailbox of a contact that is none of the partner's."""


async def reached_differently(
    session: AsyncSession,
    partner: rows.Partner,
    today: Ownership,
    then: Ownership,
    among: ColumnElement[bool],
) -> ColumnElement[bool]:
    """Which of the clients `among` would have their next notice reach others `then` than `today`."""
    example = rows.Client(id=partner.id, partner_id=partner.id)
    sides = [
        (one.owner, (await people_of(session, [example], {example.id: one}))[example.id])
        for one in (today, then)
    ]
    shared = sorted({email for side in sides for email, _ in _reached(*side, [SOMEBODY])} - {SOMEBODY})
    marks = {email: _has_contact(rows.ClientContact.email == email) for email in shared}
    marks[SOMEBODY] = _has_contact(rows.ClientContact.email.not_in(shared))
    occurring = await session.execute(select(*marks.values()).where(among).distinct())
    return or_(
        false(),
        *(
            and_(*(mark if has else ~mark for mark, has in zip(marks.values(), combination, strict=True)))
            for combination in occurring
            if _differ(sides, [email for email, has in zip(marks, combination, strict=True) if has])
        ),
    )


def _differ(sides: list[tuple[RenewalOwner, People]], emails: list[str]) -> bool:
    before, after = (_reached(*side, emails) for side in sides)
    return before != after


def _reached(owner: RenewalOwner, people: People, emails: list[str]) -> set[tuple[str, bool]]:
    """The mailboxes that a client with just these contacts would have written to; whether addressed or copied."""
    contacts = [
        rows.ClientContact(name="", email=email, held=[rows.HeldRole(role=ContactRole.PRIMARY)])
        for email in emails
    ]
    routing = route(
        owner, People(contacts, people.point_of_contact, people.default_point_of_contact, people.admins)
    )
    return {(one.email, True) for one in routing.to} | {(one.email, False) for one in routing.cc}


def _has_contact(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A client has a contact like that, with a role."""
    held, contact = rows.HeldRole, rows.ClientContact
    of_client = select(held.contact_id).join(contact, contact.id == held.contact_id)
    return exists(of_client.where(held.client_id == rows.Client.id, condition))
