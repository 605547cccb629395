"""The demo's data, made once, in one transaction: a demo that is killed meanwhile starts again from nothing."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select

from graphql_api.access.link_token import LinkTokens
from graphql_api.actions.record import Change, audit
from graphql_api.database import Writing
from graphql_api.demo.cast import MACHINES, OUR_EXTERNAL_ID, PEOPLE
from graphql_api.demo.exports import import_exports
from graphql_api.demo.lives import lives, pleas
from graphql_api.demo.story import Setting, Story
from graphql_api.models import rows
from graphql_api.models.by import By
from graphql_api.models.client import ContactRole
from graphql_api.models.keys import new_key
from graphql_api.models.outbox_mail import MailStatus
from graphql_api.models.partner import Position
from graphql_api.models.renewal_ownership import RenewalOwner

BEGAN = timedelta(days=60)
"""How long ago the vendor's CRM told of everything."""
UNREAD = timedelta(days=4)
"""What people were told longer ago, they have read."""


async def is_seeded(writing: Writing) -> bool:
    """Whether there is demo data already."""
    known = select(rows.Partner.id).where(rows.Partner.external_id == OUR_EXTERNAL_ID)
    return await writing.session.scalar(known) is not None


async def seed(writing: Writing, tokens: LinkTokens) -> None:
    """Make the data: exports of a vendor's CRM, and then what has become of the links."""
    now, writing.now = writing.now, writing.now - BEGAN
    machines = await _machines(writing)
    writing.by = By(machines["crm_sync"].id, machines["crm_sync"].name)
    await import_exports(writing, now.date())
    await _set_default_owner(writing)
    setting = await _setting(writing, machines["checkout"])
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    await Story(writing, setting, tokens, midnight).tell(lives(), pleas())
    await _be_past(writing, now)


async def _machines(writing: Writing) -> dict[str, rows.Integration]:
    made = {
        name: rows.Integration(id=new_key(), name=machine.name, created_at=writing.now)
        for name, machine in MACHINES.items()
    }
    writing.session.add_all(made.values())
    await writing.session.flush()
    for machine in made.values():
        changes = [Change("name", None, machine.name)]
        audit(writing, "integration.create", machine.node_id, changes, partner_id=None)
    return made


async def _set_default_owner(writing: Writing) -> None:
    """Our partner has a point of contact, who hears of its clients' answers beside the links' authors (C21)."""
    emails = [PEOPLE["partner_admin"], PEOPLE["partner_member"]]
    found = await writing.session.scalars(select(rows.PartnerUser).where(rows.PartnerUser.email.in_(emails)))
    users = {user.email: user for user in found}
    admin, member = (users[email] for email in emails)
    writing.session.add(
        rows.RenewalOwnership(
            partner_id=admin.partner_id,
            owner=RenewalOwner.HUBSPOT,
            point_of_contact_id=member.id,
            version=1,
            set_at=writing.now,
            set_by_id=admin.id,
        )
    )


async def _setting(writing: Writing, checkout: rows.Integration) -> Setting:
    session = writing.session
    actors = (await session.scalars(select(rows.Actor))).all()
    by_id = {actor.id: actor for actor in actors}
    assigned = await session.scalars(
        select(rows.Assignment).where(rows.Assignment.position == Position.CHANNEL_ACCOUNT_MANAGER)
    )
    contacts = await session.scalars(select(rows.ClientContact))
    return Setting(
        actors={actor.email: actor for actor in actors if actor.email},
        managers={found.partner_id: by_id[found.staff_member_id] for found in assigned},
        checkout=checkout,
        products={product.code: product.id for product in await session.scalars(select(rows.Product))},
        deals={
            deal.external_id: deal for deal in await session.scalars(select(rows.Deal)) if deal.external_id
        },
        buyers={contact.client_id: contact for contact in contacts if ContactRole.PRIMARY in contact.roles},
    )


async def _be_past(writing: Writing, now: datetime) -> None:
    """Old news is read. Mails went out when they were caused, to real mailboxes as it were.

    So no file stands for them, and those in the folder are the newcomer's own.
    """
    await writing.session.flush()
    for mail in await writing.session.scalars(select(rows.OutboxMail)):
        mail.status, mail.remaining, mail.attempts, mail.sent_at = MailStatus.SENT, [], 1, mail.created_at
    for told in await writing.session.scalars(select(rows.Notification)):
        if told.created_at < now - UNREAD:
            told.read_at = told.created_at + timedelta(hours=3)
