"""The vendor's staff, for the import alone: the API has no such mutation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql_api.actions.sync.checks import one_of
from graphql_api.actions.sync.given import Field, Given
from graphql_api.actions.sync.upsert import Noun, SyncCounts, assign, begin, counts_of, find, put
from graphql_api.database import Writing
from graphql_api.models import rows
from graphql_api.models.actor import Locale, Role, StaffRole
from graphql_api.models.keys import new_key
from graphql_api.models.refusal import refuse
from graphql_api.models.text import email_of, line_of

FIELDS = (
    Field("email", email_of, needed=True),
    Field("name", line_of, needed=True),
    Field("role", one_of(StaffRole, kept_as=Role), needed=True),
    Field("locale", one_of(Locale)),
)


class Staff(Noun[rows.StaffMember]):
    """Members of the staff, by their e-mail."""

    action = "staff_member.sync"

    def make(self, given: Given, writing: Writing) -> rows.StaffMember:
        """Active, in English unless told."""
        return rows.StaffMember(
            id=new_key(),
            email=given.values["email"],
            locale=Locale.EN,
            is_active=True,
            created_at=writing.now,
        )

    def fill(self, row: rows.StaffMember, given: Given) -> None:
        """Everything but the e-mail, which it was found by."""
        assign(row, given.values, "name", "role", "locale")

    def facts(self, row: rows.StaffMember) -> dict[str, object]:
        """By the contract's names."""
        return {"email": row.email, "name": row.name, "role": row.role, "locale": row.locale}


async def sync_staff(writing: Writing, records: Sequence[Mapping[str, Any]]) -> SyncCounts:
    """Create or update members of the staff by e-mail.

    Raises:
        Refused: with everything that is wrong with any of them; nothing is changed then.
        LimitExceeded: more than 500.

    """
    batch = await begin(writing, "staff", records, FIELDS, "email")
    known = await find(writing.session, rows.StaffMember.email, batch.named("email"), lock=True)
    pairs = [(given, known.get(given.values.get("email"))) for given in batch.givens]
    for given, member in pairs:
        if member is None:
            given.need(FIELDS)
    refuse(batch.refusals)
    return counts_of(await put(writing, Staff(), pairs))
