"""Answering with a page of a list: of one list at a root, of many parents' lists below them.

A list is declared once (lists.py). Its resolvers are made from that, with the arguments that the contract gives it.
"""

import inspect
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select

from graphql_api.access.sight import Sight
from graphql_api.context import Context
from graphql_api.database import View
from graphql_api.dataloaders import paging
from graphql_api.dataloaders.order import Order
from graphql_api.dataloaders.page import Page
from graphql_api.dataloaders.paging import PageRequest
from graphql_api.dataloaders.window import window_of
from graphql_api.resolvers.info import Info, ahead_of, brings, check_may_list
from graphql_api.schema.inputs.arguments import After, Before, First, Last

PAGE_ARGUMENTS: Mapping[str, Any] = {"first": First, "after": After, "last": Last, "before": Before}


class Listing(NamedTuple):
    """A list of the contract: which rows, in which order, and what a client can narrow it by."""

    name: str
    model: Any
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
        return await root_page(info.context, _asked(listing, info, given))

    return _with_arguments(resolve, listing)


def below(listing: Listing, parent: Any) -> Callable[..., Awaitable[Page]]:
    """The resolver of the part of the list whose column `parent` names the object that it stands below.

    It answers for many parents at once, too: `together`.
    """

    async def resolve(info: Info, root: Any, **given: Any) -> Page:
        name, batch = pages_of(_asked(listing, info, given, parent), info.context)
        page: Page = await info.context.loaders.loader(name, batch).load(root.id)
        return page

    async def together(info: Info, roots: list[Any], **given: Any) -> list[Page]:
        name, batch = pages_of(_asked(listing, info, given, parent), info.context)
        return await info.context.loaders.every(name, batch, [root.id for root in roots])

    resolver = _with_arguments(resolve, listing)
    resolver.together = together  # type: ignore[attr-defined]
    return resolver


def _asked(listing: Listing, info: Info, given: Mapping[str, Any], parent: Any = None) -> PageRequest:
    context = info.context
    check_may_list(context)
    window = window_of(*(given.get(name) for name in PAGE_ARGUMENTS))
    narrowed = next((given.get(name) for name in listing.narrowing if name != "order_by"), None)
    return PageRequest(
        listing.model,
        lambda: listing.select(context, narrowed),
        listing.order(given.get("order_by")),
        window,
        (listing.name, repr(narrowed), context.today),
        ahead_of(info),
        parent,
    )


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
    return brings(listing.model)(resolver)


async def root_page(context: Context, asked: PageRequest) -> Page:
    """A page of one list. Whoever asks how long that is, it is counted once."""

    async def count_all() -> int:
        async with context.database.read() as session:
            return await paging.count_of(session, asked.listing())

    async def count() -> int:
        return int(await context.loaders.once(("count", asked.known_by or asked), count_all))

    return await paging.read_page(context.loaders, asked, count)


def pages_of(asked: PageRequest, context: Context, apart: Hashable = None) -> tuple[Any, Any]:
    """The batch that reads a page below each of many parents, with the name that all who ask for the same share.

    What is known by nothing is told `apart` by something else.
    """
    same = (asked.known_by, apart, asked.order.name, asked.parent.key)

    async def count_batch(database: View, _sight: Sight, keys: Sequence[UUID]) -> list[int]:
        async with database.read() as session:
            return await paging.counts_of(session, asked.listing(), asked.parent, keys)

    async def count(of: UUID) -> int:
        return int(await context.loaders.loader(("count", *same), count_batch).load(of))

    async def page_batch(_database: View, _sight: Sight, keys: Sequence[UUID]) -> list[Page]:
        return await paging.read_pages(context.loaders, asked, keys, count)

    return ("page", *same, asked.window, asked.ahead), page_batch
