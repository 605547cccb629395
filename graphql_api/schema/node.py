"""What everything with a global id has in common, and lists of such things."""

from typing import Generic, TypeVar

import strawberry

from graphql_api.resolvers import nodes as common
from graphql_api.schema.fields import answered_by, attribute

T = TypeVar("T")


@strawberry.interface(description="Something with a global id.")
class Node:
    """Something with a global id."""

    id: strawberry.ID = answered_by(common.global_id, "Its global id: opaque, and the same for ever.")


@strawberry.interface(description="Somebody, or something, that acts.")
class Actor(Node):
    """Somebody that acts."""

    name: str = attribute("What to call them.")


@strawberry.type(description="Where a page of a list stands in it.")
class PageInfo:
    """Where a page stands."""

    has_next_page: bool = attribute("Whether more follows.")
    has_previous_page: bool = attribute("Whether something precedes.")
    start_cursor: str | None = attribute("The first edge's page cursor.")
    end_cursor: str | None = attribute("The last edge's page cursor.")


@strawberry.type(description="One thing on a page, and where it stands in the list.")
class Edge(Generic[T]):
    """One thing on a page."""

    cursor: str = attribute("Its page cursor: for `after` and `before` in the same order.")
    node: T = attribute("The thing itself.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    """A page of a list."""

    edges: list[Edge[T]] = attribute("What is on the page, each with its page cursor.")
    nodes: list[T] = attribute("What is on the page.")
    page_info: PageInfo = attribute("Where the page stands.")
    total_count: int = answered_by(
        common.total_count, "How long the whole list is; counted only when asked for."
    )
