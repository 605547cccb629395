"""Renewal notices and idempotency keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("input_hash", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("caller", "field", "key", name=op.f("pk_idempotency_keys")),
    )
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_keys_created_at"), ["created_at"], unique=False)

    op.create_table(
        "renewal_notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("renewal_id", sa.Uuid(), nullable=False),
        sa.Column("renews_on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("NOTICE", "REMINDER", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.Column(
            "owner",
            sa.Enum("HUBSPOT", "PARTNER", name="owner", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("to", sa.JSON(), nullable=False),
        sa.Column("cc", sa.JSON(), nullable=False),
        sa.Column("explanation", sa.String(length=1000), nullable=False),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_renewal_notices_client_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["outbox_mails.id"], name=op.f("fk_renewal_notices_mail_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_renewal_notices_partner_id")),
        sa.ForeignKeyConstraint(["renewal_id"], ["renewals.id"], name=op.f("fk_renewal_notices_renewal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewal_notices")),
        sa.UniqueConstraint("renewal_id", "renews_on", "kind", "days_before", name="uq_renewal_notices_once"),
    )
    with op.batch_alter_table("renewal_notices", schema=None) as batch_op:
        batch_op.create_index("ix_renewal_notices_client", ["client_id", "created_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_renewal_notices_mail_id"), ["mail_id"], unique=False)
        batch_op.create_index(
            "ix_renewal_notices_unheard", ["partner_id", "mail_id", "renews_on"], unique=False
        )

    with op.batch_alter_table("renewal_ownerships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_renewal_ownerships_client_id"))
        batch_op.drop_constraint(
            batch_op.f("uq_renewal_ownerships_partner_id_client_id_version"), type_="unique"
        )
        batch_op.create_index("ix_renewal_ownerships_client", ["client_id", "version"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_renewal_ownerships_partner_id_version"), ["partner_id", "version"]
        )


def downgrade() -> None:
    """Go down."""
    with op.batch_alter_table("renewal_ownerships", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_renewal_ownerships_partner_id_version"), type_="unique")
        batch_op.drop_index("ix_renewal_ownerships_client")
        batch_op.create_unique_constraint(
            batch_op.f("uq_renewal_ownerships_partner_id_client_id_version"),
            ["partner_id", "client_id", "version"],
        )
        batch_op.create_index(batch_op.f("ix_renewal_ownerships_client_id"), ["client_id"], unique=False)

    with op.batch_alter_table("renewal_notices", schema=None) as batch_op:
        batch_op.drop_index("ix_renewal_notices_unheard")
        batch_op.drop_index(batch_op.f("ix_renewal_notices_mail_id"))
        batch_op.drop_index("ix_renewal_notices_client")

    op.drop_table("renewal_notices")
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_keys_created_at"))

    op.drop_table("idempotency_keys")
