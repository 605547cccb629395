"""Mutations of the viewer's own things: notifications and tokens."""

from graphql_api.actions import api_tokens, notifications
from graphql_api.database import Writing
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.resolvers.changing import changing
from graphql_api.resolvers.info import Info
from graphql_api.resolvers.refusals import Answer
from graphql_api.schema.inputs import changes as inputs


@changing(notifications=[])
async def mark_notifications_read(
    info: Info, input: inputs.MarkNotificationsReadInput, writing: Writing
) -> Answer:
    """Mark notifications as read."""
    keys = [NodeId.key_in(text, NodeKind.NOTIFICATION) for text in input.ids]
    return {"notifications": await notifications.mark_read(writing, info.context.sight, keys)}


@changing()
async def create_api_token(info: Info, input: inputs.CreateApiTokenInput, writing: Writing) -> Answer:
    """Make a token for oneself; its secret is shown this once."""
    viewer = info.context.viewer
    made = await api_tokens.create(writing, viewer, input.name, input.scopes, input.expires_at)
    return {"api_token": made.row, "secret": made.secret}


@changing()
async def revoke_api_token(info: Info, input: inputs.RevokeApiTokenInput, writing: Writing) -> Answer:
    """Stop one of one's own tokens."""
    context, key = info.context, NodeId.key_in(input.id, NodeKind.API_TOKEN)
    return {"api_token": await api_tokens.revoke(writing, context.sight, context.viewer, key)}
