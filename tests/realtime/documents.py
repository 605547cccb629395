"""What subscribers send."""

from __future__ import annotations

from tests.api import Api

CHANGES = """subscription($link: ID, $partner: ID, $after: Cursor) {
  confirmationLinkStatusChanged(confirmationLinkId: $link, partnerId: $partner, after: $after) {
    cursor previousStatus status reason occurredAt link { id status decision { reason } }
  }
}"""
EVENTS = """subscription($partner: ID, $kinds: [PartnerEventKind!], $after: Cursor) {
  partnerEvents(partnerId: $partner, kinds: $kinds, after: $after) { cursor kind subjectId subject { id __typename } }
}"""
ACTIVITIES = """subscription($deal: ID!) {
  dealActivityAdded(dealId: $deal) { kind actorName confirmationLink { id } deal { id __typename } summary }
}"""
NOTIFICATIONS = "subscription { notificationAdded { kind title subject { id } } }"
CURSOR = "{ viewer { partner { eventCursor } } }"


async def stream_cursor(api: Api, token: str) -> str:
    """Where the stream of the viewer's own partner stands."""
    cursor: str = (await api.ask(CURSOR, token))["viewer"]["partner"]["eventCursor"]
    return cursor


async def events_of(api: Api, token: str) -> list[str]:
    """The cursors of all events of the viewer's own partner, by the table."""
    document = "{ viewer { partner { events(first: 100) { events { cursor } hasMore } } } }"
    page = (await api.ask(document, token))["viewer"]["partner"]["events"]
    assert not page["hasMore"]
    return [event["cursor"] for event in page["events"]]
