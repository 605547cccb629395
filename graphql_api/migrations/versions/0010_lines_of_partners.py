"""A line of a deal's timeline is seen by the partner whose link it tells of: the deal may go to another one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WHOSE = """
    UPDATE deal_activities SET partner_id = coalesce(
        (SELECT partner_id FROM confirmation_links WHERE confirmation_links.id = deal_activities.link_id),
        (SELECT partner_id FROM deals WHERE deals.id = deal_activities.deal_id)
    )
"""
"""Whose a link was that is deleted, nobody knows any more: its deal's partner is who it was, unless the deal has moved."""
ON_SEEN_DEAL = "EXISTS (SELECT 1 FROM deals WHERE deals.id = deal_activities.deal_id OFFSET 0)"
# Those without a partner are written by the version before this one, while this one is rolled out.
OF_SEEN_PARTNER = "(partner_id IS NULL OR partner_id = ANY ((SELECT seen())::uuid[]))"


def upgrade() -> None:
    """Go up."""
    with op.batch_alter_table("deal_activities") as batch_op:
        batch_op.add_column(sa.Column("partner_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_deal_activities_partner_id"), "partners", ["partner_id"], ["id"])
    op.execute(WHOSE)
    _wall(f"{ON_SEEN_DEAL} AND {OF_SEEN_PARTNER}")


def downgrade() -> None:
    """Go down."""
    _wall(ON_SEEN_DEAL)
    with op.batch_alter_table("deal_activities") as batch_op:
        batch_op.drop_constraint(op.f("fk_deal_activities_partner_id"), type_="foreignkey")
        batch_op.drop_column("partner_id")


def _wall(seen: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER POLICY partners ON deal_activities USING ({seen}) WITH CHECK ({seen})")
