"""Deciding renewal notices: who hears of which renewal, once, with the recipients frozen (A19, C11, D6)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import exists, select, tuple_

from graphql_api.actions.notify import News, tell
from graphql_api.actions.ownerships import ownerships_of, people_of
from graphql_api.actions.record import Change, audit, record_event
from graphql_api.mail.outbox import enqueue
from graphql_api.mail.renewals import renewal_mail
from graphql_api.models import rows
from graphql_api.models.keys import new_key
from graphql_api.models.money import money
from graphql_api.models.notification import NotificationKind
from graphql_api.models.renewal import AWAITED
from graphql_api.models.renewal_facts import RenewalFacts
from graphql_api.models.renewal_notice import RenewalNoticeStatus
from graphql_api.models.renewal_routing import route
from graphql_api.models.stream import PartnerEventKind
from graphql_api.reading.by_key import records_by_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncSession

    from graphql_api.database import Writing
    from graphql_api.models.renewal_notice import Milestone
    from graphql_api.models.renewal_ownership import Ownership
    from graphql_api.models.renewal_routing import People, Routing


class Place(NamedTuple):
    """Where a renewal is: by its date, as the index has it, and whose."""

    renews_on: date
    renewal_id: UUID
    partner_id: UUID


class Known(NamedTuple):
    """What deciding needs to know of each partner and client, and of the products that renew."""

    partners: Mapping[UUID, rows.Partner]
    clients: Mapping[UUID, rows.Client]
    ownerships: Mapping[UUID, Ownership]
    people: Mapping[UUID, People]
    products: Mapping[UUID, rows.Product]


def is_due(milestone: Milestone, today: date) -> list[ColumnElement[bool]]:
    """The renewals for which the milestone is the latest one due on that day, and not decided yet (C12)."""
    first, last = milestone.dates(today)
    notice, renewal = rows.RenewalNotice, rows.Renewal
    decided = exists(
        select(notice.id).where(
            notice.renewal_id == renewal.id,
            notice.renews_on == renewal.renews_on,
            notice.kind == milestone.kind,
            notice.days_before == milestone.days_before,
        )
    )
    return [renewal.renews_on.between(first, last), renewal.status.in_(AWAITED), ~decided]


async def due_places(
    session: AsyncSession, milestone: Milestone, today: date, after: Place | None, limit: int
) -> list[Place]:
    """Where the renewals are that are due, in order, so many at a time."""
    found = await session.execute(due(milestone, today, after, limit))
    return [Place(*place) for place in found]


def due(milestone: Milestone, today: date, after: Place | None, limit: int) -> Select[date, UUID, UUID]:
    """The question of due_places(): along the index of dates, so that it costs what lies ahead, not all there is."""
    renewal = rows.Renewal
    wanted = select(renewal.renews_on, renewal.id, renewal.partner_id).where(*is_due(milestone, today))
    if after is not None:
        wanted = wanted.where(tuple_(renewal.renews_on, renewal.id) > (after.renews_on, after.renewal_id))
    return wanted.order_by(renewal.renews_on, renewal.id).limit(limit)


async def decide(
    writing: Writing, renewal_ids: Sequence[UUID], milestone: Milestone, today: date
) -> list[rows.RenewalNotice]:
    """Decide the notices of some renewals; those decided, moved or taken meanwhile are left alone."""
    renewals = await _lock(writing.session, renewal_ids, milestone, today)
    if not renewals:
        return []
    known = await _know(writing.session, renewals)
    routed = [(renewal, _routing(renewal, known)) for renewal in renewals]
    notices = [_notice(writing, renewal, known, routing, milestone) for renewal, routing in routed]
    await _write_mails(writing, notices, routed, known, today)
    writing.session.add_all(notices)
    for notice, (_, routing) in zip(notices, routed, strict=True):
        _announce(writing, notice)
        tell(writing, routing.told, _news(notice, known))
    return notices


async def _lock(
    session: AsyncSession, renewal_ids: Sequence[UUID], milestone: Milestone, today: date
) -> Sequence[rows.Renewal]:
    """Lock first, ask afterwards: in one statement, what another worker commits meanwhile would be missed."""
    renewal = rows.Renewal
    free = select(renewal.id).where(renewal.id.in_(renewal_ids)).order_by(renewal.id)
    locked = (await session.scalars(free.with_for_update(key_share=True, skip_locked=True))).all()
    still_due = select(renewal).where(renewal.id.in_(locked), *is_due(milestone, today)).order_by(renewal.id)
    return (await session.scalars(still_due.execution_options(populate_existing=True))).all()


async def _know(session: AsyncSession, renewals: Sequence[rows.Renewal]) -> Known:
    partners = await records_by_key(session, rows.Partner, {renewal.partner_id for renewal in renewals})
    clients = await records_by_key(session, rows.Client, {renewal.client_id for renewal in renewals})
    ownerships = await ownerships_of(session, clients.values())
    people = await people_of(session, list(clients.values()), ownerships)
    products = await records_by_key(
        session, rows.Product, {p.product_id for renewal in renewals for p in renewal.products}
    )
    return Known(partners, clients, ownerships, people, products)


def _routing(renewal: rows.Renewal, known: Known) -> Routing:
    return route(known.ownerships[renewal.client_id].owner, known.people[renewal.client_id])


def _notice(
    writing: Writing, renewal: rows.Renewal, known: Known, routing: Routing, milestone: Milestone
) -> rows.RenewalNotice:
    return rows.RenewalNotice(
        id=new_key(),
        partner_id=renewal.partner_id,
        client_id=renewal.client_id,
        renewal_id=renewal.id,
        renews_on=renewal.renews_on,
        kind=milestone.kind,
        days_before=milestone.days_before,
        owner=known.ownerships[renewal.client_id].owner,
        to=[one.as_data() for one in routing.to],
        cc=[one.as_data() for one in routing.cc],
        explanation=routing.explanation,
        status=RenewalNoticeStatus.NO_RECIPIENTS,
        created_at=writing.now,
    )


async def _write_mails(
    writing: Writing,
    notices: Sequence[rows.RenewalNotice],
    routed: Sequence[tuple[rows.Renewal, Routing]],
    known: Known,
    today: date,
) -> None:
    mails = []
    for notice, (renewal, routing) in zip(notices, routed, strict=True):
        if routing.to:
            mail = renewal_mail(notice, routing, _facts(renewal, known, today), writing.now)
            notice.mail_id, notice.status = mail.id, RenewalNoticeStatus.QUEUED
            mails.append(mail)
            await asyncio.sleep(0)  # a hundred in one go would hold up whatever else the process serves
    enqueue(writing, mails)
    await writing.session.flush()


def _facts(renewal: rows.Renewal, known: Known, today: date) -> RenewalFacts:
    return RenewalFacts(
        client_name=known.clients[renewal.client_id].name,
        partner_name=known.partners[renewal.partner_id].name,
        product_names=tuple(known.products[listed.product_id].name for listed in renewal.products),
        renews_on=renewal.renews_on,
        decision_deadline=renewal.decision_deadline,
        days_to_renewal=renewal.days_to_renewal(today),
        current_mrr=money(renewal.current_mrr, renewal.currency),
        renewal_mrr=money(renewal.renewal_mrr, renewal.currency),
    )


def _announce(writing: Writing, notice: rows.RenewalNotice) -> None:
    record_event(writing, notice.partner_id, PartnerEventKind.RENEWAL_NOTICE_QUEUED, notice.node_id)
    changes = [
        _listed("to", notice.to),
        _listed("cc", notice.cc),
        Change("explanation", None, notice.explanation),
    ]
    audit(writing, "renewal_notice.decide", notice.node_id, changes, partner_id=notice.partner_id)


def _news(notice: rows.RenewalNotice, known: Known) -> News:
    title = f"{known.clients[notice.client_id].name} renews on {notice.renews_on.isoformat()}"
    return News(NotificationKind.RENEWAL_NOTICE, notice.partner_id, notice.node_id, title, notice.explanation)


def _listed(field: str, recipients: Sequence[dict[str, Any]]) -> Change:
    return Change(field, None, ", ".join(one["email"] for one in recipients) or None)
