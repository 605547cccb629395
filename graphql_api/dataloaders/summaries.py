"""Partners' numbers at a glance, for many partners at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from graphql_api.dataloaders.relations import nodes
from graphql_api.models import rows
from graphql_api.models.alert import Alert, AlertCode
from graphql_api.models.confirmation_link import LinkStatus
from graphql_api.models.renewal import AWAITED, to_act_on

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from graphql_api.access.sight import Sight
    from graphql_api.database import View
    from graphql_api.dataloaders.batches import Batch

ALERTS = 50
"""So many of a partner are told at most: first what stops notices, then mails, which may be many and stay for good."""


@dataclass(slots=True)
class Summary:
    """One partner's numbers."""

    pending_links: int = 0
    confirmed_links: int = 0
    rejected_links: int = 0
    renewals_to_act_on: int = 0
    alerts: list[Alert] = field(default_factory=list)


def summaries(today: date) -> Batch:
    """What each partner's dashboard shows on that day (UTC), as far as the viewer sees it."""

    async def batch(database: View, sight: Sight, keys: Sequence[UUID]) -> list[Summary]:
        found = {key: Summary() for key in keys}
        async with database.read() as session:
            await _count_links(session, sight, found)
            await _count_renewals(session, sight, found, today)
            await _miss_account_managers(session, sight, found)
            await _find_inactive_contacts(session, sight, found)
            await _find_unheard(session, sight, found, today)
            await _find_undeliverable(database, session, sight, found)
        for summary in found.values():
            del summary.alerts[ALERTS:]
        return [found[key] for key in keys]

    return batch


async def _count_links(session: AsyncSession, sight: Sight, found: dict[UUID, Summary]) -> None:
    link = rows.ConfirmationLink
    counted = (
        select(link.partner_id, link.status, func.count())
        .where(sight.of(link), link.partner_id.in_(found))
        .group_by(link.partner_id, link.status)
    )
    names = {
        LinkStatus.PENDING: "pending_links",
        LinkStatus.CONFIRMED: "confirmed_links",
        LinkStatus.REJECTED: "rejected_links",
    }
    for partner_id, status, count in await session.execute(counted):
        setattr(found[partner_id], names[status], count)


async def _count_renewals(
    session: AsyncSession, sight: Sight, found: dict[UUID, Summary], today: date
) -> None:
    renewal = rows.Renewal
    counted = (
        select(renewal.partner_id, func.count())
        .where(sight.of(renewal), renewal.partner_id.in_(found), to_act_on(today))
        .group_by(renewal.partner_id)
    )
    for partner_id, count in await session.execute(counted):
        found[partner_id].renewals_to_act_on = count


async def _miss_account_managers(session: AsyncSession, sight: Sight, found: dict[UUID, Summary]) -> None:
    """A partner without CAM and PDM, or whose have all left: nobody at the vendor's is told of anything (C3)."""
    looked_after = (
        select(rows.Assignment.partner_id)
        .join(rows.StaffMember, rows.StaffMember.id == rows.Assignment.staff_member_id)
        .where(rows.Assignment.partner_id.in_(found), rows.StaffMember.is_active)
    )
    alone = select(rows.Partner.id).where(
        rows.Partner.id.in_(found), sight.partners(rows.Partner.id), rows.Partner.id.not_in(looked_after)
    )
    for key in await session.scalars(alone):
        says = "The partner has neither a Channel Account Manager nor a Partner Development Manager."
        found[key].alerts.append(Alert(AlertCode.NO_ACCOUNT_MANAGER, says, rows.Partner(id=key).node_id))


async def _find_undeliverable(
    database: View, session: AsyncSession, sight: Sight, found: dict[UUID, Summary]
) -> None:
    """Mails that somebody can never get, but for those about what the viewer does not see, such as a direct deal."""
    mail = rows.OutboxMail
    number = func.row_number().over(partition_by=mail.partner_id, order_by=mail.id.desc())
    newest = (
        select(mail.id, number.label("number"))
        .where(sight.of(mail), mail.partner_id.in_(found), mail.has_refusals)
        .subquery()
    )
    wanted = (
        select(mail)
        .join(newest, newest.c.id == mail.id)
        .where(newest.c.number <= ALERTS)
        .order_by(mail.id.desc())
    )
    mails = (await session.scalars(wanted)).all()
    subjects: dict[Any, Any] = defaultdict(lambda: None)
    asked = list({one.subject_id for one in mails})
    subjects.update(zip(asked, await nodes(database, sight, asked), strict=True))
    for one in mails:
        if one.partner_id and subjects[one.subject_id] is not None:
            says = f"“{one.subject}” could not be delivered to {', '.join(one.refused)}."
            alert = Alert(AlertCode.EMAIL_UNDELIVERABLE, says, one.subject_id)
            found[one.partner_id].alerts.append(alert)


async def _find_unheard(session: AsyncSession, sight: Sight, found: dict[UUID, Summary], today: date) -> None:
    """Clients whose notice had nobody to go to, until somebody hears of that renewal or it needs no more (C10)."""
    notice, later, renewal = rows.RenewalNotice, aliased(rows.RenewalNotice), rows.Renewal
    same = (later.renewal_id == notice.renewal_id) & (later.renews_on == notice.renews_on)
    heard = exists(
        select(later.id).where(same, later.mail_id.is_not(None), later.days_before < notice.days_before)
    )
    unheard = (
        select(notice.client_id)
        .join(renewal, (renewal.id == notice.renewal_id) & (renewal.renews_on == notice.renews_on))
        .where(notice.partner_id.in_(found), notice.mail_id.is_(None), notice.renews_on >= today)
        .where(renewal.status.in_(AWAITED), ~heard)
    )
    clients = (
        select(rows.Client)
        .where(sight.partners(rows.Client.partner_id), rows.Client.partner_id.in_(found))
        .where(rows.Client.id.in_(unheard))
        .order_by(rows.Client.name_key, rows.Client.id)
    )
    for client in await session.scalars(clients):
        says = f"A renewal notice for {client.name} had nobody to go to."
        alert = Alert(AlertCode.NO_RENEWAL_RECIPIENTS, says, client.node_id)
        found[client.partner_id].alerts.append(alert)


async def _find_inactive_contacts(session: AsyncSession, sight: Sight, found: dict[UUID, Summary]) -> None:
    """Points of contact in force, of defaults and of overrides, who have been deactivated (C9)."""
    setting = rows.RenewalOwnership
    scope = func.coalesce(setting.client_id, setting.partner_id)
    newest = (
        select(setting.partner_id, scope.label("scope"), func.max(setting.version).label("version"))
        .where(setting.partner_id.in_(found), sight.partners(setting.partner_id))
        .group_by(setting.partner_id, scope)
        .subquery()
    )
    inactive = (
        select(rows.PartnerUser)
        .join(setting, setting.point_of_contact_id == rows.PartnerUser.id)
        .join(newest, (newest.c.partner_id == setting.partner_id) & (newest.c.version == setting.version))
        .where(~rows.PartnerUser.is_active)
        .order_by(rows.PartnerUser.name, rows.PartnerUser.id)
    )
    for user in (await session.scalars(inactive)).unique():
        says = f"{user.name} is a point of contact for renewals, and is no longer active."
        if user.partner_id:
            alert = Alert(AlertCode.POINT_OF_CONTACT_INACTIVE, says, user.node_id)
            found[user.partner_id].alerts.append(alert)
