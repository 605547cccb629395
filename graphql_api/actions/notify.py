"""Telling people inside the application: a row in each one's own stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from graphql_api.mail.rendering import shortened
from graphql_api.models import rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from graphql_api.database import Writing
    from graphql_api.models.node_id import NodeId
    from graphql_api.models.notification import NotificationKind


class News(NamedTuple):
    """What is told, to whomever."""

    kind: NotificationKind
    partner_id: UUID
    subject_id: NodeId
    title: str
    body: str


def tell(writing: Writing, people: Iterable[rows.Actor], news: News) -> None:
    """Put the news into each person's notifications."""
    told = news._replace(title=shortened(news.title))
    writing.session.add_all(
        rows.Notification.new(recipient_id=person.id, created_at=writing.now, **told._asdict())
        for person in people
    )
