"""What the mutations write, each in one transaction."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from datetime import UTC, datetime
from html import escape
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from graphql_api.models import rows
from graphql_api.models.confirmation_link import LinkStatus
from graphql_api.models.keys import new_key
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.models.notification import NotificationKind
from graphql_api.models.outbox_mail import MailKind
from graphql_api.models.stream import PartnerEventKind

NAME_LIMIT = 200
KEY_BYTES = 16
TEXT = "Hello {to},\n\n{by} created the confirmation link “{link}” of {partner}. It states:\n\n{products}\n"
HTML = "<!doctype html><html><body><p>Hello {to},</p><p>{by} created “{link}” of {partner}.</p>{products}</body></html>"


class Refusal(NamedTuple):
    """Why nothing was changed."""

    code: str
    message: str


Outcome = tuple[Any, list[Refusal], int]
"""The link, or why there is none, and where the partner's stream stands."""


async def create(session: AsyncSession, viewer: Any, asked: Any) -> Outcome:
    """A link, its event, its audit entry, and the news and mails to the partner's account managers."""
    chosen = [(NodeId.key_in(p.product_id, NodeKind.PRODUCT), p.onboarding_type_code) for p in asked.products]
    wanted = select(rows.Product).where(rows.Product.id.in_([key for key, _ in chosen]))
    products = {product.id: product for product in await session.scalars(wanted)}
    if refusals := [*_refusals(asked, chosen, products)]:
        return None, refusals, 0
    now = datetime.now(UTC)
    link = _link(viewer, asked, chosen, now)
    session.add(link)
    await session.flush()
    position = await _next_position(session, link.partner_id)
    session.add(_event(link, PartnerEventKind.LINK_CREATED, position, now))
    session.add(_audit(viewer, link, now))
    partner = await session.get_one(rows.Partner, link.partner_id)
    listed = [f"{products[key].name} ({code})" for key, code in chosen]
    for member in await _team(session, link.partner_id):
        session.add(await _news(session, member, viewer, link, partner))
        session.add(_mail(member, viewer, link, partner, listed))
    return link, [], position


async def confirm(session: AsyncSession, asked: Any) -> Outcome:
    """The client's yes, and its event."""
    key = UUID(bytes=urlsafe_b64decode(asked.token + "=")[:KEY_BYTES])
    link = await session.get(rows.ConfirmationLink, key, with_for_update=True)
    if link is None or not link.is_pending:
        return None, [Refusal("NOT_PENDING", "answered already")], 0
    now = datetime.now(UTC)
    link.decide(LinkStatus.CONFIRMED, now)
    decision = rows.Decision(
        link_id=key, status=link.status, decided_at=now, decided_by_name=asked.name,
        decided_by_email=asked.email, evidence="{}", evidence_hash="",
    )  # fmt: skip
    position = await _next_position(session, link.partner_id)
    session.add_all([decision, _event(link, PartnerEventKind.LINK_CONFIRMED, position, now)])
    return link, [], position


def _refusals(asked: Any, chosen: list[Any], products: dict[UUID, Any]) -> list[Refusal]:
    found = []
    if not 0 < len(asked.name.strip()) <= NAME_LIMIT:
        found.append(Refusal("BLANK", "say a name of at most 200 characters"))
    if not chosen:
        found.append(Refusal("NO_PRODUCTS", "name a product"))
    for key, code in chosen:
        if key not in products:
            found.append(Refusal("NOT_FOUND", "no such product"))
        elif code not in {known.code for known in products[key].onboarding_types}:
            found.append(Refusal("ONBOARDING_TYPE_INVALID", "no such onboarding type"))
    return found


def _link(viewer: Any, asked: Any, chosen: list[Any], now: datetime) -> rows.ConfirmationLink:
    return rows.ConfirmationLink(
        id=new_key(), partner_id=viewer.partner_id, name=asked.name.strip(), status=LinkStatus.PENDING,
        provides_onboarding=asked.provides_onboarding, onboarding_duration=asked.onboarding_duration,
        created_by_id=viewer.id, created_at=now, updated_at=now, version=1,
        products=[
            rows.LinkProduct(position=position, product_id=key, onboarding_type_code=code)
            for position, (key, code) in enumerate(chosen)
        ],
    )  # fmt: skip


async def _next_position(session: AsyncSession, stream: UUID) -> int:
    taken = insert(rows.Stream).values(id=stream, position=1)
    moved = taken.on_conflict_do_update(index_elements=["id"], set_={"position": rows.Stream.position + 1})
    return int((await session.execute(moved.returning(rows.Stream.position))).scalar_one())


def _event(
    link: rows.ConfirmationLink, kind: PartnerEventKind, position: int, now: datetime
) -> rows.PartnerEvent:
    return rows.PartnerEvent(
        partner_id=link.partner_id, position=position, kind=kind, subject_id=link.node_id, occurred_at=now
    )


def _audit(viewer: Any, link: rows.ConfirmationLink, now: datetime) -> rows.AuditEntry:
    return rows.AuditEntry(
        partner_id=link.partner_id, action="confirmation_link.create", actor_id=viewer.id, actor_name=viewer.name,
        subject_id=link.node_id, changes=[{"field": "name", "before": None, "after": link.name}], occurred_at=now,
    )  # fmt: skip


async def _team(session: AsyncSession, partner_id: UUID) -> list[rows.Actor]:
    assigned = select(rows.Assignment.staff_member_id).where(rows.Assignment.partner_id == partner_id)
    team = select(rows.Actor).where(rows.Actor.id.in_(assigned), rows.Actor.is_active)
    return list(await session.scalars(team.order_by(rows.Actor.id)))


async def _news(
    session: AsyncSession, member: Any, viewer: Any, link: rows.ConfirmationLink, partner: rows.Partner
) -> rows.Notification:
    return rows.Notification(
        recipient_id=member.id, position=await _next_position(session, member.id), partner_id=link.partner_id,
        kind=NotificationKind.LINK_CREATED, title=f"{partner.name} created “{link.name}”",
        body=f"{viewer.name} made a confirmation link.", subject_id=link.node_id, created_at=link.created_at,
    )  # fmt: skip


def _mail(
    member: Any, viewer: Any, link: rows.ConfirmationLink, partner: rows.Partner, listed: list[str]
) -> rows.OutboxMail:
    said = {"to": member.name, "by": viewer.name, "link": link.name, "partner": partner.name}
    safe = {name: escape(value) for name, value in said.items()}
    items = "".join(f"<li>{escape(product)}</li>" for product in listed)
    return rows.OutboxMail(
        partner_id=link.partner_id, kind=MailKind.LINK_CREATED, subject_id=link.node_id, locale=member.locale,
        recipients=[{"name": member.name, "email": member.email, "field": "to"}], remaining=[member.email],
        subject=f"New confirmation link of {partner.name}: {link.name}",
        text=TEXT.format(products="\n".join(listed), **said), html=HTML.format(products=f"<ul>{items}</ul>", **safe),
        created_at=link.created_at, next_attempt_at=link.created_at,
    )  # fmt: skip
