"""Mail by SMTP: what a server says, told apart by whom it concerns and whether it may change its mind."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog

from graphql_api.mail.outcome import Outcome, deferred, nameless

TIMEOUT = 30
"""Seconds for one delivery, from the first packet to the last."""
PERMANENT = 500
"""Replies from here on are final (RFC 5321, 4.2.1)."""
ABOUT_US = frozenset({530, 534, 535, 538})
"""Final replies that say nothing about a recipient: the server wants us to sign in (RFC 4954, 6)."""
PORTS = {"smtp": 25, "smtps": 465}
SUBMISSION_PORT = 587

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A server that takes mail; encrypted from the start (smtps), or as soon as the server offers it."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    is_tls: bool = False

    @classmethod
    def of(cls, url: str) -> SmtpServer:
        """The server of smtp://user:password@host:port or smtps://…, user and password percent-encoded."""
        parts = urlsplit(url)
        user = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else None
        usual = SUBMISSION_PORT if user and parts.scheme == "smtp" else PORTS[parts.scheme]
        return cls(
            parts.hostname or "localhost", parts.port or usual, user, password, parts.scheme == "smtps"
        )

    async def deliver(self, message: EmailMessage, sender: str, recipients: list[str]) -> Outcome:
        """One conversation with the server. What refuses nobody, as a wrong password, can be put right."""
        try:
            async with asyncio.timeout(TIMEOUT):
                return await self._converse(message, sender, recipients)
        except aiosmtplib.SMTPRecipientsRefused as error:
            return self._sorted([], {each.recipient: (each.code, each.message) for each in error.recipients})
        except aiosmtplib.SMTPDataError as error:
            return self._sorted([], dict.fromkeys(recipients, (error.code, error.message)))
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return self._troubled(recipients, error)

    async def _converse(self, message: EmailMessage, sender: str, recipients: list[str]) -> Outcome:
        client = aiosmtplib.SMTP(hostname=self.host, port=self.port, use_tls=self.is_tls, timeout=TIMEOUT)
        try:
            await client.connect()
            if self.user:
                await client.login(self.user, self.password or "")
            refusals, _ = await client.sendmail(sender, recipients, message.as_bytes())
            taken = [address for address in recipients if address not in refusals]
            replies = {who: (reply.code, reply.message) for who, reply in refusals.items()}
            outcome = self._sorted(taken, replies)
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit()
            return outcome
        finally:
            client.close()

    def _troubled(self, recipients: list[str], error: Exception) -> Outcome:
        code, says = getattr(error, "code", 0), getattr(error, "message", str(error))
        self._tell(code, says, type(error).__name__)
        return deferred(recipients, f"{type(error).__name__}: {error}")

    def _sorted(self, taken: list[str], replies: dict[str, tuple[int, str]]) -> Outcome:
        later = {who: reply for who, reply in replies.items() if not _is_final(reply[0])}
        for code, says in dict.fromkeys((code, nameless(says, who)) for who, (code, says) in later.items()):
            self._tell(code, says, "put off")
        final = {who: _text(*reply) for who, reply in replies.items() if who not in later}
        return Outcome(taken, final, {who: _text(*reply) for who, reply in later.items()})

    def _tell(self, code: int, says: str, error: str) -> None:
        tell = log.error if code >= PERMANENT else log.warning
        says = " ".join(says.split())
        tell("mail server trouble", host=self.host, port=self.port, error=error, code=code, says=says)


def _is_final(code: int) -> bool:
    return code >= PERMANENT and code not in ABOUT_US


def _text(code: int, says: str) -> str:
    return f"{code} {says}"
