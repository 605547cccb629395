"""The contacts of clients: a list says all of them, so whoever it leaves out is removed (A14, C10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from graphql_api.actions.record import changes_between
from graphql_api.actions.sync.checks import one_of, roles_of
from graphql_api.actions.sync.given import Field, Given, refuse_doubles
from graphql_api.actions.sync.upsert import SyncCounts, assign, in_parts
from graphql_api.models import rows
from graphql_api.models.actor import Locale
from graphql_api.models.client import CONTACT_LIMITS, ContactRole
from graphql_api.models.keys import new_key
from graphql_api.models.refusal import LimitExceeded
from graphql_api.models.text import email_of, line_of

CONTACT_FIELDS = (
    Field("email", email_of, needed=True),
    Field("name", line_of, needed=True),
    Field("roles", roles_of, null=()),
    Field("locale", one_of(Locale)),
)

PREFIX = "contacts."

People = dict[str, rows.ClientContact]
"""The contacts of one client, by e-mail."""


async def contacts_of(session: AsyncSession, client_ids: Iterable[UUID]) -> dict[UUID, People]:
    """The contacts of each client, with their roles."""
    found: dict[UUID, People] = {client_id: {} for client_id in client_ids}
    for some in in_parts(list(found)):
        statement = select(rows.ClientContact).where(rows.ClientContact.client_id.in_(some))
        for contact in await session.scalars(statement.execution_options(populate_existing=True)):
            found[contact.client_id][contact.email] = contact
    return found


def check_contacts(listed: Sequence[Given], people: People) -> None:
    """Refuse doubled e-mails, new contacts without a name, and more holders of a role than C10 allows."""
    refuse_doubles(listed, "email")
    held = Counter[ContactRole]()
    for given in listed:
        known = people.get(given.values.get("email", ""))
        if known is None:
            given.need(CONTACT_FIELDS)
        for role in given.values.get("roles", known.roles if known else ()):
            held[role] += 1
            if held[role] > CONTACT_LIMITS[role]:
                says = f"a client has at most {CONTACT_LIMITS[role]} with the role {role}"
                given.refuse(LimitExceeded, "roles", message=says)


async def remove_missing(session: AsyncSession, listed: Sequence[Given], people: People) -> None:
    """Delete the contacts that the list leaves out, and the roles that the others lose."""
    named = {given.values["email"]: given.values for given in listed}
    gone = [people.pop(email) for email in list(people) if email not in named]
    for contact in gone:
        await session.delete(contact)
    for email, contact in people.items():
        roles = named[email].get("roles")
        if roles is not None and not set(contact.roles) <= set(roles):
            contact.held = [held for held in contact.held if held.role in roles]


def put_contacts(session: AsyncSession, client_id: UUID, listed: Sequence[Given], people: People) -> None:
    """Add or update the contacts listed; those left out, and roles lost, are out of the database by now."""
    for given in listed:
        contact = people.get(given.values["email"])
        if contact is None:
            contact = _new_contact(client_id, given)
            people[contact.email] = contact
            session.add(contact)
        assign(contact, given.values, "name", "locale")
    taken = {(held.role, held.slot) for contact in people.values() for held in contact.held}
    for given in listed:
        _give_roles(people[given.values["email"]], given.values.get("roles", ()), taken)


def contact_facts(people: People) -> dict[str, object]:
    """Each contact in a line, as the audit log has it."""
    return {PREFIX + email: _line(contact) for email, contact in sorted(people.items())}


def contact_counts(before: Mapping[str, object], people: People) -> SyncCounts:
    """What became of each of one client's contacts; `before` are the client's facts as they were."""
    known = {name: fact for name, fact in before.items() if name.startswith(PREFIX)}
    changed = changes_between(known, contact_facts(people))
    removed = sum(change.after is None for change in changed)
    created = sum(change.before is None for change in changed)
    updated = len(changed) - removed - created
    return SyncCounts(created, updated, len(people) - created - updated, removed)


def _new_contact(client_id: UUID, given: Given) -> rows.ClientContact:
    email = given.values["email"]
    return rows.ClientContact(id=new_key(), client_id=client_id, email=email, locale=Locale.EN, held=[])


def _give_roles(
    contact: rows.ClientContact, roles: Iterable[ContactRole], taken: set[tuple[ContactRole, int]]
) -> None:
    for role in roles:
        if role not in contact.roles:
            slot = next(slot for slot in range(1, CONTACT_LIMITS[role] + 1) if (role, slot) not in taken)
            taken.add((role, slot))
            contact.held.append(rows.HeldRole(role=role, client_id=contact.client_id, slot=slot))


def _line(contact: rows.ClientContact) -> str:
    return ", ".join([contact.name, *contact.roles, contact.locale])
