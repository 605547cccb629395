"""A clock that stands still until the test turns it, and a real SMTP server that says what the test tells it to."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

from graphql_api.database import Database
from graphql_api.mail.outbox import enqueue
from graphql_api.models.by import By
from graphql_api.models.rows import OutboxMail
from graphql_api.settings import Settings
from tests.mail import examples


@dataclass
class Clock:
    """Says the same time until it is turned."""

    now: datetime = examples.NOW

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class MailServer:
    """What a mail server is told to say, and what it has taken."""

    replies: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The next answers to RCPT, address by address; then it accepts."""
    data_replies: list[str] = field(default_factory=list)
    taken: list[Envelope] = field(default_factory=list)
    port: int = 0
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    accepts_login: bool = True

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[EmailMessage]:
        return [
            message_from_bytes(envelope.original_content or b"", policy=POLICY) for envelope in self.taken
        ]

    @property
    def taken_by(self) -> list[list[str]]:
        return [envelope.rcpt_tos for envelope in self.taken]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: object, envelope: Envelope, address: str, *_: object
    ) -> str:
        if self.replies[address]:
            return self.replies[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: object, envelope: Envelope) -> str:  # noqa: N802
        if self.data_replies:
            return self.data_replies.pop(0)
        self.taken.append(envelope)
        return "250 OK"

    def authenticate(self, *given: object) -> AuthResult:
        login = given[-1]
        assert isinstance(login, LoginPassword)
        self.logins.append((login.login, login.password))
        return AuthResult(success=self.accepts_login, handled=False)

    async def open(self) -> asyncio.Server:
        def made() -> SMTP:
            return SMTP(self, authenticator=self.authenticate, auth_require_tls=False)

        server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        return server

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """It takes mails meanwhile."""
        server = await self.open()
        try:
            yield
        finally:
            server.close()
            await server.wait_closed()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings() -> Settings:
    return Settings(mail_from=examples.MAIL_FROM)


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    server = MailServer()
    async with server.listening():
        yield server


async def queue(database: Database, *mails: OutboxMail) -> None:
    """Put mails into the outbox."""
    async with database.write(By(None, "A test")) as writing:
        enqueue(writing, mails)


async def stored(database: Database, mail: OutboxMail) -> OutboxMail:
    """The mail as it stands in the outbox now."""
    async with database.read() as session:
        return await session.get_one(OutboxMail, mail.id)
