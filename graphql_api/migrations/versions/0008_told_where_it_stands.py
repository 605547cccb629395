"""The service's roles read which migrations were run, and no longer write it."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ROLES = "partner_api, partner_api_viewer"
WRITING = "INSERT, UPDATE, DELETE"


def upgrade() -> None:
    """Go up. Whoever migrates owns the table; the service only asks whether it is ready."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"REVOKE {WRITING} ON alembic_version FROM {ROLES}")


def downgrade() -> None:
    """Go down."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"GRANT {WRITING} ON alembic_version TO {ROLES}")
