"""Answers that hold for everything with a global id, and for every list."""

from typing import Any

from graphql_api.dataloaders.page import Page
from graphql_api.models.node_id import NodeId, spelled
from graphql_api.resolvers.info import Info, together
from graphql_api.schema.inputs.arguments import Id, Ids


def global_ids(_info: Info, roots: list[Any]) -> list[str]:
    """The global id of each: all of one model differ in their keys alone."""
    if len(set(map(type, roots))) > 1:
        return [str(root.node_id) for root in roots]
    return spelled(roots[0].node_id.kind, [root.id for root in roots])


@together(global_ids)
def global_id(root: Any) -> str:
    """Its global id."""
    return str(root.node_id)


def subject_id(root: Any) -> str | None:
    """The global id of what it is about."""
    return None if root.subject_id is None else str(root.subject_id)


async def total_count(root: Page) -> int:
    """How long the whole list is."""
    return await root.count()


async def node(info: Info, id: Id) -> Any:
    """What has this global id, if the viewer can see it."""
    return (await nodes(info, [id]))[0]


async def nodes(info: Info, ids: Ids) -> list[Any]:
    """What has these global ids, in their order; null for what the viewer cannot see."""
    loader = info.context.loaders.relation("node")
    parsed = [NodeId.parse(text) for text in ids]
    asked = list(dict.fromkeys(one for one in parsed if one))
    by_id = dict(zip(asked, await loader.load_many(asked), strict=True))
    return [by_id[one] if one else None for one in parsed]
