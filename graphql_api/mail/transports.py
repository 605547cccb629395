"""The ways out for mails, one of which PARTNER_API_MAIL_URL names: a folder, the console, an SMTP server."""

from __future__ import annotations

import asyncio
import os
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from uuid import uuid4

from graphql_api.mail.outcome import Outcome
from graphql_api.mail.smtp import SmtpServer

FOLDER = "folder://"
CONSOLE = "console:"


class Transport(Protocol):
    """A way out."""

    async def deliver(self, message: EmailMessage, sender: str, recipients: list[str]) -> Outcome:
        """Hand the message over for these recipients, whoever else it names. A server's "no" is no error."""


def transport_of(mail_url: str) -> Transport:
    """The way out that the URL names.

    Raises:
        ValueError: it names none.

    """
    if mail_url.startswith(FOLDER):
        return Folder(Path(mail_url.removeprefix(FOLDER)))
    if mail_url.startswith(CONSOLE):
        return Console()
    if urlsplit(mail_url).scheme in {"smtp", "smtps"}:
        return SmtpServer.of(mail_url)
    raise ValueError("not a mail URL")


class Folder:
    """A folder of *.eml files, one a mail, each whole or not there; a mail sent again takes its own place."""

    def __init__(self, path: Path) -> None:
        """`path` is made when the first mail comes."""
        self.path = path

    async def deliver(self, message: EmailMessage, sender: str, recipients: list[str]) -> Outcome:  # noqa: ARG002
        """Write the file; a full disk is no reason to lose the mail."""
        await asyncio.to_thread(self._write, message["Message-ID"][1:].partition("@")[0], message.as_bytes())
        return Outcome(accepted=recipients)

    def _write(self, name: str, content: bytes) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        partial = self.path / f".{name}.{uuid4().hex}.part"
        try:
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self.path / f"{name}.eml")
        finally:
            partial.unlink(missing_ok=True)


class Console:
    """Standard output, for development."""

    async def deliver(self, message: EmailMessage, sender: str, recipients: list[str]) -> Outcome:
        """Print whom it is for, and what it says in plain text."""
        body = message.get_body(("plain",))
        text = body.get_content() if body else ""
        sys.stdout.write(f"\nMail from {sender} to {', '.join(recipients)}: {message['Subject']}\n\n{text}\n")
        sys.stdout.flush()
        return Outcome(accepted=recipients)
