"""What operators make by hand: tokens, integrations, staff."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from graphql_api.access.viewer import scopes_of
from graphql_api.actions.api_tokens import issue
from graphql_api.actions.record import Change, audit
from graphql_api.models import rows
from graphql_api.models.actor import Role
from graphql_api.models.keys import new_key
from graphql_api.models.refusal import Invalid, NotAllowed, NotFound
from graphql_api.models.text import email_of, line_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.access.tokens import NewToken
    from graphql_api.database import Writing
    from graphql_api.models.actor import StaffRole
    from graphql_api.models.api_token import Scope


async def create_token(
    writing: Writing, email: str, name: str, scopes: Sequence[Scope], days: int | None
) -> NewToken:
    """A token for a person, by address; without scopes, with all that the role allows.

    Raises:
        NotFound, Invalid: nobody, or more than one, has the address.
        NotAllowed: the role does not allow a scope.

    """
    address = email_of(email, "--email")
    people = (await writing.session.scalars(select(rows.Actor).where(rows.Actor.email == address))).all()
    if not people:
        raise NotFound("--email", message=f"nobody has the address {address}")
    if len(people) > 1:
        raise Invalid(
            "--email", message=f"{len(people)} people have the address {address}; use an address of one"
        )
    return await _token(writing, people[0], name, scopes, days)


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
        known = select(rows.Partner.id).where(rows.Partner.external_id == partner_external_id)
        partner_id = await writing.session.scalar(known)
        if partner_id is None:
            raise NotFound(
                "--partner", message=f"there is no partner with the external id {partner_external_id}"
            )
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
