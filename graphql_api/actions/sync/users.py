"""The users of partners, added or updated by e-mail, never removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from graphql_api.actions.sync.checks import flag_of, one_of
from graphql_api.actions.sync.given import Field, Given
from graphql_api.actions.sync.upsert import Noun, SyncCounts, assign, begin, counts_of, find, in_parts, put
from graphql_api.database import Writing
from graphql_api.models import rows
from graphql_api.models.actor import Locale, PartnerUserRole, Role
from graphql_api.models.keys import new_key
from graphql_api.models.refusal import refuse
from graphql_api.models.text import email_of, line_of

USER_FIELDS = (
    Field("email", email_of, needed=True),
    Field("name", line_of, needed=True),
    Field("role", one_of(PartnerUserRole, kept_as=Role)),
    Field("is_active", flag_of),
    Field("locale", one_of(Locale)),
)
FIELDS = (Field("partner_external_id", line_of, needed=True), *USER_FIELDS)

UsersByEmail = dict[tuple[UUID, str], rows.PartnerUser]
"""Users by partner and e-mail."""


class Users(Noun[rows.PartnerUser]):
    """Users, by their partner and e-mail. Whoever is no longer active cannot use its tokens either."""

    action = "partner_user.sync"

    def make(self, given: Given, writing: Writing) -> rows.PartnerUser:
        """An active member, in English unless told."""
        return rows.PartnerUser(
            id=new_key(),
            partner_id=given.values["partner_id"],
            email=given.values["email"],
            role=Role.MEMBER,
            locale=Locale.EN,
            is_active=True,
            created_at=writing.now,
        )

    def fill(self, row: rows.PartnerUser, given: Given) -> None:
        """Everything but the e-mail, which it was found by."""
        assign(row, given.values, "name", "role", "is_active", "locale")

    def facts(self, row: rows.PartnerUser) -> dict[str, object]:
        """By the contract's names."""
        return {
            "email": row.email,
            "name": row.name,
            "role": row.role,
            "isActive": row.is_active,
            "locale": row.locale,
        }

    def partner_id(self, row: rows.PartnerUser) -> UUID | None:
        """Its own."""
        return row.partner_id


async def sync_users(writing: Writing, records: Sequence[Mapping[str, Any]]) -> SyncCounts:
    """Add or update users of partners, by e-mail.

    Raises:
        Refused: with everything that is wrong with any of them; nothing is changed then.
        LimitExceeded: more than 500.

    """
    batch = await begin(writing, "users", records, FIELDS, "partner_external_id", "email")
    partners = await find(writing.session, rows.Partner.external_id, batch.named("partner_external_id"))
    for given in batch.givens:
        given.resolve("partner_external_id", "partner_id", partners)
    known = await users_of(
        writing.session, (partner.id for partner in partners.values()), batch.named("email")
    )
    for given in batch.givens:
        if user_for(given, known) is None:
            given.need(FIELDS)
    refuse(batch.refusals)
    return counts_of(await put(writing, Users(), [(given, user_for(given, known)) for given in batch.givens]))


async def users_of(session: AsyncSession, partner_ids: Iterable[UUID], emails: Iterable[str]) -> UsersByEmail:
    """Those users of the partners who have one of the e-mails, locked."""
    mine, found = list(partner_ids), {}
    for some in in_parts(sorted(set(emails))) if mine else ():
        statement = select(rows.PartnerUser).where(
            rows.PartnerUser.partner_id.in_(mine), rows.PartnerUser.email.in_(some)
        )
        statement = statement.order_by(rows.PartnerUser.id).with_for_update(key_share=True)
        for user in await session.scalars(statement.execution_options(populate_existing=True)):
            found[user.partner_id, user.email] = user
    return {(partner_id, email): user for (partner_id, email), user in found.items() if partner_id and email}


def user_for(given: Given, known: UsersByEmail) -> rows.PartnerUser | None:
    """The user whom a record is about, its partner being resolved."""
    partner_id, email = given.values.get("partner_id"), given.values.get("email")
    return known.get((partner_id, email)) if partner_id and email else None
