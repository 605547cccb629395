"""What operators make by hand: tokens, integrations, staff."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from graphql_api.access.viewer import scopes_of
from graphql_api.actions.api_tokens import issue
from graphql_api.actions.record import Change, audit
from graphql_api.models import rows
from graphql_api.models.actor import ActorKind, Role
from graphql_api.models.keys import new_key
from graphql_api.models.refusal import Invalid, NotAllowed, NotFound
from graphql_api.models.text import email_of, line_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from graphql_api.access.tokens import NewToken
    from graphql_api.database import Writing
    from graphql_api.models.actor import StaffRole
    from graphql_api.models.api_token import Scope


LONGEST_DAYS = 36_500
"""Days that a token may last: a century."""


class Whose(NamedTuple):
    """Who is meant, where several people have one address."""

    email: str
    partner: str | None = None
    """The external id of a partner: its user."""
    staff: bool = False
    """One of the vendor's staff."""


async def create_token(
    writing: Writing, whose: Whose, name: str, scopes: Sequence[Scope], days: int | None
) -> NewToken:
    """A token for a person, by address; without scopes, with all that the role allows.

    Raises:
        NotFound: nobody has the address, or there is no such partner.
        Invalid: several people have it, or the days are too many.
        NotAllowed: the role does not allow a scope, or the person has been deactivated.

    """
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise Invalid("--expires-in", message=f"is not between 1 and {LONGEST_DAYS} days")
    return await _token(writing, await _person(writing, whose), name, scopes, days)


async def create_integration(
    writing: Writing, name: str, scopes: Sequence[Scope], partner_external_id: str | None
) -> NewToken:
    """A machine and its token: the vendor's, or with a partner that partner's own.

    Raises:
        NotFound: there is no such partner.
        NotAllowed: such a machine may not have a scope.

    """
    partner_id = None
    if partner_external_id is not None:
        partner_id = await _partner_id(writing, partner_external_id)
    machine = rows.Integration(
        id=new_key(), name=line_of(name, "--name"), partner_id=partner_id, created_at=writing.now
    )
    writing.session.add(machine)
    await writing.session.flush()
    audit(
        writing,
        "integration.create",
        machine.node_id,
        [Change("name", None, machine.name)],
        partner_id=partner_id,
    )
    return await _token(writing, machine, name, scopes, None)


async def create_staff(writing: Writing, email: str, name: str, role: StaffRole) -> rows.StaffMember:
    """One of the vendor's staff.

    Raises:
        Invalid: somebody of the staff has the address.

    """
    address = email_of(email, "--email")
    staff = select(rows.StaffMember.id).where(rows.StaffMember.email == address)
    if await writing.session.scalar(staff):
        raise Invalid("--email", message=f"somebody of the staff has the address {address} already")
    person = rows.StaffMember(
        id=new_key(), email=address, name=line_of(name, "--name"), role=Role(role), created_at=writing.now
    )
    writing.session.add(person)
    audit(writing, "staff_member.create", person.node_id, [Change("email", None, address)], partner_id=None)
    return person


async def _person(writing: Writing, whose: Whose) -> rows.Actor:
    """The one who is meant; of several, the one who is active."""
    address = email_of(whose.email, "--email")
    people = await _people(writing, address, whose)
    active = [(person, partner) for person, partner in people if person.is_active]
    if not people:
        place = " on the staff" if whose.staff else f" at {whose.partner}" if whose.partner else ""
        raise NotFound("--email", message=f"nobody{place} has the address {address}")
    if not active:
        raise NotAllowed(
            "--email", message=f"{people[0][0].name} has been deactivated: no token would open anything"
        )
    if len(active) > 1:
        options = ", ".join(f"--partner {partner}" if partner else "--staff" for _, partner in active)
        raise Invalid(
            "--email", message=f"{len(active)} people have the address {address}; say whose: {options}"
        )
    return active[0][0]


async def _people(writing: Writing, address: str, whose: Whose) -> list[tuple[rows.Actor, str | None]]:
    """Those who have the address, each with the external id of their partner."""
    wanted = (
        select(rows.Actor, rows.Partner.external_id)
        .outerjoin(rows.Partner, rows.Partner.id == rows.Actor.partner_id)
        .where(rows.Actor.email == address)
        .order_by(rows.Partner.external_id)
    )
    if whose.partner is not None:
        wanted = wanted.where(rows.Actor.partner_id == await _partner_id(writing, whose.partner))
    if whose.staff:
        wanted = wanted.where(rows.Actor.kind == ActorKind.STAFF_MEMBER)
    return [(person, partner) for person, partner in await writing.session.execute(wanted)]


async def _partner_id(writing: Writing, external_id: str) -> UUID:
    external_id = line_of(external_id, "--partner")
    known = select(rows.Partner.id).where(rows.Partner.external_id == external_id)
    partner_id = await writing.session.scalar(known)
    if partner_id is None:
        raise NotFound("--partner", message=f"there is no partner with the external id {external_id}")
    return partner_id


async def _token(
    writing: Writing, actor: rows.Actor, name: str, scopes: Sequence[Scope], days: int | None
) -> NewToken:
    allowed = scopes_of(actor)
    for scope in scopes:
        if scope not in allowed:
            names = ", ".join(sorted(allowed))
            raise NotAllowed("--scope", message=f"{actor.name} may not have {scope}; it may have {names}")
    expires_at = None if days is None else writing.now + timedelta(days=days)
    return await issue(writing, actor, line_of(name, "--name"), scopes or allowed, expires_at)
