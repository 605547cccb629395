"""What the vendor's staff do with their own tokens is written to the audit log, though it is no partner's."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

AMONG_SEEN = "= ANY ((SELECT seen())::uuid[])"
OF_PARTNER = f"partner_id {AMONG_SEEN}"
BY_SELF = f"(partner_id IS NULL AND actor_id {AMONG_SEEN})"


def upgrade() -> None:
    """Go up."""
    _written(f"{OF_PARTNER} OR {BY_SELF}")


def downgrade() -> None:
    """Go down."""
    _written(OF_PARTNER)


def _written(check: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER POLICY partners ON audit_entries WITH CHECK ({check})")
