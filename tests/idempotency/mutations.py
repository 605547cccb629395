"""Every mutation of the API: who may make it, what is asked for, and what would be other input."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from graphql_api.models import rows
from tests.api import Api
from tests.factories import World
from tests.races.together import everything
from tests.steps import ask_for, attach, token_of

Given = dict[str, Any]
LINK = "cursor confirmationLink { id name version status deal { id } }"
OWNED = "renewalOwnership { owner version }"
COUNTS = "created updated unchanged"


class Change(NamedTuple):
    """A change that can be made once."""

    fields: str
    who: str | None
    ready: Callable[[Api, World], Awaitable[Given]]
    """Makes what is needed, and answers with the input."""
    other: Given
    """What makes it other input."""


def given(**fields: Any) -> Callable[[Api, World], Awaitable[Given]]:
    """Nothing is needed first."""

    async def ready(_api: Api, _world: World) -> Given:
        return fields

    return ready


async def _default(_api: Api, world: World) -> Given:
    return {"owner": "PARTNER", "pointOfContactId": str(world.ours.member.node_id)}


async def _override(_api: Api, world: World) -> Given:
    return {"clientId": str(world.ours.clients[0].node_id), "owner": "HUBSPOT"}


async def _cleared(api: Api, world: World) -> Given:
    asked = {"clientId": str(world.ours.clients[1].node_id)}
    await api.change("setClientRenewalOwner", world.tokens["cam"], "cursor", owner="HUBSPOT", **asked)
    return asked


async def _created(_api: Api, world: World) -> Given:
    return {"name": "Made once", "products": world.chosen("MKT-PRO")}


async def _edited(_api: Api, world: World) -> Given:
    return {"id": str((await world.link()).node_id), "name": "Edited once"}


async def _linked(_api: Api, world: World) -> Given:
    return {"id": str((await world.link()).node_id)}


async def _attached(_api: Api, world: World) -> Given:
    link = await world.link()
    return {"confirmationLinkId": str(link.node_id), "dealId": str(world.ours.shared[0].node_id)}


async def _detached(api: Api, world: World) -> Given:
    link, deal = await world.link(), world.ours.shared[1]
    await attach(api, world.tokens["partner_admin"], link, deal)
    return {"confirmationLinkId": str(link.node_id), "dealId": str(deal.node_id)}


async def _requested(_api: Api, world: World) -> Given:
    return {"confirmationLinkId": str((await world.link()).node_id), "dealName": "Big deal"}


async def _declined(api: Api, world: World) -> Given:
    asked = await ask_for(api, world.tokens["partner_admin"], await world.link())
    return {"id": asked["attachmentRequest"]["id"], "reason": "Not that deal."}


async def _checked_out(api: Api, world: World) -> Given:
    deal = world.ours.shared[2]
    await attach(api, world.tokens["partner_admin"], await world.link(), deal)
    return {
        "dealId": str(deal.node_id),
        "recipientName": "Ana Ruiz",
        "recipientEmail": "ana@acme.example",
    }


async def _confirmed(api: Api, world: World) -> Given:
    signed = {"name": "Ana Ruiz", "email": "ana@acme.example", "seenVersion": 1}
    return {"token": token_of(api, await world.link())} | signed


async def _rejected(api: Api, world: World) -> Given:
    return {**await _confirmed(api, world), "reason": "We never met."}


async def _read(_api: Api, world: World) -> Given:
    await world.link()
    mine = rows.Notification.recipient_id == world.ours.cam.id
    unread = await everything(world, rows.Notification, mine, rows.Notification.read_at.is_(None))
    return {"ids": [str(one.node_id) for one in unread[-2:]]}


async def _revoked(api: Api, world: World) -> Given:
    asked = {"name": "To be revoked", "scopes": ["READ"]}
    made = await api.change("createApiToken", world.tokens["partner_admin"], "apiToken { id }", **asked)
    return {"id": made["apiToken"]["id"]}


PRODUCT = {"code": "NEW", "name": "New Hub", "edition": "STARTER", "onboardingTypes": []}
CLIENT = {"externalId": "new-client", "partnerExternalId": "northwind", "name": "New client"}
RENEWAL = {
    "externalId": "new-renewal",
    "clientExternalId": "northwind-client-0",
    "productCodes": ["MKT-PRO"],
    "renewsOn": "2031-01-31",
    "currentMrr": {"amount": "10.50", "currency": "EUR"},
}
DEAL = {"externalId": "new-deal", "name": "New deal", "isShared": True, "stage": "Open"}
CHANGES = {
    "setDefaultRenewalOwner": Change(
        "cursor partner { id defaultRenewalOwnership { owner version } }",
        "partner_admin",
        _default,
        {"owner": "HUBSPOT"},
    ),
    "setClientRenewalOwner": Change(
        f"cursor client {{ id {OWNED} }}", "partner_member", _override, {"expectedVersion": 7}
    ),
    "clearClientRenewalOwner": Change(
        f"cursor client {{ id {OWNED} }}", "partner_member", _cleared, {"expectedVersion": 7}
    ),
    "createConfirmationLink": Change(LINK, "partner_admin", _created, {"name": "Another"}),
    "updateConfirmationLink": Change(LINK, "partner_admin", _edited, {"name": "Another"}),
    "cloneConfirmationLink": Change(LINK, "partner_admin", _linked, {"name": "Another"}),
    "deleteConfirmationLink": Change("deletedId cursor", "partner_admin", _linked, {"expectedVersion": 1}),
    "attachConfirmationLink": Change(
        f"deal {{ id version }} {LINK}", "partner_admin", _attached, {"dealId": "another"}
    ),
    "detachConfirmationLink": Change(
        f"deal {{ id version }} {LINK}", "cam", _detached, {"dealId": "another"}
    ),
    "requestConfirmationLinkAttachment": Change(
        "attachmentRequest { id status } cursor", "partner_admin", _requested, {"message": "Please."}
    ),
    "declineAttachmentRequest": Change(
        "attachmentRequest { id status } cursor", "cam", _declined, {"reason": "Another."}
    ),
    "startCheckout": Change(
        "checkout { id confirmationLinks { id url } } cursor", "checkout", _checked_out, {"locale": "ES"}
    ),
    "confirmEngagement": Change(
        "invitation { linkName status decidedAt version }", None, _confirmed, {"name": "Another"}
    ),
    "rejectEngagement": Change(
        "invitation { linkName status decidedAt version }", None, _rejected, {"reason": "Another."}
    ),
    "markNotificationsRead": Change("notifications { id readAt }", "cam", _read, {"ids": []}),
    "createApiToken": Change(
        "apiToken { id name scopes }",
        "partner_admin",
        given(name="Made once", scopes=["READ"]),
        {"scopes": ["READ", "LINKS_WRITE"]},
    ),
    "revokeApiToken": Change("apiToken { id revokedAt }", "partner_admin", _revoked, {"id": "another"}),
    "syncProducts": Change(COUNTS, "crm_sync", given(products=[PRODUCT]), {"products": []}),
    "syncPartners": Change(
        COUNTS,
        "crm_sync",
        given(partners=[{"externalId": "new-partner", "name": "New partner"}]),
        {"partners": [{"externalId": "new-partner", "name": "Another"}]},
    ),
    "syncClients": Change(
        COUNTS, "crm_sync", given(clients=[CLIENT]), {"clients": [CLIENT | {"domain": None}]}
    ),
    "syncRenewals": Change(COUNTS, "crm_sync", given(renewals=[RENEWAL]), {"renewals": [RENEWAL] * 2}),
    "syncDeals": Change(COUNTS, "crm_sync", given(deals=[DEAL]), {"deals": [DEAL | {"stage": "Won"}]}),
}
