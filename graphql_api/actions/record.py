"""Recording a change: the partner's event, the deal's timeline and the audit log, in one place (B20, D1, D10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from graphql_api.models import rows
from graphql_api.models.deal import DealActivityKind
from graphql_api.models.keys import new_key
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.models.stream import PartnerEventKind
from graphql_api.realtime.positions import current_position

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from graphql_api.database import Writing

VERBS = {
    PartnerEventKind.LINK_CREATED: "create",
    PartnerEventKind.LINK_EDITED: "edit",
    PartnerEventKind.LINK_DELETED: "delete",
    PartnerEventKind.LINK_ATTACHED: "attach",
    PartnerEventKind.LINK_DETACHED: "detach",
    PartnerEventKind.LINK_SENT: "send",
    PartnerEventKind.LINK_VIEWED: "view",
    PartnerEventKind.LINK_CONFIRMED: "confirm",
    PartnerEventKind.LINK_REJECTED: "reject",
}
"""What the audit log calls each event of a link, as in confirmation_link.edit."""

SUMMARIES = {
    DealActivityKind.LINK_ATTACHED: "{who} attached “{link}”",
    DealActivityKind.LINK_DETACHED: "{who} removed “{link}”",
    DealActivityKind.LINK_EDITED: "{who} edited “{link}”",
    DealActivityKind.LINK_SENT: "{who} sent “{link}” to the client",
    DealActivityKind.LINK_CONFIRMED: "{who} confirmed “{link}”",
    DealActivityKind.LINK_REJECTED: "{who} rejected “{link}”",
    DealActivityKind.LINK_DELETED: "{who} deleted “{link}”",
}


class Change(NamedTuple):
    """One line of an audit entry. What a partner may not see, such as a direct deal, is staff only."""

    field: str
    before: str | None
    after: str | None
    staff_only: bool = False


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What differs, field by field; a missing field is null."""
    fields = dict.fromkeys([*before, *after])
    pairs = ((field, before.get(field), after.get(field)) for field in fields)
    return [Change(field, _text(old), _text(new)) for field, old, new in pairs if old != new]


def change_of_client(before: UUID | None, after: UUID | None) -> list[Change]:
    """The line about the client that a link is for, if that changed."""
    return [] if before == after else [Change("client", _client_id(before), _client_id(after))]


def record(
    writing: Writing,
    kind: PartnerEventKind,
    link: rows.ConfirmationLink,
    changes: Iterable[Change] = (),
    *,
    deal_id: UUID | None = None,
) -> None:
    """Record a change of a link, on the timeline of its deal (`deal_id`, where it is on none any more) too."""
    activity_id = _add_activity(writing, kind, link, deal_id or link.deal_id)
    record_event(writing, link.partner_id, kind, link.node_id, activity_id)
    audit(writing, f"confirmation_link.{VERBS[kind]}", link.node_id, changes, partner_id=link.partner_id)


def record_event(
    writing: Writing,
    partner_id: UUID,
    kind: PartnerEventKind,
    subject: NodeId,
    activity_id: UUID | None = None,
) -> None:
    """Put an event into the partner's stream."""
    writing.session.add(
        rows.PartnerEvent.new(
            partner_id=partner_id,
            kind=kind,
            subject_id=subject,
            activity_id=activity_id,
            occurred_at=writing.now,
        )
    )


def audit(
    writing: Writing,
    action: str,
    subject: NodeId,
    changes: Iterable[Change] = (),
    *,
    partner_id: UUID | None,
    staff_only: bool = False,
) -> None:
    """Write down who changed what."""
    writing.session.add(
        rows.AuditEntry.new(
            partner_id=partner_id,
            staff_only=staff_only,
            action=action,
            actor_id=writing.by.actor_id,
            actor_name=writing.by.name,
            subject_id=subject,
            changes=[change._asdict() for change in changes],
            occurred_at=writing.now,
        )
    )


async def position_after(writing: Writing, partner_id: UUID) -> int:
    """Where the partner's stream stands after what was written; where nothing was, as it stood (D2).

    The last question of a transaction: its streams stay locked from here to the commit.
    """
    await writing.finish()
    return writing.moved.get(partner_id) or await current_position(writing.session, partner_id)


def _add_activity(
    writing: Writing, kind: PartnerEventKind, link: rows.ConfirmationLink, deal_id: UUID | None
) -> UUID | None:
    if deal_id is None or kind.name not in DealActivityKind.__members__:
        return None
    told = DealActivityKind[kind.name]
    activity = rows.DealActivity.new(
        id=new_key(),
        deal_id=deal_id,
        partner_id=link.partner_id,
        kind=told,
        link_id=None if told is DealActivityKind.LINK_DELETED else link.id,
        link_name=link.name,
        actor_id=writing.by.actor_id,
        actor_name=writing.by.name,
        summary=SUMMARIES[told].format(who=writing.by.name, link=link.name),
        occurred_at=writing.now,
    )
    writing.session.add(activity)
    return activity.id


def _client_id(key: UUID | None) -> str | None:
    return str(NodeId(NodeKind.CLIENT, key)) if key else None


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
