"""From what happened to a row of the outbox: a mail is rendered once, in the transaction that causes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from secrets import token_hex
from typing import Any, Literal, NamedTuple
from uuid import UUID

import orjson
from markupsafe import escape

from graphql_api.mail.message import one_line
from graphql_api.models.actor import Actor, ActorKind, Locale
from graphql_api.models.node_id import NodeId
from graphql_api.models.outbox_mail import MailKind
from graphql_api.models.rows import OutboxMail
from graphql_api.texts.environment import render

SUBJECT_LIMIT = 500
BLANK_LINES = re.compile(r"\n{3,}")
MARK = f"told-{token_hex(16)}-"
"""Begins what stands for something that is told; nobody can have written it."""
MARKED = re.compile(rf"{MARK}(\d+);")


class Recipient(NamedTuple):
    """Somebody to whom a mail is addressed, or who is copied."""

    name: str
    email: str
    field: Literal["to", "cc"] = "to"


class About(NamedTuple):
    """What a mail is about: its kind, the object, and whose it is."""

    kind: MailKind
    subject_id: NodeId
    partner_id: UUID


def to_each(
    about: About, people: Iterable[Actor], now: datetime, words: Callable[[Locale], dict[str, Any]]
) -> list[OutboxMail]:
    """A mail to each person, in its language; `words` are what the templates name beside the reader.

    Raises:
        ValueError: a machine has no mailbox.

    """
    people = list(people)
    said = {locale: words(locale) for locale in {person.locale for person in people}}
    return [
        rendered(
            about,
            [_addressed(person)],
            person.locale,
            now,
            **said[person.locale],
            is_staff=person.kind is ActorKind.STAFF_MEMBER,
        )
        for person in people
    ]


def rendered(
    about: About,
    recipients: list[Recipient],
    locale: Locale,
    now: datetime,
    **values: Any,
) -> OutboxMail:
    """The mail in the words of its template folder, due at once. `values` are what the templates name."""
    names = [one_line(recipient.name) for recipient in recipients]
    subject, text, html = _texts(about.kind, locale, {"to_name": names[0], **values})
    return OutboxMail.new(
        partner_id=about.partner_id,
        kind=about.kind,
        subject_id=about.subject_id,
        recipients=[r._asdict() | {"name": name} for r, name in zip(recipients, names, strict=True)],
        remaining=list(dict.fromkeys(recipient.email for recipient in recipients)),
        locale=locale,
        subject=subject,
        text=text,
        html=html,
        created_at=now,
        next_attempt_at=now,
    )


class Form:
    """A text with blanks for what is told."""

    def __init__(self, text: str) -> None:
        """`text` has a mark at each blank."""
        self._parts = MARKED.split(text)
        self._told = [int(number) for number in self._parts[1::2]]

    def filled(self, told: list[str]) -> str:
        """The text, with what is told."""
        parts = self._parts.copy()
        parts[1::2] = [told[number] for number in self._told]
        return "".join(parts)


def _addressed(person: Actor) -> Recipient:
    if person.email is None:
        raise ValueError(f"{person.node_id} has no e-mail address")
    return Recipient(person.name, person.email)


def _texts(kind: MailKind, locale: Locale, values: dict[str, Any]) -> tuple[str, str, str]:
    told = [""]  # the subject comes first, once it is known
    subject, text, html = _forms(kind, locale, orjson.dumps(_shape(values, told)))
    told[0] = shortened(one_line(subject.filled(told)))
    return told[0], text.filled(told), html.filled(_escaped(told))


def _shape(value: Any, told: list[str]) -> Any:
    """The value with marks for its texts, which are told. A blank one, or one of several lines, is laid out."""
    if isinstance(value, dict):
        return {name: _shape(one, told) for name, one in value.items()}
    if isinstance(value, list):
        return [_shape(one, told) for one in value]
    if not isinstance(value, str) or value.splitlines() != [value]:
        return value
    told.append(value)
    return f"{MARK}{len(told) - 1};"


def _escaped(told: list[str]) -> list[str]:
    """As HTML, all in one go."""
    return str(escape(MARK.join(told))).split(MARK)


@lru_cache(maxsize=256)
def _forms(kind: MailKind, locale: Locale, shape: bytes) -> tuple[Form, Form, Form]:
    """Subject, text and HTML of all mails that differ in nothing but what is told: rendered once."""
    folder, values = f"mails/{kind.value}", {"subject": f"{MARK}0;"} | orjson.loads(shape)
    text = BLANK_LINES.sub("\n\n", render(f"{folder}/body.txt", locale, **values)).strip() + "\n"
    subject, html = (render(f"{folder}/{name}", locale, **values) for name in ("subject.txt", "body.html"))
    return Form(subject), Form(text), Form(html)


def shortened(subject: str) -> str:
    """The subject, cut where its column ends."""
    return subject if len(subject) <= SUBJECT_LIMIT else subject[: SUBJECT_LIMIT - 1] + "…"
