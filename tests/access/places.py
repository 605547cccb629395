"""Every place at which a viewer can point at something, or come upon it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from graphql_api.models import rows
from graphql_api.models.actor import Role
from graphql_api.models.by import By
from graphql_api.models.keys import new_key
from graphql_api.models.renewal import RenewalStatus
from tests.api import Api
from tests.confirmation_links.steps import all_of, attach, check_out, id_of
from tests.factories import Firm, World


@dataclass
class Things:
    """One of everything that a firm has, by the kind's name."""

    firm: Firm
    rows: dict[str, Any]

    def id(self, kind: str) -> str:
        """The global id of the firm's thing of that kind."""
        return id_of(self.rows[kind])


async def things_of(api: Api, world: World, firm: Firm, tokens: tuple[str, str]) -> Things:
    """One of everything: a link on a deal, sent, asked for, told of, with contacts, renewals, tokens and machines."""
    partner_token, cam_token = tokens
    link, other = await world.link(firm, "Secret proof"), await world.link(firm, "Secret other")
    assert firm.direct
    asked = {"confirmationLinkId": id_of(other), "dealName": "Secret deal"}
    for done in (
        await api.change("requestConfirmationLinkAttachment", partner_token, "cursor", **asked),
        await attach(api, partner_token, link, firm.shared[0]),
        await attach(api, cam_token, other, firm.direct),
        await check_out(api, world, firm.shared[0]),
        await check_out(api, world, firm.direct),
        await api.change("createApiToken", partner_token, "secret", name="Secret token", scopes=["READ"]),
    ):
        assert done["userErrors"] == []
    made = await _made(world, firm)
    found = {
        "partner": firm.partner,
        "user": firm.member,
        "cam": firm.cam,
        "client": firm.clients[0],
        "link": link,
        "deal": firm.shared[0],
        "direct deal": firm.direct,
        "request": await _one(
            world, rows.AttachmentRequest, rows.AttachmentRequest.partner_id == firm.partner.id
        ),
        "checkout": await _one(world, rows.Checkout, rows.Checkout.deal_id == firm.shared[0].id),
        "direct checkout": await _one(world, rows.Checkout, rows.Checkout.deal_id == firm.direct.id),
        "activity": await _one(world, rows.DealActivity, rows.DealActivity.deal_id == firm.shared[0].id),
        "direct activity": await _one(world, rows.DealActivity, rows.DealActivity.deal_id == firm.direct.id),
        "notification": await _one(world, rows.Notification, rows.Notification.recipient_id == firm.cam.id),
        "audit entry": await _one(world, rows.AuditEntry, rows.AuditEntry.partner_id == firm.partner.id),
        "token": await _one(
            world,
            rows.ApiToken,
            rows.ApiToken.name == "Secret token",
            rows.ApiToken.actor_id == firm.admin.id,
        ),
    }
    return Things(firm, found | made)


async def _one(world: World, model: Any, *conditions: Any) -> Any:
    return (await all_of(world.database, model, *conditions))[0]


async def _made(world: World, firm: Firm) -> dict[str, Any]:
    """What only the vendor's systems bring in."""
    now = datetime.now(UTC)
    contact = rows.ClientContact(
        id=new_key(),
        client_id=firm.clients[0].id,
        email="secret@client.example",
        name="Secret Contact",
        held=[],
    )
    machine = rows.Integration(
        id=new_key(), name="Secret machine", partner_id=firm.partner.id, created_at=now
    )
    renewal = rows.Renewal(
        id=new_key(), external_id=f"r-{firm.partner.name}", partner_id=firm.partner.id, client_id=firm.clients[0].id,
        renews_on=date(2030, 1, 1), status=RenewalStatus.PENDING, created_at=now,
    )  # fmt: skip
    async with world.database.write(By(None, "Test")) as writing:
        writing.session.add_all([contact, machine, renewal])
    return {"contact": contact, "machine": machine, "renewal": renewal}


async def renewal_manager_of(world: World, renewal: rows.Renewal) -> str:
    """The token of a renewal manager who looks after just this renewal."""
    person = rows.StaffMember(
        id=new_key(),
        name="Rex Manager",
        email="rex@vendor.example",
        role=Role.RENEWAL_MANAGER,
        created_at=datetime.now(UTC),
    )
    async with world.database.write(By(None, "Test")) as writing:
        writing.session.add(person)
        await writing.session.flush()
        (await writing.session.get_one(rows.Renewal, renewal.id)).renewal_manager_id = person.id
    return await world.token_for(person)
