"""Telling people inside the application: a row in each one's own stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from graphql_api.mail.rendering import shortened
from graphql_api.models import rows
from graphql_api.realtime.positions import next_position

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


async def tell(writing: Writing, people: Iterable[rows.Actor], news: News) -> None:
    """Put the news into each person's notifications, after the change itself is recorded.

    People are taken in the order of their keys, so that two transactions never wait for each other.
    """
    news = news._replace(title=shortened(news.title))
    for person in sorted(people, key=lambda someone: someone.id):
        position = await next_position(writing.session, person.id)
        writing.moved[person.id] = position
        writing.session.add(
            rows.Notification(
                recipient_id=person.id, position=position, created_at=writing.now, **news._asdict()
            )
        )
