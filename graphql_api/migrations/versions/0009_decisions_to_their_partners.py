"""Audit entries of notices' decisions go to the partner whose notice it was; where several were decided together, the last had all."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

AT_ONCE = 1_000
ENTRIES = sa.table(
    "audit_entries",
    sa.column("id", sa.Uuid()),
    sa.column("partner_id", sa.Uuid()),
    sa.column("action", sa.String()),
    sa.column("subject_id", sa.String()),
)
NOTICES = sa.table("renewal_notices", sa.column("id", sa.Uuid()), sa.column("partner_id", sa.Uuid()))


def upgrade() -> None:
    """Go up."""
    connection = op.get_bind()
    mended = sa.update(ENTRIES).where(ENTRIES.c.id == sa.bindparam("entry"))
    for entries in _entries(connection):
        notices = {entry.id: UUID(bytes=urlsafe_b64decode(entry.subject_id)[2:]) for entry in entries}
        asked = sa.select(NOTICES.c.id, NOTICES.c.partner_id).where(NOTICES.c.id.in_(set(notices.values())))
        whose = dict(connection.execute(asked).all())
        wrong = [
            {"entry": entry.id, "partner_id": whose[notices[entry.id]]}
            for entry in entries
            if whose.get(notices[entry.id], entry.partner_id) != entry.partner_id
        ]
        if wrong:
            connection.execute(mended, wrong)


def downgrade() -> None:
    """Go down: what was wrong stays mended."""


def _entries(connection: sa.Connection) -> Iterator[list[Any]]:
    """A part at a time, in the order of their keys."""
    decided = sa.select(ENTRIES).where(ENTRIES.c.action == "renewal_notice.decide").order_by(ENTRIES.c.id)
    last = UUID(int=0)
    while entries := list(connection.execute(decided.where(ENTRIES.c.id > last).limit(AT_ONCE))):
        yield entries
        last = entries[-1].id
