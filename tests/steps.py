"""What people and machines do over the API, in a line each."""

from __future__ import annotations

from typing import Any

from graphql_api.models import rows
from tests.api import Api

ATTACHED = (
    "cursor deal { id proofOfEngagement { id } } "
    "confirmationLink { id stage status version sentAt client { id name } deal { id } }"
)
INVITATION = "invitation { linkName clientName status decidedAt version }"
Payload = dict[str, Any]


async def attach(api: Api, who: str, link: rows.ConfirmationLink, deal: rows.Deal, **more: Any) -> Payload:
    """Put a link on a deal."""
    ids = {"confirmationLinkId": str(link.node_id), "dealId": str(deal.node_id)}
    return await api.change("attachConfirmationLink", who, ATTACHED, **(ids | more))


async def detach(api: Api, who: str, link: rows.ConfirmationLink, deal: rows.Deal, **more: Any) -> Payload:
    """Take a link off a deal."""
    ids = {"confirmationLinkId": str(link.node_id), "dealId": str(deal.node_id)}
    return await api.change("detachConfirmationLink", who, ATTACHED, **(ids | more))


async def ask_for(api: Api, who: str, link: rows.ConfirmationLink, **more: Any) -> Payload:
    """Ask for a link on a direct deal."""
    given = {
        "confirmationLinkId": str(link.node_id),
        "dealName": "Acme expansion",
        "message": "Please.",
    } | more
    fields = "cursor attachmentRequest { id status dealName message requestedBy { name } }"
    return await api.change("requestConfirmationLinkAttachment", who, fields, **given)


async def decline(api: Api, who: str, request_id: str, reason: str = "Not this deal.") -> Payload:
    """Decline a request."""
    fields = "cursor attachmentRequest { id status declinedBecause }"
    return await api.change("declineAttachmentRequest", who, fields, id=request_id, reason=reason)


async def check_out(api: Api, who: str, deal: rows.Deal, **changed: Any) -> Payload:
    """Start the checkout of a deal."""
    given = {"dealId": str(deal.node_id), "recipientName": "Ana Ruiz", "recipientEmail": "ana@acme.example"}
    fields = "cursor checkout { id recipientName recipientEmail confirmationLinks { id url status stage } }"
    return await api.change("startCheckout", who, fields, **(given | changed))


async def confirm(api: Api, link: rows.ConfirmationLink, **changed: Any) -> Payload:
    """The client says yes; nobody is signed in."""
    return await api.change("confirmEngagement", None, INVITATION, **(_signed(api, link) | changed))


async def reject(api: Api, link: rows.ConfirmationLink, **changed: Any) -> Payload:
    """The client says no."""
    given = _signed(api, link) | {"reason": "We never met."} | changed
    return await api.change("rejectEngagement", None, INVITATION, **given)


async def edit(api: Api, who: str, link: rows.ConfirmationLink, **changed: Any) -> Payload:
    """Edit a link."""
    fields = "cursor confirmationLink { id name version status }"
    return await api.change("updateConfirmationLink", who, fields, id=str(link.node_id), **changed)


async def delete(api: Api, who: str, link: rows.ConfirmationLink) -> Payload:
    """Delete a link."""
    fields = "deletedId cursor confirmationLink { status }"
    return await api.change("deleteConfirmationLink", who, fields, id=str(link.node_id))


def token_of(api: Api, link: rows.ConfirmationLink) -> str:
    """The token in the link's URL."""
    return api.app.service.link_tokens.token_of(link.id)


def _signed(api: Api, link: rows.ConfirmationLink) -> Payload:
    return {"token": token_of(api, link), "name": "Ana Ruiz", "email": "ana@acme.example", "seenVersion": 1}
