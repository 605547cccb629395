"""A page of a list, as it was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from graphql_api.dataloaders.order import Order


class Edge(NamedTuple):
    """A row on a page, and the values by which it stands in the list."""

    node: Any
    order: Order
    values: tuple[Any, ...]

    @property
    def cursor(self) -> str:
        """Where it stands."""
        return self.order.cursor_at(self.values)


@dataclass(frozen=True, slots=True)
class PageInfo:
    """Whether there is more on either side."""

    has_next_page: bool
    has_previous_page: bool
    edges: list[Edge]

    @property
    def start_cursor(self) -> str | None:
        """Where the first row stands."""
        return self.edges[0].cursor if self.edges else None

    @property
    def end_cursor(self) -> str | None:
        """Where the last row stands."""
        return self.edges[-1].cursor if self.edges else None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. The whole list is counted only when asked for."""

    edges: list[Edge]
    page_info: PageInfo
    count: Callable[[], Awaitable[int]]

    @property
    def nodes(self) -> list[Any]:
        """The rows alone."""
        return [edge.node for edge in self.edges]
