"""The demo's data, made once, in one transaction: a demo that is killed meanwhile starts again from nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select

from graphql_api.access.link_token import LinkTokens
from graphql_api.actions.record import Change, audit
from graphql_api.database import Writing
from graphql_api.demo.cast import MACHINES, OUR_EXTERNAL_ID
from graphql_api.demo.exports import import_exports
from graphql_api.demo.lives import lives, pleas
from graphql_api.demo.past import act_as, happen
from graphql_api.demo.renewals import notices, set_owners
from graphql_api.demo.story import Setting, Story
from graphql_api.mail.outbox import tell_notices
from graphql_api.models import rows
from graphql_api.models.client import ContactRole
from graphql_api.models.keys import new_key
from graphql_api.models.outbox_mail import MailStatus
from graphql_api.models.partner import Position
from graphql_api.models.renewal_notice import Milestone

BEGAN = timedelta(days=60)
"""How long ago the vendor's CRM told of everything."""
UNREAD = timedelta(days=4)
"""What people were told longer ago, they have read."""


async def is_seeded(writing: Writing) -> bool:
    """Whether there is demo data already."""
    known = select(rows.Partner.id).where(rows.Partner.external_id == OUR_EXTERNAL_ID)
    return await writing.session.scalar(known) is not None


async def seed(writing: Writing, tokens: LinkTokens, milestones: Sequence[Milestone]) -> None:
    """Make the data: exports of a vendor's CRM, and then what has become of the links and renewals."""
    now, writing.now = writing.now, writing.now - BEGAN
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    machines = await _machines(writing)
    act_as(writing, machines["crm_sync"])
    await import_exports(writing, now.date())
    await set_owners(writing)
    story = Story(writing, await _setting(writing, machines["checkout"]), tokens, midnight)
    clock = notices(writing, milestones, midnight)
    await happen(writing, [*story.steps(lives(), pleas()), *clock])
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
    await writing.finish()
    mails = (await writing.session.scalars(select(rows.OutboxMail))).all()
    for mail in mails:
        mail.status, mail.remaining, mail.attempts, mail.sent_at = MailStatus.SENT, [], 1, mail.created_at
    await tell_notices(writing, mails)
    for told in await writing.session.scalars(select(rows.Notification)):
        if told.created_at < now - UNREAD:
            told.read_at = told.created_at + timedelta(hours=3)
