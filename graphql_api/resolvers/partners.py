"""Answers about partners."""

from dataclasses import dataclass
from typing import Any

from graphql_api.dataloaders.event_pages import event_pages
from graphql_api.dataloaders.summaries import Summary, summaries
from graphql_api.dataloaders.window import LARGEST_SIZE
from graphql_api.models import rows
from graphql_api.models.client_error import BadCursor, BadUserInput, CursorExpired
from graphql_api.models.partner import Position
from graphql_api.realtime.positions import Span
from graphql_api.resolvers.info import Info, together
from graphql_api.schema.inputs.arguments import (
    ActiveOnly,
    EventCount,
    SinceEvent,
)


async def channel_account_managers(info: Info, roots: list[rows.Partner]) -> list[rows.StaffMember | None]:
    """Each partner's CAM, if it has one."""
    return await _all_assigned(roots, info, Position.CHANNEL_ACCOUNT_MANAGER)


@together(channel_account_managers)
async def channel_account_manager(root: rows.Partner, info: Info) -> rows.StaffMember | None:
    """The partner's CAM, if it has one."""
    return await _assigned(root, info, Position.CHANNEL_ACCOUNT_MANAGER)


async def partner_development_managers(
    info: Info, roots: list[rows.Partner]
) -> list[rows.StaffMember | None]:
    """Each partner's PDM, if it has one."""
    return await _all_assigned(roots, info, Position.PARTNER_DEVELOPMENT_MANAGER)


@together(partner_development_managers)
async def partner_development_manager(root: rows.Partner, info: Info) -> rows.StaffMember | None:
    """The partner's PDM, if it has one."""
    return await _assigned(root, info, Position.PARTNER_DEVELOPMENT_MANAGER)


async def users_of(
    info: Info,
    roots: list[rows.Partner],
    active_only: ActiveOnly = True,  # noqa: FBT002 - the contract's default
) -> list[list[rows.PartnerUser]]:
    """Each partner's users, by name."""
    found = await info.context.loaders.level("users of partner", [root.id for root in roots])
    return [_among(users, active_only) for users in found]


@together(users_of)
async def users(
    root: rows.Partner,
    info: Info,
    active_only: ActiveOnly = True,  # noqa: FBT002 - the contract's default
) -> list[rows.PartnerUser]:
    """Its users, by name."""
    return _among(await info.context.loaders.relation("users of partner").load(root.id), active_only)


async def summaries_of(info: Info, roots: list[rows.Partner]) -> list[Summary]:
    """Each partner's numbers at a glance (B27)."""
    batch = summaries(info.context.today)
    return await info.context.loaders.every("summary", batch, [root.id for root in roots])


@together(summaries_of)
async def summary(root: rows.Partner, info: Info) -> Summary:
    """Its numbers at a glance (B27)."""
    batch = summaries(info.context.today)
    found: Summary = await info.context.loaders.loader("summary", batch).load(root.id)
    return found


async def event_cursors(info: Info, roots: list[rows.Partner]) -> list[str]:
    """Where each partner's stream stands now."""
    positions = await info.context.loaders.level("position", [root.id for root in roots])
    return [info.context.cursor(root.id, position) for root, position in zip(roots, positions, strict=True)]


@together(event_cursors)
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


async def events_of(
    info: Info, roots: list[rows.Partner], after: SinceEvent = None, first: EventCount = 100
) -> list[EventPage]:
    """What has happened to each partner since a cursor, or all that is kept (D1)."""
    size = _size_of(first)
    [start, *_] = [_start_of(root, info, after) for root in roots]  # a cursor is of one stream
    name, batch = _event_pages(info, start, size)
    found = await info.context.loaders.every(name, batch, [root.id for root in roots])
    return [_page(root, info, start, size, *one) for root, one in zip(roots, found, strict=True)]


@together(events_of)
async def events(
    root: rows.Partner, info: Info, after: SinceEvent = None, first: EventCount = 100
) -> EventPage:
    """What has happened since a cursor, or all that is kept (D1)."""
    size, start = _size_of(first), _start_of(root, info, after)
    found = await info.context.loaders.loader(*_event_pages(info, start, size)).load(root.id)
    return _page(root, info, start, size, *found)


def _size_of(first: int | None) -> int:
    size = LARGEST_SIZE if first is None else first
    if not 1 <= size <= LARGEST_SIZE:
        msg = f"first must be from 1 to {LARGEST_SIZE}"
        raise BadUserInput(msg)
    return size


def _start_of(root: rows.Partner, info: Info, after: str | None) -> int | None:
    return None if after is None else info.context.service.cursors.position(root.id, after)


def _event_pages(info: Info, start: int | None, size: int) -> tuple[Any, Any]:
    """The batch that reads them, with the name that all who ask for the same share; one more tells if there is more."""
    return ("events", start, size), event_pages(info.context.service.events, start, size + 1)


def _page(
    root: rows.Partner, info: Info, start: int | None, size: int, found: list[Any], span: Span | None
) -> EventPage:
    kept, end = found[:size], start or 0
    if span is not None:
        end = span.pruned_to if start is None else _checked(start, span)
    if kept:
        end = kept[-1].position
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


async def _all_assigned(
    roots: list[rows.Partner], info: Info, position: Position
) -> list[rows.StaffMember | None]:
    found = await info.context.loaders.level("assigned", [root.id for root in roots])
    return [of_one.get(position) for of_one in found]


async def _assigned(root: rows.Partner, info: Info, position: Position) -> rows.StaffMember | None:
    found: dict[Position, rows.StaffMember] = await info.context.loaders.relation("assigned").load(root.id)
    return found.get(position)


def _among(users: list[rows.PartnerUser], active_only: object) -> list[rows.PartnerUser]:
    return [user for user in users if user.is_active or active_only is False]
