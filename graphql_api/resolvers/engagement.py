"""Checkout, and the client's answer over the API: the same actions as the client's page."""

from graphql_api.actions import checkouts, engagement
from graphql_api.actions.checkouts import Recipient
from graphql_api.actions.engagement import CLIENT
from graphql_api.database import Writing
from graphql_api.models.confirmation_link import LinkStatus
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.resolvers.changing import changing, cursor_after
from graphql_api.resolvers.info import Info
from graphql_api.resolvers.links import invitation
from graphql_api.resolvers.refusals import Answer
from graphql_api.schema.inputs import changes as inputs


async def _invitation_now(
    info: Info, input: inputs.ConfirmEngagementInput | inputs.RejectEngagementInput
) -> Answer:
    """The link as the client would see it now: its new terms, or the standing decision (C18, C20)."""
    return {"invitation": await invitation(info, input.token)}


@changing()
async def start_checkout(info: Info, input: inputs.StartCheckoutInput, writing: Writing) -> Answer:
    """The client confirms its purchase: its pending links go out (B4, C23)."""
    context = info.context
    recipient = Recipient(input.recipient_name, input.recipient_email, input.locale)
    deal_id = NodeId.key_in(input.deal_id, NodeKind.DEAL)
    tokens = context.service.link_tokens
    checkout, partner_id = await checkouts.start(writing, context.sight, tokens, deal_id, recipient)
    cursor = await cursor_after(info, writing, partner_id)
    return {"checkout": checkout, "cursor": cursor}


@changing(_invitation_now, by=CLIENT)
async def confirm_engagement(info: Info, input: inputs.ConfirmEngagementInput, writing: Writing) -> Answer:
    """The client says yes (B31)."""
    return await _answer(info, input, writing, LinkStatus.CONFIRMED, None)


@changing(_invitation_now, by=CLIENT)
async def reject_engagement(info: Info, input: inputs.RejectEngagementInput, writing: Writing) -> Answer:
    """The client says no, and why (B32)."""
    return await _answer(info, input, writing, LinkStatus.REJECTED, input.reason)


async def _answer(
    info: Info,
    given: inputs.ConfirmEngagementInput | inputs.RejectEngagementInput,
    writing: Writing,
    answer: LinkStatus,
    reason: str | None,
) -> Answer:
    link_id = info.context.service.link_tokens.link_id(given.token)
    answered = await engagement.answer(
        writing,
        link_id,
        answer=answer,
        name=given.name,
        email=given.email,
        reason=reason,
        seen_version=given.seen_version,
        seen_hash=given.seen_statement_hash,
    )
    return {"invitation": answered}
