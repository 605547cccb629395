"""The mails that the service sends, as they arrive. A test that reads its mails reads all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from sqlalchemy import select

from graphql_api.app import App
from graphql_api.jobs.outbox import deliver_due
from graphql_api.mail.transports import transport_of
from graphql_api.models import rows
from graphql_api.models.outbox_mail import MailStatus


@dataclass(frozen=True)
class Letter:
    """One mail, as it lies in the folder."""

    message: EmailMessage

    @property
    def kind(self) -> str:
        return str(self.message["X-Partner-Api-Kind"])

    @property
    def subject_id(self) -> str:
        """The global id of what it is about."""
        return str(self.message["X-Partner-Api-Subject"])

    @property
    def to(self) -> str:
        """The addresses it is for, without names."""
        return ", ".join(address.addr_spec for address in self.message["To"].addresses)

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        body = self.message.get_body((kind,))
        assert body is not None
        return str(body.get_content())


class Mailbox:
    """The settings' folder of mails. `new()` sends what is queued and reads what was not read yet."""

    def __init__(self, app: App) -> None:
        """`app` queues the mails."""
        self.app = app
        self.url = app.settings.mail_url.get_secret_value()
        self.read: set[str] = set()
        self.was_opened = False

    async def new(self) -> list[Letter]:
        """The letters that came since the last look, by kind and address."""
        self.was_opened = True
        while await deliver_due(self.app.service.database, transport_of(self.url), self.app.settings):
            pass
        found = [path for path in self._folder().glob("*.eml") if path.name not in self.read]
        self.read |= {path.name for path in found}
        letters = [Letter(message_from_bytes(path.read_bytes(), policy=SMTP)) for path in found]
        return sorted(letters, key=lambda letter: (letter.kind, letter.to))

    async def sent(self) -> list[tuple[str, str]]:
        """The same as kind and address only."""
        return [(letter.kind, letter.to) for letter in await self.new()]

    async def unsent(self) -> list[str]:
        """The mails that did not go out, each with its trouble."""
        async with self.app.service.database.read() as session:
            mails = await session.scalars(select(rows.OutboxMail))
            return [f"{m.kind}: {m.last_error}" for m in mails if m.status is not MailStatus.SENT]

    def _folder(self) -> Path:
        return Path(self.url.removeprefix("folder://"))


@pytest.fixture
async def mailbox(app: App) -> AsyncIterator[Mailbox]:
    """The test's mails. At its end every mail has gone out, and a test that looks at mails has looked at them all."""
    box = Mailbox(app)
    yield box
    was_opened = box.was_opened
    unread = await box.sent()
    assert await box.unsent() == []
    assert not (was_opened and unread), f"unread: {unread}"
