"""Answers at the root: one thing by its id, or a list of everything that the viewer sees."""

from functools import partial
from typing import Any

from graphql import FieldNode
from sqlalchemy import select

from graphql_api.dataloaders.ahead import bringing
from graphql_api.dataloaders.relations import NODES
from graphql_api.models import rows
from graphql_api.models.client_error import BadUserInput
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.models.text import cleaned
from graphql_api.resolvers.info import Info, ahead_of, brings
from graphql_api.schema.inputs.arguments import ExternalId, Id, OptionalId, PartnerId


@brings(rows.Partner)
async def partner(info: Info, id: PartnerId = None) -> Any:
    """A partner; without an id the viewer's own."""
    if id is not None:
        return await _one(info, NodeKind.PARTNER, id)
    own = info.context.viewer.partner_id
    return await info.context.loaders.relation("partner").load(own) if own else None


@brings(rows.Client)
async def client(info: Info, id: Id) -> Any:
    """A client."""
    return await _one(info, NodeKind.CLIENT, id)


@brings(rows.ConfirmationLink)
async def confirmation_link(info: Info, id: Id) -> Any:
    """A confirmation link."""
    return await _one(info, NodeKind.CONFIRMATION_LINK, id)


@brings(rows.Deal)
async def shared_deal(info: Info, id: Id) -> Any:
    """A shared deal."""
    found = await _one(info, NodeKind.DEAL, id)
    return found if found and found.is_shared else None


@brings(rows.Deal)
async def deal(info: Info, id: OptionalId = None, external_id: ExternalId = None) -> Any:
    """A deal of either kind.

    Raises:
        BadUserInput: neither or both of the arguments.

    """
    if (id is None) == (external_id is None):
        msg = "Give either id or externalId"
        raise BadUserInput(msg)
    if id is not None:
        return await _one(info, NodeKind.DEAL, id)
    wanted = info.context.sight.select(rows.Deal).where(rows.Deal.external_id == cleaned(external_id or ""))
    async with info.context.database.read() as session:
        return await session.scalar(wanted)


async def products(info: Info) -> Any:
    """The catalogue, by name and edition."""
    return await info.context.loaders.once("products", partial(_catalogue, info))


async def _catalogue(info: Info) -> Any:
    async with info.context.database.read() as session:
        return (
            await session.scalars(select(rows.Product).order_by(rows.Product.name, rows.Product.code))
        ).all()


async def _one(info: Info, kind: NodeKind, text: str) -> Any:
    """What has this global id, if it is of the kind and the viewer can see it."""
    loaders, leads = info.context.loaders, ahead_of(info)
    name, batch, key = (kind, leads), bringing(loaders, NODES[kind], leads), NodeId.key_in(text, kind)
    if _is_alone(info):
        return (await loaders.every(name, batch, [key]))[0]
    return await loaders.loader(name, batch).load(key)


def _is_alone(info: Info) -> bool:
    """Whether nothing else is asked at the root, so that there is nobody to ask together with."""
    asked = info.operation.selection_set.selections
    return len(asked) == 1 and isinstance(asked[0], FieldNode)
