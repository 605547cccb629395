"""Answering with a page of a list: of one list at a root, of many parents' lists below them.

A list is declared once (lists.py). Its resolvers are made from that, with the arguments that the contract gives it.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select

from graphql_api.context import Context
from graphql_api.dataloaders import paging
from graphql_api.dataloaders.paging import Order, Page, Window, window_of
from graphql_api.resolvers.info import Info
from graphql_api.schema.inputs.arguments import After, Before, First, Last

PAGE_ARGUMENTS: Mapping[str, Any] = {"first": First, "after": After, "last": Last, "before": Before}


class Listing(NamedTuple):
    """A list of the contract: which rows, in which order, and what a client can narrow it by."""

    name: str
    select: Callable[[Context, Any], Select[Any]]
    """The rows that the viewer sees, as narrowed by the first of the arguments."""
    order: Callable[[Any], Order]
    """How they are sorted, as the argument orderBy says."""
    narrowing: Mapping[str, Any] = {}
    """Its own arguments, with their annotations: at most one that narrows, then order_by."""
    default: Any = None
    """What the narrowing argument is when it is left out."""

    def plain(self) -> "Listing":
        """The same list, without arguments of its own."""
        return self._replace(narrowing={})


def everything(listing: Listing) -> Callable[..., Awaitable[Page]]:
    """The resolver of the whole list that the viewer sees."""

    async def resolve(info: Info, root: object = None, **given: Any) -> Page:  # noqa: ARG001 - the viewer's, or none
        rows, order, window = _asked(listing, info.context, given)
        return await root_page(info.context, rows, order, window)

    return _with_arguments(resolve, listing)


def below(listing: Listing, parent: Any) -> Callable[..., Awaitable[Page]]:
    """The resolver of the part of the list whose column `parent` names the object that it stands below."""

    async def resolve(info: Info, root: Any, **given: Any) -> Page:
        rows, order, window = _asked(listing, info.context, given)
        same = (f"{listing.name} by {parent.key}", repr([given.get(name) for name in listing.narrowing]))
        return await nested_page(info.context, same, rows, order, window, parent, root.id)

    return _with_arguments(resolve, listing)


def _asked(listing: Listing, context: Context, given: Mapping[str, Any]) -> tuple[Select[Any], Order, Window]:
    window = window_of(*(given.get(name) for name in PAGE_ARGUMENTS))
    narrowed = next((given.get(name) for name in listing.narrowing if name != "order_by"), None)
    return listing.select(context, narrowed), listing.order(given.get("order_by")), window


def _with_arguments(
    resolver: Callable[..., Awaitable[Page]], listing: Listing
) -> Callable[..., Awaitable[Page]]:
    """Tell Strawberry the list's arguments."""
    fixed = list(inspect.signature(resolver).parameters.values())[:2]
    own = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=annotation,
            default=None if name == "order_by" else listing.default,
        )
        for name, annotation in listing.narrowing.items()
    ]
    paging_arguments = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=None)
        for name, annotation in PAGE_ARGUMENTS.items()
    ]
    resolver.__signature__ = inspect.Signature([*fixed, *own, *paging_arguments])  # type: ignore[attr-defined]
    return resolver


async def root_page(context: Context, listing: Select[Any], order: Order, window: Window) -> Page:
    """A page of one list."""

    async def count() -> int:
        async with context.database.read() as session:
            return await paging.count_of(session, listing)

    async with context.database.read() as session:
        return await paging.read_page(session, listing, order, window, count)


async def nested_page(
    context: Context,
    same: tuple[str, str],
    listing: Select[Any],
    order: Order,
    window: Window,
    parent: Any,
    key: UUID,
) -> Page:
    """A page of the list below one parent, read together with those below its siblings.

    `same` says which lists are the same question for different parents.
    """

    async def count_batch(session: Any, _sight: Any, keys: Any) -> list[int]:
        return await paging.counts_of(session, listing, parent, keys)

    async def count(of: UUID) -> int:
        return int(await context.loaders.loader(("count", *same), count_batch).load(of))

    async def page_batch(session: Any, _sight: Any, keys: Any) -> list[Page]:
        return await paging.read_pages(session, listing, order, window, parent, keys, count)

    loader = context.loaders.loader(("page", *same, order.name, window), page_batch)
    page: Page = await loader.load(key)
    return page
