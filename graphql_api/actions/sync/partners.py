"""Partners, the vendor's staff assigned to each, and their users."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from graphql_api.actions.sync.given import Field, Given, refuse_doubles
from graphql_api.actions.sync.upsert import (
    Edit,
    Noun,
    Outcome,
    Pair,
    SyncCounts,
    assign,
    begin,
    counts_of,
    find,
    put,
    staff_by_email,
)
from graphql_api.actions.sync.users import USER_FIELDS, Users, UsersByEmail, user_for, users_of
from graphql_api.database import Writing
from graphql_api.models import rows
from graphql_api.models.actor import ACCOUNT_MANAGERS
from graphql_api.models.keys import new_key
from graphql_api.models.partner import Position
from graphql_api.models.refusal import Invalid, refuse
from graphql_api.models.text import email_of, line_of

FIELDS = (
    Field("external_id", line_of, needed=True),
    Field("name", line_of, needed=True),
    Field("channel_account_manager_email", email_of, null=None),
    Field("partner_development_manager_email", email_of, null=None),
    Field("users", items=USER_FIELDS),
)
POSITIONS = {
    Position.CHANNEL_ACCOUNT_MANAGER: ("channel_account_manager_email", "channelAccountManager"),
    Position.PARTNER_DEVELOPMENT_MANAGER: ("partner_development_manager_email", "partnerDevelopmentManager"),
}
"""For each position, the key of the record that fills it and its name in the audit log."""


class Partners(Noun[rows.Partner]):
    """Partners, by their external id, with who holds the positions at each."""

    action = "partner.sync"

    def __init__(self, held: dict[tuple[UUID, Position], rows.Assignment], emails: dict[UUID, str]) -> None:
        """`held`: the assignments there are; `emails`: of everybody assigned, before or after."""
        self.held, self.emails = held, emails

    def make(self, given: Given, writing: Writing) -> rows.Partner:
        """With nobody assigned."""
        return rows.Partner(id=new_key(), external_id=given.values["external_id"], created_at=writing.now)

    def fill(self, row: rows.Partner, given: Given) -> None:
        """The name; the rest stands in other tables."""
        assign(row, given.values, "name")

    async def clear(self, session: AsyncSession, edits: Sequence[Edit[rows.Partner]]) -> None:
        """Take away the assignments that are null now."""
        for edit in edits:
            for position in Position:
                if _left_vacant(edit.given, position):
                    await self._dismiss(session, edit.row.id, position)

    def finish(self, session: AsyncSession, edit: Edit[rows.Partner]) -> None:
        """Fill the positions that the record names somebody for."""
        for position in Position:
            if member_id := edit.given.values.get(position):
                self._appoint(session, edit.row.id, position, member_id)

    def facts(self, row: rows.Partner) -> dict[str, object]:
        """The people by their e-mail."""
        people = {
            name: (held := self.held.get((row.id, position))) and self.emails[held.staff_member_id]
            for position, (_, name) in POSITIONS.items()
        }
        return {"externalId": row.external_id, "name": row.name, **people}

    def partner_id(self, row: rows.Partner) -> UUID:
        """Its own log."""
        return row.id

    async def _dismiss(self, session: AsyncSession, partner_id: UUID, position: Position) -> None:
        if held := self.held.pop((partner_id, position), None):
            await session.delete(held)

    def _appoint(self, session: AsyncSession, partner_id: UUID, position: Position, member_id: UUID) -> None:
        held = self.held.get((partner_id, position))
        if held is None:
            held = rows.Assignment(partner_id=partner_id, position=position, staff_member_id=member_id)
            self.held[partner_id, position] = held
            session.add(held)
        assign(held, {"staff_member_id": member_id}, "staff_member_id")


async def sync_partners(writing: Writing, records: Sequence[Mapping[str, Any]]) -> SyncCounts:
    """Create or update partners, who is assigned to them, and their users; a user left out stays.

    Raises:
        Refused: with everything that is wrong with any of them; nothing is changed then.
        LimitExceeded: more than 500.

    """
    session = writing.session
    batch = await begin(writing, "partners", records, FIELDS, "external_id")
    known = await find(session, rows.Partner.external_id, batch.named("external_id"), lock=True)
    staff = await staff_by_email(session, batch.named(*(key for key, _ in POSITIONS.values())))
    listed = [user for given in batch.givens for user in given.values.get("users", ())]
    emails = {user.values["email"] for user in listed if "email" in user.values}
    users = await users_of(session, (partner.id for partner in known.values()), emails)
    pairs = [(given, known.get(given.values.get("external_id"))) for given in batch.givens]
    for given, partner in pairs:
        _check(given, partner, staff, users)
    refuse(batch.refusals)
    noun = await _noun(session, known.values(), staff.values())
    return await _put(writing, noun, pairs, users)


def _check(
    given: Given, partner: rows.Partner | None, staff: Mapping[str, rows.StaffMember], users: UsersByEmail
) -> None:
    if partner is None:
        given.need(FIELDS)
    for position, (key, _) in POSITIONS.items():
        given.resolve(key, position, staff)
        _check_role(given, key, staff)
    listed = given.values.get("users", ())
    refuse_doubles(listed, "email")
    for user in listed:
        user.values["partner_id"] = partner and partner.id
        if user_for(user, users) is None:
            user.need(USER_FIELDS)


def _check_role(given: Given, key: str, staff: Mapping[str, rows.StaffMember]) -> None:
    """Whoever holds a position is asked to act (B21), and must be able to."""
    member = staff.get(given.values.get(key, ""))
    if member and member.role not in ACCOUNT_MANAGERS:
        takes = " or ".join(ACCOUNT_MANAGERS)
        given.refuse(
            Invalid, key, message=f"has the role {member.role}; it takes {takes} to look after a partner"
        )


def _left_vacant(given: Given, position: Position) -> bool:
    return position in given.values and given.values[position] is None


async def _noun(
    session: AsyncSession, partners: Iterable[rows.Partner], staff: Iterable[rows.StaffMember]
) -> Partners:
    mine = [partner.id for partner in partners]
    found = await session.execute(
        select(rows.Assignment, rows.Actor.email)
        .join(rows.Actor, rows.Actor.id == rows.Assignment.staff_member_id)
        .where(rows.Assignment.partner_id.in_(mine))
    )
    held, emails = {}, {member.id: member.email or "" for member in staff}
    for assignment, email in found:
        held[assignment.partner_id, assignment.position] = assignment
        emails[assignment.staff_member_id] = email or ""
    return Partners(held, emails)


async def _put(
    writing: Writing, noun: Partners, pairs: Sequence[Pair[rows.Partner]], users: UsersByEmail
) -> SyncCounts:
    edits = await put(writing, noun, pairs)
    listed = [(edit, user) for edit in edits for user in edit.given.values.get("users", ())]
    for edit, user in listed:
        user.values["partner_id"] = edit.row.id
    told = await put(writing, Users(), [(user, user_for(user, users)) for _, user in listed])
    for (edit, _), user_edit in zip(listed, told, strict=True):
        if edit.outcome is Outcome.UNCHANGED and user_edit.outcome is not Outcome.UNCHANGED:
            edit.outcome = Outcome.UPDATED
    return counts_of(edits)
