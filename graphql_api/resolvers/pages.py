"""Answering with a page of a list: of one list at a root, of many parents' lists below them."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select

from graphql_api.context import Context
from graphql_api.dataloaders import paging
from graphql_api.dataloaders.paging import Order, Page, Window


async def root_page(context: Context, listing: Select[Any], order: Order, window: Window) -> Page:
    """A page of one list."""

    async def count() -> int:
        async with context.database.read() as session:
            return await paging.count_of(session, listing)

    async with context.database.read() as session:
        return await paging.read_page(session, listing, order, window, count)


async def nested_page(
    context: Context,
    name: str,
    narrowed: object,
    listing: Select[Any],
    order: Order,
    window: Window,
    parent: Any,
    key: UUID,
) -> Page:
    """A page of the list below one parent, read together with those below its siblings.

    `name` and `narrowed` (the arguments) say which lists are the same question for different parents.
    """
    same = (name, repr(narrowed))

    async def count_batch(session: Any, _sight: Any, keys: Any) -> list[int]:
        return await paging.counts_of(session, listing, parent, keys)

    async def count(of: UUID) -> int:
        return int(await context.loaders.loader(("count", *same), count_batch).load(of))

    async def page_batch(session: Any, _sight: Any, keys: Any) -> list[Page]:
        return await paging.read_pages(session, listing, order, window, parent, keys, count)

    loader = context.loaders.loader(("page", *same, order.name, window), page_batch)
    page: Page = await loader.load(key)
    return page
