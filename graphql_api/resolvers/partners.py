"""Answers about partners."""

from dataclasses import dataclass

from graphql_api.dataloaders.summaries import Summary, summaries
from graphql_api.dataloaders.window import LARGEST_SIZE
from graphql_api.models import rows
from graphql_api.models.client_error import BadCursor, BadUserInput, CursorExpired
from graphql_api.models.partner import Position
from graphql_api.realtime.events import events_after
from graphql_api.realtime.positions import Span
from graphql_api.resolvers.info import Info, check_may_list
from graphql_api.schema.inputs.arguments import (
    ActiveOnly,
    EventCount,
    SinceEvent,
)


async def channel_account_manager(root: rows.Partner, info: Info) -> rows.StaffMember | None:
    """The partner's CAM, if it has one."""
    return await _assigned(root, info, Position.CHANNEL_ACCOUNT_MANAGER)


async def partner_development_manager(root: rows.Partner, info: Info) -> rows.StaffMember | None:
    """The partner's PDM, if it has one."""
    return await _assigned(root, info, Position.PARTNER_DEVELOPMENT_MANAGER)


async def users(
    root: rows.Partner,
    info: Info,
    active_only: ActiveOnly = True,  # noqa: FBT002 - the contract's default
) -> list[rows.PartnerUser]:
    """Its users, by name."""
    check_may_list(info.context)
    found = await info.context.loaders.relation("users of partner").load(root.id)
    return [user for user in found if user.is_active or active_only is False]


async def summary(root: rows.Partner, info: Info) -> Summary:
    """Its numbers at a glance (B27)."""
    batch = summaries(info.context.today)
    found: Summary = await info.context.loaders.loader("summary", batch).load(root.id)
    return found


async def event_cursor(root: rows.Partner, info: Info) -> str:
    """Where its stream stands now."""
    position = await info.context.loaders.relation("position").load(root.id)
    return info.context.cursor(root.id, position)


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some of a partner's events, in order."""

    events: list[rows.PartnerEvent]
    end_cursor: str
    has_more: bool


async def events(
    root: rows.Partner,
    info: Info,
    after: SinceEvent = None,
    first: EventCount = 100,
) -> EventPage:
    """What has happened since a cursor, or all that is kept (D1)."""
    check_may_list(info.context)
    size = LARGEST_SIZE if first is None else first
    if not 1 <= size <= LARGEST_SIZE:
        msg = f"first must be from 1 to {LARGEST_SIZE}"
        raise BadUserInput(msg)
    start = 0 if after is None else info.context.service.cursors.position(root.id, after)
    async with info.context.database.read() as session:
        visible = info.context.sight.of(rows.PartnerEvent)
        found = await events_after(session, root.id, start, size + 1, visible)
    kept = list(found[:size])
    if after is not None or not kept:  # asked last, so that what was deleted meanwhile is told
        span = await info.context.service.events.span(root.id)
        start = span.pruned_to if after is None else _checked(start, span)
    end = kept[-1].position if kept else start
    return EventPage(kept, info.context.cursor(root.id, end), len(found) > size)


def cursor_of_event(root: rows.PartnerEvent, info: Info) -> str:
    """Its place in the stream."""
    return info.context.cursor(root.partner_id, root.position)


def _checked(start: int, span: Span) -> int:
    """The position, if what follows it is there.

    Raises:
        BadCursor: it is ahead of the stream.
        CursorExpired: what followed it is no longer kept.

    """
    if start > span.position:
        raise BadCursor
    if start < span.pruned_to:
        raise CursorExpired
    return start


async def _assigned(root: rows.Partner, info: Info, position: Position) -> rows.StaffMember | None:
    found: rows.StaffMember | None = await info.context.loaders.relation("assigned").load((root.id, position))
    return found
