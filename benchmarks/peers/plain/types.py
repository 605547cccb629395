"""The types: ORM instances behind them, async resolvers where there is a relation to load."""

from base64 import b64encode
from datetime import datetime
from typing import Any, Generic, TypeVar

import orjson
import strawberry
from strawberry.types import Info as StrawberryInfo

from benchmarks.peers.plain.access import Context
from graphql_api.models import rows
from graphql_api.models.confirmation_link import LinkStatus

Info = StrawberryInfo[Context, None]
Node = TypeVar("Node")

strawberry.enum(LinkStatus)


def global_id(root: Any) -> strawberry.ID:
    """What a client holds in place of a key."""
    return strawberry.ID(str(root.node_id))


@strawberry.type
class PageInfo:
    """Where a page stands."""

    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Edge(Generic[Node]):
    """One thing on a page."""

    node: Node
    cursor: str


@strawberry.type
class Connection(Generic[Node]):
    """A page."""

    edges: list[Edge[Node]]
    nodes: list[Node]
    page_info: PageInfo


def page_of(found: list[Any], first: int, sorted_by: str) -> Connection[Any]:
    """A page of rows, of which there is one more than asked for where the list goes on."""
    shown = found[:first]
    edges = [Edge(node=row, cursor=_cursor(getattr(row, sorted_by), row)) for row in shown]
    info = PageInfo(has_next_page=len(found) > first, end_cursor=edges[-1].cursor if edges else None)
    return Connection(edges=edges, nodes=shown, page_info=info)


def _cursor(value: Any, row: Any) -> str:
    return b64encode(orjson.dumps([value, str(row.id)])).decode()


@strawberry.type
class OnboardingType:
    """A way of introducing a product at a client."""

    code: str
    name: str


@strawberry.type
class Product:
    """Something that the vendor sells."""

    id: strawberry.ID = strawberry.field(resolver=global_id)
    name: str


@strawberry.type
class LinkProduct:
    """A product on a link."""

    @strawberry.field
    async def product(self: rows.LinkProduct, info: Info) -> Product:
        """Which."""
        found: Product = await info.context.loaders.product.load(self.product_id)
        return found

    @strawberry.field
    async def onboarding_type(self: rows.LinkProduct, info: Info) -> OnboardingType | None:
        """How it is introduced."""
        product: Any = await info.context.loaders.product.load(self.product_id)
        found: OnboardingType | None = product.onboarding_type(self.onboarding_type_code)
        return found


@strawberry.type
class Deal:
    """A sale."""

    id: strawberry.ID = strawberry.field(resolver=global_id)
    name: str


@strawberry.type
class ClientContact:
    """A person at a client."""

    id: strawberry.ID = strawberry.field(resolver=global_id)
    name: str
    email: str


@strawberry.type
class ConfirmationLink:
    """A partner's statement about a sale."""

    id: strawberry.ID = strawberry.field(resolver=global_id)
    name: str
    status: LinkStatus
    created_at: datetime

    @strawberry.field
    async def products(self: rows.ConfirmationLink, info: Info) -> list[LinkProduct]:
        """What was sold."""
        found: list[LinkProduct] = await info.context.loaders.products.load(self.id)
        return found

    @strawberry.field
    async def client(self: rows.ConfirmationLink, info: Info) -> "Client | None":
        """To whom."""
        return await info.context.loaders.client.load(self.client_id) if self.client_id else None

    @strawberry.field
    async def deal(self: rows.ConfirmationLink, info: Info) -> Deal | None:
        """In which sale."""
        return await info.context.loaders.deal.load(self.deal_id) if self.deal_id else None


@strawberry.type
class Client:
    """A firm that a partner sells to."""

    id: strawberry.ID = strawberry.field(resolver=global_id)
    name: str

    @strawberry.field
    async def contacts(self: rows.Client, info: Info) -> list[ClientContact]:
        """Its people."""
        found: list[ClientContact] = await info.context.loaders.contacts.load(self.id)
        return found

    @strawberry.field
    async def confirmation_links(self: rows.Client, info: Info, first: int) -> Connection[ConfirmationLink]:
        """The newest links assigned to it."""
        found = await info.context.loaders.links.load((self.id, first))
        return page_of(found, first, "created_at")
