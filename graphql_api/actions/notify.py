"""Telling people inside the application: a row in each one's own stream."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from graphql_api.mail.rendering import shortened
from graphql_api.models import rows
from graphql_api.realtime.positions import next_positions

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
    """Put the news into each person's notifications, after the change itself is recorded."""
    await tell_each(writing, [(person, news) for person in people])


async def tell_each(writing: Writing, told: Iterable[tuple[rows.Actor, News]]) -> None:
    """Tell several people several things, with one statement a person.

    People are taken in the order of their keys, so that two transactions never wait for each other.
    """
    news_of: defaultdict[UUID, list[News]] = defaultdict(list)
    for person, news in told:
        news_of[person.id].append(news._replace(title=shortened(news.title)))
    for key in sorted(news_of):
        positions = await next_positions(writing.session, key, len(news_of[key]))
        writing.moved[key] = positions[-1]
        writing.session.add_all(
            rows.Notification(recipient_id=key, position=position, created_at=writing.now, **news._asdict())
            for position, news in zip(positions, news_of[key], strict=True)
        )
