"""What became of the notices that there are; indexes for what is deleted by its age."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OUTCOMES = """
    UPDATE renewal_notices SET
        status = CASE WHEN mail_id IS NULL THEN 'NO_RECIPIENTS' ELSE
            (SELECT outbox_mails.status FROM outbox_mails WHERE outbox_mails.id = renewal_notices.mail_id) END,
        sent_at = (SELECT outbox_mails.sent_at FROM outbox_mails WHERE outbox_mails.id = renewal_notices.mail_id)
"""


def upgrade() -> None:
    """Go up."""
    op.execute(OUTCOMES)
    with _while_others_write() as how:
        _index(how, "ix_audit_entries_occurred_at", "audit_entries", ["occurred_at"])
        refused = {"postgresql_where": sa.text("has_refusals"), "sqlite_where": sa.text("has_refusals = 1")}
        _index(how, "ix_outbox_mails_refused", "outbox_mails", ["partner_id", "id"], **refused)
        op.drop_index("ix_outbox_mails_partner", "outbox_mails", if_exists=True, **how)


def downgrade() -> None:
    """Go down."""
    op.create_index("ix_outbox_mails_partner", "outbox_mails", ["partner_id", "has_refusals"])
    op.drop_index("ix_outbox_mails_refused", "outbox_mails")
    op.drop_index("ix_audit_entries_occurred_at", "audit_entries")


@contextmanager
def _while_others_write() -> Iterator[dict[str, Any]]:
    """How indexes are made and dropped. On PostgreSQL outside of any transaction: it waits for all that run, and holds up none."""
    if op.get_bind().dialect.name != "postgresql":
        yield {}
        return
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        yield {"postgresql_concurrently": True}
        op.execute("RESET lock_timeout")


def _index(how: dict[str, Any], name: str, table: str, columns: list[str], **only: Any) -> None:
    """Anew where an earlier try left half of it."""
    op.drop_index(name, table, if_exists=True, **how)
    op.create_index(name, table, columns, **how, **only)
