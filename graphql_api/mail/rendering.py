"""From what happened to a row of the outbox: a mail is rendered once, in the transaction that causes it."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from secrets import token_hex
from typing import Any, Literal, NamedTuple
from uuid import UUID

import orjson
from markupsafe import escape

from graphql_api.mail.message import one_line
from graphql_api.models.actor import Actor, Locale
from graphql_api.models.node_id import NodeId
from graphql_api.models.outbox_mail import MailKind
from graphql_api.models.rows import OutboxMail
from graphql_api.texts.environment import render

SUBJECT_LIMIT = 500
BLANK_LINES = re.compile(r"\n{3,}")
NAME = f"name-{token_hex(16)}"
"""Stands for the name of who is greeted; nobody can have written it."""


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


def person(to: Actor) -> Recipient:
    """The person, addressed.

    Raises:
        ValueError: a machine has no mailbox.

    """
    if to.email is None:
        raise ValueError(f"{to.node_id} has no e-mail address")
    return Recipient(to.name, to.email)


def rendered(
    about: About,
    recipients: list[Recipient],
    locale: Locale,
    now: datetime,
    **values: Any,
) -> OutboxMail:
    """The mail in the words of its template folder, due at once. `values` are what the templates name."""
    names = [one_line(recipient.name) for recipient in recipients]
    subject, text, html = _texts(about.kind, locale, names[0], values)
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


def _texts(kind: MailKind, locale: Locale, to_name: str, values: dict[str, Any]) -> tuple[str, str, str]:
    subject, text, html = _for_anybody(kind, locale, orjson.dumps(values, option=orjson.OPT_SORT_KEYS))
    return subject, text.replace(NAME, to_name), html.replace(NAME, escape(to_name))


@lru_cache(maxsize=16)
def _for_anybody(kind: MailKind, locale: Locale, spelled: bytes) -> tuple[str, str, str]:
    """The same words go to everybody who reads that language: they are rendered once, with NAME for who is greeted."""
    folder, values = f"mails/{kind.value}", {"to_name": NAME} | orjson.loads(spelled)
    subject = shortened(one_line(render(f"{folder}/subject.txt", locale, **values)))
    text = BLANK_LINES.sub("\n\n", render(f"{folder}/body.txt", locale, **values)).strip() + "\n"
    return subject, text, render(f"{folder}/body.html", locale, subject=subject, **values)


def shortened(subject: str) -> str:
    """The subject, cut where its column ends."""
    return subject if len(subject) <= SUBJECT_LIMIT else subject[: SUBJECT_LIMIT - 1] + "…"
