"""Answers about what the viewer was told."""

from graphql_api.access.viewer import Viewer
from graphql_api.dataloaders.paging import Page, window_of
from graphql_api.resolvers import listings
from graphql_api.resolvers.info import Info
from graphql_api.resolvers.pages import root_page
from graphql_api.schema.inputs.arguments import After, Before, First, Last, UnreadOnly


async def of_viewer(
    root: Viewer,  # noqa: ARG001 - the sight knows the viewer
    info: Info,
    unread_only: UnreadOnly = False,  # noqa: FBT002 - the contract's default
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Page:
    """The viewer's notifications, newest first."""
    listing = listings.notifications(info.context.sight, unread_only=bool(unread_only))
    window = window_of(first, after, last, before)
    return await root_page(info.context, listing, listings.NOTIFICATIONS_NEWEST, window)
