"""Mutations of links, and of deals' proof of engagement: open a transaction, act, answer."""

from uuid import UUID

from graphql_api.actions import attachment_requests, confirmation_links, proof_of_engagement
from graphql_api.database import Writing
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.resolvers.changing import changing, cursor_after
from graphql_api.resolvers.info import Info
from graphql_api.resolvers.links import choices_of, draft_of, partner_of, preview_of_draft
from graphql_api.resolvers.refusals import Answer, answering
from graphql_api.schema.inputs import changes as inputs


async def _link_now(
    info: Info,
    input: inputs.UpdateConfirmationLinkInput | inputs.DeleteConfirmationLinkInput,
) -> Answer:
    """The link as it stands, after an edit of an older version."""
    return {"confirmation_link": await info.context.loaders.relation("link").load(_link(input.id))}


async def _request_now(info: Info, input: inputs.DeclineAttachmentRequestInput) -> Answer:
    """The request as it stands, after it was answered."""
    request = NodeId(NodeKind.ATTACHMENT_REQUEST, NodeId.key_in(input.id, NodeKind.ATTACHMENT_REQUEST))
    return {"attachment_request": await info.context.loaders.relation("node").load(request)}


@answering
async def preview_link(info: Info, input: inputs.CreateConfirmationLinkInput) -> Answer:
    """Preview a link before it exists; nothing is stored (B11)."""
    return {"preview": await preview_of_draft(info, input)}


@changing()
async def create_link(info: Info, input: inputs.CreateConfirmationLinkInput, writing: Writing) -> Answer:
    """Create a confirmation link (B3)."""
    partner_id = await partner_of(info.context, writing.session, input.partner_id)
    link = await confirmation_links.create(writing, partner_id, draft_of(input))
    return {"confirmation_link": link, "cursor": await cursor_after(info, writing, link.partner_id)}


@changing(_link_now)
async def update_link(info: Info, input: inputs.UpdateConfirmationLinkInput, writing: Writing) -> Answer:
    """Edit a pending link (B34)."""
    products = None if input.products is None else choices_of(input.products)
    edit = confirmation_links.Edit(input.name, products, input.provides_onboarding, input.onboarding_duration)
    sight, version = info.context.sight, input.expected_version
    link = await confirmation_links.edit(writing, sight, _link(input.id), edit, version)
    return {"confirmation_link": link, "cursor": await cursor_after(info, writing, link.partner_id)}


@changing()
async def clone_link(info: Info, input: inputs.CloneConfirmationLinkInput, writing: Writing) -> Answer:
    """Copy a link, whatever its status (B35)."""
    link = await confirmation_links.clone(writing, info.context.sight, _link(input.id), input.name)
    return {"confirmation_link": link, "cursor": await cursor_after(info, writing, link.partner_id)}


@changing(_link_now)
async def delete_link(info: Info, input: inputs.DeleteConfirmationLinkInput, writing: Writing) -> Answer:
    """Delete a pending link for good (B36)."""
    sight, version = info.context.sight, input.expected_version
    link = await confirmation_links.delete(writing, sight, _link(input.id), version)
    cursor = await cursor_after(info, writing, link.partner_id)
    return {"deleted_id": str(link.node_id), "cursor": cursor}


@changing()
async def attach_link(info: Info, input: inputs.AttachConfirmationLinkInput, writing: Writing) -> Answer:
    """Put a link on a deal (B16)."""
    asked = input.attachment_request_id
    request_id = None if asked is None else NodeId.key_in(asked, NodeKind.ATTACHMENT_REQUEST)
    deal, link = await proof_of_engagement.attach(
        writing, info.context.sight, _link(input.confirmation_link_id), _deal(input.deal_id), request_id
    )
    cursor = await cursor_after(info, writing, link.partner_id)
    return {"deal": deal, "confirmation_link": link, "cursor": cursor}


@changing()
async def detach_link(info: Info, input: inputs.DetachConfirmationLinkInput, writing: Writing) -> Answer:
    """Take a link off a deal (B19)."""
    deal, link = await proof_of_engagement.detach(
        writing, info.context.sight, _link(input.confirmation_link_id), _deal(input.deal_id)
    )
    cursor = await cursor_after(info, writing, link.partner_id)
    return {"deal": deal, "confirmation_link": link, "cursor": cursor}


@changing()
async def request_attachment(
    info: Info,
    input: inputs.RequestConfirmationLinkAttachmentInput,
    writing: Writing,
) -> Answer:
    """Ask for a link on a deal that the partner cannot see (B21)."""
    request = await attachment_requests.request(
        writing, info.context.sight, _link(input.confirmation_link_id), input.deal_name, input.message
    )
    cursor = await cursor_after(info, writing, request.partner_id)
    return {"attachment_request": request, "cursor": cursor}


@changing(_request_now)
async def decline_request(
    info: Info, input: inputs.DeclineAttachmentRequestInput, writing: Writing
) -> Answer:
    """Decline a partner's request; the requester is told why."""
    key = NodeId.key_in(input.id, NodeKind.ATTACHMENT_REQUEST)
    request = await attachment_requests.decline(writing, info.context.sight, key, input.reason)
    cursor = await cursor_after(info, writing, request.partner_id)
    return {"attachment_request": request, "cursor": cursor}


def _link(text: str) -> UUID:
    return NodeId.key_in(text, NodeKind.CONFIRMATION_LINK)


def _deal(text: str) -> UUID:
    return NodeId.key_in(text, NodeKind.DEAL)
