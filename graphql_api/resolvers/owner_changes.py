"""Mutations of renewal owners."""

from uuid import UUID

from graphql_api.actions import renewal_owners
from graphql_api.database import Writing
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.resolvers.changing import changing, cursor_after
from graphql_api.resolvers.info import Info
from graphql_api.resolvers.links import partner_of
from graphql_api.resolvers.refusals import Answer
from graphql_api.schema.inputs import owners as inputs


async def _partner_now(info: Info, input: inputs.SetDefaultRenewalOwnerInput) -> Answer:
    """The partner as it stands, after a change of an older version."""
    async with info.context.database.read() as session:
        key = await partner_of(info.context, session, input.partner_id)
    return {"partner": await info.context.loaders.relation("partner").load(key)}


async def _client_now(
    info: Info, input: inputs.SetClientRenewalOwnerInput | inputs.ClearClientRenewalOwnerInput
) -> Answer:
    """The client as it stands, after a change of an older version."""
    return {"client": await info.context.loaders.relation("client").load(_client(input.client_id))}


@changing(_partner_now)
async def set_default(info: Info, input: inputs.SetDefaultRenewalOwnerInput, writing: Writing) -> Answer:
    """Set the owner for every client without an override (A4)."""
    context = info.context
    partner_id = await partner_of(context, writing.session, input.partner_id)
    contact_id = _user(input.point_of_contact_id)
    partner = await renewal_owners.set_default(
        writing, context.sight, partner_id, input.owner, contact_id, input.expected_version
    )
    return {"partner": partner, "cursor": await cursor_after(info, writing, partner.id)}


@changing(_client_now)
async def set_override(info: Info, input: inputs.SetClientRenewalOwnerInput, writing: Writing) -> Answer:
    """Set the owner for one client (A3)."""
    context = info.context
    contact_id = _user(input.point_of_contact_id)
    client = await renewal_owners.set_override(
        writing, context.sight, _client(input.client_id), input.owner, contact_id, input.expected_version
    )
    return {"client": client, "cursor": await cursor_after(info, writing, client.partner_id)}


@changing(_client_now)
async def clear_override(info: Info, input: inputs.ClearClientRenewalOwnerInput, writing: Writing) -> Answer:
    """Let a client follow the default again (C7)."""
    context = info.context
    client = await renewal_owners.clear_override(
        writing, context.sight, _client(input.client_id), input.expected_version
    )
    return {"client": client, "cursor": await cursor_after(info, writing, client.partner_id)}


def _client(text: str) -> UUID:
    return NodeId.key_in(text, NodeKind.CLIENT)


def _user(text: str | None) -> UUID | None:
    return None if text is None else NodeId.key_in(text, NodeKind.PARTNER_USER)
