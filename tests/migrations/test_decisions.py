"""Audit entries of decisions that stood in another partner's log."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, select

from graphql_api.migrations.migrate import upgrade
from graphql_api.models.node_id import NodeId, NodeKind
from tests.mail.examples import NOW
from tests.migrations.filling import filling, tables_of
from tests.migrations.test_live_system import asked

BEFORE = "0008"
NAMES = ("partners", "clients", "renewals", "renewal_notices", "audit_entries")


@pytest.mark.rule("D10")
def test_decisions_go_to_the_partner_whose_notice_it_was(empty_database_url: str) -> None:
    upgrade(empty_database_url, to=BEFORE)
    wanted: dict[str, str] = asked(empty_database_url, fill)
    upgrade(empty_database_url)
    assert asked(empty_database_url, read) == wanted


def fill(connection: Connection) -> dict[str, str]:
    """Two partners' notices, decided together: all stand with the second. Whose each entry should be, by its actor."""
    add = filling(connection, *NAMES)

    def add_entry(action: str, subject: NodeId) -> None:
        name = f"{action} {subject.key}"
        add("audit_entries", partner_id=second, action=action, actor_name=name, subject_id=str(subject))

    first, second = (
        add("partners", external_id="a", name_key="a"),
        add("partners", external_id="b", name_key="b"),
    )
    wanted = {}
    for number, partner in enumerate((first, second)):
        hangs = {
            "partner_id": partner,
            "client_id": add("clients", partner_id=partner, external_id=str(number)),
        }
        renewal = add("renewals", status="PENDING", external_id=str(number), **hangs)
        about = {
            "kind": "NOTICE",
            "days_before": 120,
            "owner": "HUBSPOT",
            "created_at": NOW,
            "renewal_id": renewal,
        }
        notice = NodeId(NodeKind.RENEWAL_NOTICE, UUID(add("renewal_notices", **about, **hangs)))
        for action, whose in (("renewal_notice.decide", partner), ("client.sync", second)):
            add_entry(action, notice)
            wanted[f"{action} {notice.key}"] = whose
    gone = NodeId(NodeKind.RENEWAL_NOTICE, uuid4())
    add_entry("renewal_notice.decide", gone)
    return wanted | {f"renewal_notice.decide {gone.key}": second}


def read(connection: Connection) -> dict[str, str]:
    """In whose log each entry stands, by its actor."""
    entry = tables_of(connection, "audit_entries")["audit_entries"].c
    found = connection.execute(select(entry.actor_name, entry.partner_id))
    return {name: UUID(str(partner)).hex for name, partner in found}
