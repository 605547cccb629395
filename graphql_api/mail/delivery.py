"""One attempt to deliver one mail."""

from __future__ import annotations

from email.utils import parseaddr

from graphql_api.mail.message import mailbox_of, message_of
from graphql_api.mail.outcome import Outcome
from graphql_api.mail.transports import Transport
from graphql_api.models.rows import OutboxMail

MALFORMED = "not an e-mail address"


async def deliver(mail: OutboxMail, transport: Transport, mail_from: str) -> Outcome:
    """Hand the mail over for who neither has nor refused it. What is no address is refused."""
    mailboxes = {address: mailbox_of(address) for address in mail.remaining}
    named = list(dict.fromkeys(mailbox for mailbox in mailboxes.values() if mailbox))
    outcome = Outcome()
    if named:
        outcome = await transport.deliver(message_of(mail, mail_from), parseaddr(mail_from)[1], named)
    return _by_address(outcome, mailboxes)


def _by_address(outcome: Outcome, mailboxes: dict[str, str | None]) -> Outcome:
    final: dict[str | None, str] = {None: MALFORMED}
    final.update(outcome.refused)
    return Outcome(
        accepted=[address for address, mailbox in mailboxes.items() if mailbox in outcome.accepted],
        refused={address: final[mailbox] for address, mailbox in mailboxes.items() if mailbox in final},
        deferred={a: outcome.deferred[m] for a, m in mailboxes.items() if m in outcome.deferred},
    )
