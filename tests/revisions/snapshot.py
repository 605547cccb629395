"""What somebody sees of everything: a query over every field of every type, made from the schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_required_argument,
)

from graphql_api.schema.root import SCHEMA
from tests.api import Api

DEEP = 2
"""So many things that have an id within each other."""

ARGUMENTS = {
    "Client.renewalOwnershipAt": '(at: "2031-01-01T00:00:00Z")',
    "Partner.renewalOwnershipImpact": "(owner: HUBSPOT)",
    "Partner.users": "(activeOnly: false)",
}
FOR_STAFF = {"Query.deal", "Query.deals"}
ONES_OWN = {"Viewer.notifications", "Viewer.apiTokens"}
BY_NAME = {f"Query.{one}" for one in ("partner", "client", "confirmationLink", "sharedDeal", "node", "nodes")}
"""They, and the viewer's partner, lead to what the lists lead to."""
OF_NO_PARTNER = {"Query.confirmationInvitation", "Query.previewConfirmationLink"}
OWNERSHIPS = ("defaultRenewalOwnership", "renewalOwnership", "renewalOwnershipAt", "renewalOwnershipImpact")
LISTS = ("edges", "pageInfo", "totalCount")
TOLD_OUTSIDE = (*LISTS, *OWNERSHIPS, "summary", "preview", "viewerCan", "renewalNoticePreview")
"""Costly, and told by the longer lists of the query itself."""
LEFT_OUT = {"Viewer.partner"} | FOR_STAFF | ONES_OWN | BY_NAME | OF_NO_PARTNER
Path = tuple[str, ...]
Composite = GraphQLObjectType | GraphQLInterfaceType


async def snapshot(api: Api, token: str) -> dict[str, Any]:
    """Everything that the token's bearer sees, by the document that showed it."""
    return {document: await api.ask(document, token) for document in DOCUMENTS}


def documents() -> list[str]:
    """One for each field of the query."""
    query = SCHEMA._schema.query_type
    assert query
    return [f"{{ {one} }}" for one in _selections(query, ())]


def _selections(kind: Composite, path: Path, *but: str, of_many: bool = False) -> Iterator[str]:
    """The fields of a type, but some; of one of several types aliased, as each may have its own of that name."""
    for name, field in kind.fields.items():
        place, inner = f"{kind.name}.{name}", get_named_type(field.type)
        alias = f"{kind.name}_{name}: " if of_many else ""
        if place not in LEFT_OUT and name not in but and _is_new(inner, path):
            yield f"{alias}{name}{_arguments(place, field)} {_within(inner, path)}".strip()


def _within(kind: GraphQLNamedType, path: Path) -> str:
    if isinstance(kind, GraphQLObjectType):
        further = (*path, kind.name) if _is_node(kind) else path
        fields = _selections(kind, further, *(TOLD_OUTSIDE if path else ["node"]))
    elif isinstance(kind, GraphQLInterfaceType):
        fields = iter(["id"]) if kind.name == "Node" else _by_type(kind, path)
    else:
        return ""
    return f"{{ {' '.join(fields)} }}"


def _by_type(kind: GraphQLInterfaceType, path: Path) -> Iterator[str]:
    yield "__typename"
    for possible in SCHEMA._schema.get_possible_types(kind):
        fields = _selections(possible, (*path, possible.name), of_many=True)
        yield f"... on {possible.name} {{ {' '.join(fields)} }}"


def _is_new(kind: GraphQLNamedType, path: Path) -> bool:
    """Not within itself, nor too deep."""
    listed = SCHEMA._schema.type_map.get(kind.name.removesuffix("Connection"), kind)
    return not _is_node(listed) or (len(path) < DEEP and listed.name not in path)


def _is_node(kind: GraphQLNamedType) -> bool:
    return "id" in getattr(kind, "fields", {})


def _arguments(place: str, field: GraphQLField) -> str:
    if place in ARGUMENTS:
        return ARGUMENTS[place]
    assert not any(map(is_required_argument, field.args.values())), place
    return "(first: 100)" if "first" in field.args else ""


DOCUMENTS = documents()
