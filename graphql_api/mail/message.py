"""From a row of the outbox to the message that travels: the same for a row however often it is sent."""

from __future__ import annotations

from email.header import Header
from email.headerregistry import (
    Address,
    BaseHeader,
    HeaderRegistry,
    UniqueAddressHeader,
    UniqueUnstructuredHeader,
)
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import parseaddr

from email_validator import EmailNotValidError, validate_email

from graphql_api.models.rows import OutboxMail
from graphql_api.models.text import cleaned

ENCODED = "quoted-printable"
PLAIN_LIMIT = 400
"""Characters that need no folding, quoted or not: a line of a message has at most 998 (RFC 5322)."""


class Mailboxes(UniqueAddressHeader):
    """Names with addresses, one a line.

    Python's own folding leaves commas and angle brackets of long or foreign names unquoted: a name could
    address somebody else.
    """

    addresses: tuple[Address, ...]
    name: str

    def fold(self, *, policy: EmailPolicy) -> str:
        """The header as it is sent."""
        separator = f",{policy.linesep} "
        return f"{self.name}: {separator.join(map(_mailbox, self.addresses))}{policy.linesep}"


class Line(UniqueUnstructuredHeader):
    """A line of text. Python's own folding drops and adds spaces where ASCII and other text meet."""

    name: str

    def fold(self, *, policy: EmailPolicy) -> str:
        """The header as it is sent."""
        text = str(self)
        folded = text if _is_plain(text) else _encoded(text, len(self.name) + 2)
        return f"{self.name}: {folded}{policy.linesep}"


def _policy() -> EmailPolicy[EmailMessage]:
    registry = HeaderRegistry(BaseHeader)
    registry.map_to_type("subject", Line)  # type: ignore[arg-type] # typeshed: headers are mix-ins
    for name in ("from", "to", "cc"):
        registry.map_to_type(name, Mailboxes)  # type: ignore[arg-type]
    return SMTP.clone(header_factory=registry)


POLICY = _policy()


def _mailbox(address: Address) -> str:
    name = address.display_name
    return str(address) if _is_plain(name) else f"{_encoded(name)} <{address.addr_spec}>"


def _is_plain(text: str) -> bool:
    return text.isascii() and "=?" not in text and len(text) < PLAIN_LIMIT


def _encoded(text: str, indent: int = 0) -> str:
    return Header(text, "utf-8", header_name=" " * indent).encode(linesep=SMTP.linesep)


def one_line(text: str) -> str:
    """The text without line breaks, control characters and doubled spaces: fit for a header."""
    return cleaned(" ".join(text.split()))


def mailbox_of(email: str) -> str | None:
    """The address as servers take it, its domain in ASCII; None for one that no server could take."""
    try:
        found = validate_email(email, check_deliverability=False, test_environment=True, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return found.ascii_email


def message_of(mail: OutboxMail, mail_from: str) -> EmailMessage:
    """The mail as an RFC 5322 message from `mail_from`, in text and HTML."""
    name, sender = parseaddr(mail_from)
    message = EmailMessage(policy=POLICY)
    message["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2]}>"
    message["Date"] = mail.created_at
    message["From"] = Address(one_line(name), addr_spec=sender)
    _address(message, mail)
    message["Subject"] = one_line(mail.subject)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Partner-Api-Kind"] = mail.kind.value
    message["X-Partner-Api-Subject"] = str(mail.subject_id)
    message.set_content(mail.text, cte=ENCODED)
    message.add_alternative(mail.html, subtype="html", cte=ENCODED)
    message.set_boundary(f"=_{mail.id.hex}")
    message["Content-Language"] = mail.locale.value.lower()
    return message


def _address(message: EmailMessage, mail: OutboxMail) -> None:
    """Name everybody, also who has the mail already: all copies of it are the same."""
    for header, field in (("To", "to"), ("Cc", "cc")):
        named = [(r["name"], mailbox_of(r["email"])) for r in mail.recipients if r["field"] == field]
        if mailboxes := [Address(one_line(name), addr_spec=email) for name, email in named if email]:
            message[header] = mailboxes
