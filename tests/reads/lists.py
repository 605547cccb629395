"""Every list that can be asked for, and many rows for each."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from graphql_api.models import rows
from graphql_api.models.attachment_request import AttachmentRequestStatus
from graphql_api.models.by import By
from graphql_api.models.deal import DealActivityKind
from graphql_api.models.keys import new_key
from graphql_api.models.notification import NotificationKind
from graphql_api.models.renewal import RenewalStatus
from tests.api import Api
from tests.factories import World

ROWS = 8


class Listed(NamedTuple):
    """A list: how to ask for it with arguments in place of %s, and where it stands in the answer."""

    document: str
    path: tuple[str, ...]
    who: str = "cam"


INNER = """{
  totalCount nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
}"""


def lists(world: World) -> dict[str, Listed]:
    """All of them, by name; those sorted by a column with ties above all."""
    partner = f'partner(id: "{world.ours.partner.node_id}")'
    client = f'client(id: "{world.ours.clients[0].node_id}")'
    deal = f'sharedDeal(id: "{world.ours.shared[0].node_id}")'
    ordered = {
        f"{name} {field} {direction}": Listed(
            f"{{ {name}(%s orderBy: {{ field: {field}, direction: {direction} }}) {INNER} }}", (name,)
        )
        for name, fields in {
            "confirmationLinks": ("CREATED_AT", "UPDATED_AT", "NAME"),
            "clients": ("NAME", "CREATED_AT"),
            "sharedDeals": ("NAME", "CLOSES_ON", "CREATED_AT"),
            "renewals": ("RENEWS_ON", "MRR_CHANGE"),
        }.items()
        for field in fields
        for direction in ("ASC", "DESC")
    }
    plain = {
        "partners": Listed(f"{{ partners(%s) {INNER} }}", ("partners",), "staff_admin"),
        "deals": Listed(f"{{ deals(%s) {INNER} }}", ("deals",)),
        "requests": Listed(f"{{ attachmentRequests(%s) {INNER} }}", ("attachmentRequests",)),
        "notifications": Listed(f"{{ viewer {{ notifications(%s) {INNER} }} }}", ("viewer", "notifications")),
    }
    nested = {
        f"{owner[:6]} {name}": Listed(
            f"{{ {owner} {{ {name}(%s) {INNER} }} }}", (owner.partition("(")[0], name)
        )
        for owner, names in {
            partner: ("clients", "confirmationLinks", "sharedDeals", "auditLog", "renewals"),
            client: ("confirmationLinks", "sharedDeals", "renewals"),
            deal: ("activities",),
        }.items()
        for name in names
    }
    closing = (
        f"{{ {partner} {{ sharedDeals(%s orderBy: {{ field: CLOSES_ON, direction: DESC }}) {INNER} }} }}"
    )
    return ordered | plain | nested | {"nested closing": Listed(closing, ("partner", "sharedDeals"))}


async def page(api: Api, world: World, listed: Listed, arguments: str = "") -> dict[str, Any]:
    """A page of the list."""
    found: Any = await api.ask(
        listed.document.replace("(%s)", f"({arguments})" if arguments else "").replace("%s", arguments),
        world.tokens[listed.who],
    )
    for step in listed.path:
        found = found[step]
    return dict(found)


async def fill(world: World) -> None:
    """More rows for every list, many of which tie in what the list is sorted by."""
    ours = world.ours
    async with world.database.write(By(None, "Test")) as writing:
        session = writing.session
        moments = [datetime(2026, 1, 1 + n // 3, tzinfo=UTC) for n in range(ROWS)]
        partners = [
            rows.Partner(id=new_key(), name=f"Firm {n // 3}", created_at=moments[n]) for n in range(ROWS)
        ]
        clients = [
            rows.Client(
                id=new_key(), partner_id=ours.partner.id, name=f"client {n // 3}", created_at=moments[n]
            )
            for n in range(ROWS)
        ]
        deals = [
            rows.Deal(
                id=new_key(),
                is_shared=True,
                partner_id=ours.partner.id,
                client_id=ours.clients[0].id,
                stage="Open",
                name=f"deal {n // 3}",
                created_at=moments[n],
                closes_on=date(2026, 5, 1 + n // 3) if n > 2 else None,
                amount=Decimal(n),
                currency="EUR",
            )
            for n in range(ROWS)
        ]
        session.add_all([*partners, *clients])
        await session.flush()
        session.add_all(deals)
        links = [
            rows.ConfirmationLink(
                id=new_key(),
                partner_id=ours.partner.id,
                name=f"Link {n // 3}",
                client_id=ours.clients[0].id,
                created_by_id=ours.admin.id,
                created_at=moments[n],
                updated_at=moments[-1 - n],
                provides_onboarding=False,
            )
            for n in range(ROWS)
        ]
        session.add_all(links)
        await session.flush()
        for n in range(ROWS):
            session.add_all(_told(world, links[n], n, moments[n]))


def _told(world: World, link: rows.ConfirmationLink, n: int, when: datetime) -> list[Any]:
    ours = world.ours
    return [
        rows.AttachmentRequest(
            id=new_key(),
            partner_id=ours.partner.id,
            link_id=link.id,
            deal_name="Big",
            requested_by_id=ours.admin.id,
            created_at=when,
            status=list(AttachmentRequestStatus)[n % 3],
        ),
        rows.DealActivity(
            id=new_key(),
            deal_id=ours.shared[0].id,
            partner_id=ours.partner.id,
            kind=DealActivityKind.LINK_EDITED,
            link_id=link.id,
            link_name="Link",
            actor_id=ours.admin.id,
            actor_name="Ada",
            summary="Edited",
            occurred_at=when,
        ),
        rows.AuditEntry(
            id=new_key(),
            partner_id=ours.partner.id,
            action="confirmation_link.edit",
            actor_name="Ada",
            subject_id=link.node_id,
            changes=[],
            occurred_at=when,
        ),
        rows.Notification(
            id=new_key(),
            recipient_id=ours.cam.id,
            position=n + 1,
            partner_id=ours.partner.id,
            title="Told",
            body="",
            kind=NotificationKind.LINK_CREATED,
            subject_id=link.node_id,
            created_at=when,
        ),
        rows.Renewal(
            id=new_key(),
            partner_id=ours.partner.id,
            client_id=ours.clients[0].id,
            status=RenewalStatus.PENDING,
            renews_on=date(2030, 1, 1 + n // 3),
            created_at=when,
            currency="EUR",
            current_mrr=Decimal(999_999_999_999) if n % 2 else None,
            renewal_mrr=Decimal(n // 4),
        ),
    ]
