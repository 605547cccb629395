"""The notices that were there before they kept what became of their mails."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from graphql_api.migrations.migrate import upgrade
from tests.mail.examples import NOW
from tests.migrations.filling import filling, tables_of
from tests.migrations.test_live_system import asked

BEFORE, STATUSES = "0005", ("QUEUED", "SENT", "FAILED", None)
"""What became of each one's mail; the last has none."""


NAMES = ("partners", "clients", "renewals", "outbox_mails", "renewal_notices")


def test_notices_take_over_what_became_of_their_mails(empty_database_url: str) -> None:
    upgrade(empty_database_url, to=BEFORE)
    asked(empty_database_url, fill)
    upgrade(empty_database_url)
    told: list[Any] = asked(empty_database_url, read)
    assert [status for _, status, _ in told] == ["QUEUED", "SENT", "FAILED", "NO_RECIPIENTS"]
    assert [sent_at is not None for _, _, sent_at in told] == [False, True, False, False]


def fill(connection: Connection) -> None:
    """A notice for each, about one renewal."""
    add = filling(connection, *NAMES)
    hangs = {"partner_id": add("partners")}
    hangs |= {"client_id": add("clients", **hangs)}
    hangs |= {"renewal_id": add("renewals", status="PENDING", **hangs)}
    for days, status in enumerate(STATUSES):
        sent_at = NOW if status == "SENT" else None
        kind = {"kind": "renewal_notice", "locale": "EN"}
        mail_id = add("outbox_mails", status=status, sent_at=sent_at, **kind) if status else None
        about = {"kind": "NOTICE", "days_before": days, "owner": "HUBSPOT"}
        add("renewal_notices", mail_id=mail_id, **about, **hangs)


def read(connection: Connection) -> list[Any]:
    """Each notice's days, status and time of sending."""
    notice = tables_of(connection, "renewal_notices")["renewal_notices"].c
    found = select(notice.days_before, notice.status, notice.sent_at).order_by(notice.days_before)
    return list(connection.execute(found))
