"""How far streams are pruned, and what became of notices, for when their mails are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATUSES = ("QUEUED", "SENT", "FAILED", "NO_RECIPIENTS")


def upgrade() -> None:
    """Go up. A notice goes on naming its mail, which may be deleted; so it is no foreign key any more."""
    with op.batch_alter_table("streams") as batch_op:
        batch_op.add_column(
            sa.Column("pruned_to", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
        )
    with op.batch_alter_table("renewal_notices") as batch_op:
        batch_op.add_column(
            sa.Column("status", sa.String(length=40), server_default=sa.text("'QUEUED'"), nullable=False)
        )
        batch_op.add_column(sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(op.f("ck_renewal_notices_status"), f"status IN {STATUSES}")
        batch_op.drop_constraint(op.f("fk_renewal_notices_mail_id"), type_="foreignkey")


def downgrade() -> None:
    """Go down."""
    with op.batch_alter_table("renewal_notices") as batch_op:
        batch_op.create_foreign_key(op.f("fk_renewal_notices_mail_id"), "outbox_mails", ["mail_id"], ["id"])
        batch_op.drop_constraint(op.f("ck_renewal_notices_status"), type_="check")
        batch_op.drop_column("sent_at")
        batch_op.drop_column("status")
    with op.batch_alter_table("streams") as batch_op:
        batch_op.drop_column("pruned_to")
