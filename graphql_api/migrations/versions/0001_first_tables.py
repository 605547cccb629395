"""Every table of the first version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "partners",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partners")),
        sa.UniqueConstraint("external_id", name=op.f("uq_partners_external_id")),
    )
    with op.batch_alter_table("partners", schema=None) as batch_op:
        batch_op.create_index("ix_partners_name", ["name_key", "id"], unique=False)

    op.create_table(
        "products",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "edition",
            sa.Enum(
                "STARTER",
                "PROFESSIONAL",
                "ENTERPRISE",
                name="edition",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("code", name=op.f("uq_products_code")),
    )
    op.create_table(
        "streams",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_streams")),
    )
    op.create_table(
        "actors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "PARTNER_USER",
                "STAFF_MEMBER",
                "INTEGRATION",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "ADMIN",
                "MEMBER",
                "CHANNEL_ACCOUNT_MANAGER",
                "PARTNER_DEVELOPMENT_MANAGER",
                "RENEWAL_MANAGER",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "locale",
            sa.Enum("EN", "ES", name="locale", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind <> 'PARTNER_USER' OR partner_id IS NOT NULL", name=op.f("ck_actors_users_have_a_partner")
        ),
        sa.CheckConstraint(
            "kind <> 'PARTNER_USER' OR role IN ('ADMIN', 'MEMBER')", name=op.f("ck_actors_users_role")
        ),
        sa.CheckConstraint(
            "kind <> 'STAFF_MEMBER' OR partner_id IS NULL", name=op.f("ck_actors_staff_have_no_partner")
        ),
        sa.CheckConstraint("kind <> 'STAFF_MEMBER' OR role <> 'MEMBER'", name=op.f("ck_actors_staff_role")),
        sa.CheckConstraint(
            "kind = 'INTEGRATION' OR (email IS NOT NULL AND role IS NOT NULL)",
            name=op.f("ck_actors_people_have_an_email"),
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_actors_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actors")),
    )
    with op.batch_alter_table("actors", schema=None) as batch_op:
        batch_op.create_index(
            "uq_actors_staff_email",
            ["email"],
            unique=True,
            sqlite_where=sa.text("kind = 'STAFF_MEMBER'"),
            postgresql_where=sa.text("kind = 'STAFF_MEMBER'"),
        )
        batch_op.create_index("uq_actors_user_email", ["partner_id", "email"], unique=True)

    op.create_table(
        "clients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(length=254), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_clients_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clients")),
        sa.UniqueConstraint("external_id", name=op.f("uq_clients_external_id")),
        sa.UniqueConstraint("id", "partner_id", name="uq_clients_of_partner"),
    )
    with op.batch_alter_table("clients", schema=None) as batch_op:
        batch_op.create_index("ix_clients_partner_created", ["partner_id", "created_at", "id"], unique=False)
        batch_op.create_index("ix_clients_partner_name", ["partner_id", "name_key", "id"], unique=False)

    op.create_table(
        "onboarding_types",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_onboarding_types_product_id")),
        sa.PrimaryKeyConstraint("product_id", "code", name=op.f("pk_onboarding_types")),
    )
    op.create_table(
        "outbox_mails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "link_created",
                "link_confirmed",
                "link_rejected",
                "attachment_requested",
                "attachment_declined",
                "checkout",
                "renewal_notice",
                "renewal_reminder",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.String(length=24), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("remaining", sa.JSON(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("has_refusals", sa.Boolean(), nullable=False),
        sa.Column(
            "locale",
            sa.Enum("EN", "ES", name="locale", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "QUEUED",
                "SENT",
                "FAILED",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_outbox_mails_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mails")),
    )
    with op.batch_alter_table("outbox_mails", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_mails_due", ["status", "next_attempt_at"], unique=False)
        batch_op.create_index("ix_outbox_mails_partner", ["partner_id", "has_refusals"], unique=False)

    op.create_table(
        "partner_events",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "LINK_CREATED",
                "LINK_EDITED",
                "LINK_DELETED",
                "LINK_ATTACHED",
                "LINK_DETACHED",
                "LINK_SENT",
                "LINK_VIEWED",
                "LINK_CONFIRMED",
                "LINK_REJECTED",
                "ATTACHMENT_REQUESTED",
                "ATTACHMENT_DECLINED",
                "RENEWAL_OWNERSHIP_CHANGED",
                "RENEWAL_NOTICE_QUEUED",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.String(length=24), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_partner_events_partner_id")),
        sa.PrimaryKeyConstraint("partner_id", "position", name=op.f("pk_partner_events")),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_api_tokens_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_tokens_secret_hash")),
    )
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_tokens_actor_id"), ["actor_id"], unique=False)

    op.create_table(
        "assignments",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "position",
            sa.Enum(
                "CHANNEL_ACCOUNT_MANAGER",
                "PARTNER_DEVELOPMENT_MANAGER",
                name="position",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("staff_member_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_assignments_partner_id")),
        sa.ForeignKeyConstraint(
            ["staff_member_id"], ["actors.id"], name=op.f("fk_assignments_staff_member_id")
        ),
        sa.PrimaryKeyConstraint("partner_id", "position", name=op.f("pk_assignments")),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignments_staff_member_id"), ["staff_member_id"], unique=False)

    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("staff_only", sa.Boolean(), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("subject_id", sa.String(length=24), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_audit_entries_actor_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_audit_entries_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entries_partner", ["partner_id", "occurred_at", "id"], unique=False)

    op.create_table(
        "client_contacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "locale",
            sa.Enum("EN", "ES", name="locale", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_client_contacts_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_contacts")),
        sa.UniqueConstraint("client_id", "email", name=op.f("uq_client_contacts_client_id_email")),
    )
    op.create_table(
        "deals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("stage", sa.String(length=200), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.CheckConstraint(
            "(amount IS NULL) = (currency IS NULL)", name=op.f("ck_deals_amount_with_currency")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_deals_client_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_deals_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deals")),
        sa.UniqueConstraint("external_id", name=op.f("uq_deals_external_id")),
    )
    with op.batch_alter_table("deals", schema=None) as batch_op:
        batch_op.create_index("ix_deals_client", ["client_id"], unique=False)
        batch_op.create_index("ix_deals_name", ["name_key", "id"], unique=False)
        batch_op.create_index(
            "ix_deals_partner_name", ["partner_id", "is_shared", "name_key", "id"], unique=False
        )

    op.create_table(
        "notifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "LINK_CREATED",
                "LINK_CONFIRMED",
                "LINK_REJECTED",
                "ATTACHMENT_REQUESTED",
                "ATTACHMENT_DECLINED",
                "RENEWAL_NOTICE",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_notifications_partner_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["actors.id"], name=op.f("fk_notifications_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("recipient_id", "position", name=op.f("uq_notifications_recipient_id_position")),
    )
    op.create_table(
        "renewal_ownerships",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column(
            "owner",
            sa.Enum("HUBSPOT", "PARTNER", name="owner", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("point_of_contact_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "owner IS NULL OR owner <> 'PARTNER' OR point_of_contact_id IS NOT NULL",
            name=op.f("ck_renewal_ownerships_partner_has_contact"),
        ),
        sa.CheckConstraint(
            "owner IS NOT NULL OR client_id IS NOT NULL",
            name=op.f("ck_renewal_ownerships_only_overrides_are_cleared"),
        ),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_renewal_ownerships_client_id")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_renewal_ownerships_partner_id")
        ),
        sa.ForeignKeyConstraint(
            ["point_of_contact_id"], ["actors.id"], name=op.f("fk_renewal_ownerships_point_of_contact_id")
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["actors.id"], name=op.f("fk_renewal_ownerships_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewal_ownerships")),
        sa.UniqueConstraint(
            "partner_id",
            "client_id",
            "version",
            name=op.f("uq_renewal_ownerships_partner_id_client_id_version"),
        ),
    )
    with op.batch_alter_table("renewal_ownerships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_renewal_ownerships_client_id"), ["client_id"], unique=False)

    op.create_table(
        "renewals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("renews_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "PENDING",
                "CONFIRMED",
                "RENEWED",
                "CANCELLATION_REQUESTED",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("current_mrr", sa.BigInteger(), nullable=True),
        sa.Column("renewal_mrr", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("renewal_manager_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(current_mrr IS NULL AND renewal_mrr IS NULL) = (currency IS NULL)",
            name=op.f("ck_renewals_amount_with_currency"),
        ),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_renewals_client_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_renewals_partner_id")),
        sa.ForeignKeyConstraint(
            ["renewal_manager_id"], ["actors.id"], name=op.f("fk_renewals_renewal_manager_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewals")),
        sa.UniqueConstraint("external_id", name=op.f("uq_renewals_external_id")),
    )
    with op.batch_alter_table("renewals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_renewals_client_id"), ["client_id"], unique=False)
        batch_op.create_index("ix_renewals_date", ["renews_on", "id"], unique=False)
        batch_op.create_index("ix_renewals_partner_date", ["partner_id", "renews_on", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_renewals_renewal_manager_id"), ["renewal_manager_id"], unique=False
        )

    op.create_table(
        "checkouts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_name", sa.String(length=200), nullable=False),
        sa.Column("recipient_email", sa.String(length=254), nullable=False),
        sa.Column(
            "locale",
            sa.Enum("EN", "ES", name="locale", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("started_by_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_checkouts_deal_id")),
        sa.ForeignKeyConstraint(["started_by_id"], ["actors.id"], name=op.f("fk_checkouts_started_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkouts")),
    )
    with op.batch_alter_table("checkouts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checkouts_deal_id"), ["deal_id"], unique=False)

    op.create_table(
        "confirmation_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "PENDING",
                "CONFIRMED",
                "REJECTED",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("provides_onboarding", sa.Boolean(), nullable=False),
        sa.Column(
            "onboarding_duration",
            sa.Enum(
                "UNDER_ONE_MONTH",
                "ONE_TO_TWO_MONTHS",
                "TWO_TO_THREE_MONTHS",
                "THREE_TO_SIX_MONTHS",
                "OVER_SIX_MONTHS",
                name="onboarding_duration",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("deal_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("cloned_from_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("viewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_confirmation_links_has_a_name")),
        sa.CheckConstraint(
            "provides_onboarding = (onboarding_duration IS NOT NULL)",
            name=op.f("ck_confirmation_links_duration_with_onboarding"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id", "partner_id"],
            ["clients.id", "clients.partner_id"],
            name="fk_links_client_of_partner",
        ),
        sa.ForeignKeyConstraint(
            ["cloned_from_id"],
            ["confirmation_links.id"],
            name=op.f("fk_confirmation_links_cloned_from_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["actors.id"], name=op.f("fk_confirmation_links_created_by_id")
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_confirmation_links_deal_id")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_confirmation_links_partner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation_links")),
    )
    with op.batch_alter_table("confirmation_links", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_confirmation_links_cloned_from_id"), ["cloned_from_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_confirmation_links_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index("ix_links_client", ["client_id"], unique=False)
        batch_op.create_index("ix_links_partner_created", ["partner_id", "created_at", "id"], unique=False)
        batch_op.create_index(
            "ix_links_partner_status", ["partner_id", "status", "created_at", "id"], unique=False
        )

    op.create_table(
        "contact_roles",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "PRIMARY",
                "BILLING",
                "DECISION_MAKER",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "slot >= 1 AND slot <= CASE role WHEN 'BILLING' THEN 3 ELSE 1 END",
            name=op.f("ck_contact_roles_limit"),
        ),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_contact_roles_client_id")),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["client_contacts.id"],
            name=op.f("fk_contact_roles_contact_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contact_id", "role", name=op.f("pk_contact_roles")),
        sa.UniqueConstraint("client_id", "role", "slot", name=op.f("uq_contact_roles_client_id_role_slot")),
    )
    op.create_table(
        "renewal_products",
        sa.Column("renewal_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_renewal_products_product_id")),
        sa.ForeignKeyConstraint(["renewal_id"], ["renewals.id"], name=op.f("fk_renewal_products_renewal_id")),
        sa.PrimaryKeyConstraint("renewal_id", "product_id", name=op.f("pk_renewal_products")),
    )
    op.create_table(
        "attachment_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("deal_name", sa.String(length=200), nullable=False),
        sa.Column("message", sa.String(length=2000), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "OPEN",
                "FULFILLED",
                "DECLINED",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_because", sa.String(length=2000), nullable=True),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["confirmation_links.id"],
            name=op.f("fk_attachment_requests_link_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_attachment_requests_partner_id")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["actors.id"], name=op.f("fk_attachment_requests_requested_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_requests")),
    )
    with op.batch_alter_table("attachment_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_requests_link_id"), ["link_id"], unique=False)
        batch_op.create_index(
            "ix_attachment_requests_partner", ["partner_id", "created_at", "id"], unique=False
        )

    op.create_table(
        "checkout_links",
        sa.Column("checkout_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("was_sent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checkout_id"], ["checkouts.id"], name=op.f("fk_checkout_links_checkout_id")
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["confirmation_links.id"], name=op.f("fk_checkout_links_link_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("checkout_id", "link_id", name=op.f("pk_checkout_links")),
    )
    with op.batch_alter_table("checkout_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checkout_links_link_id"), ["link_id"], unique=False)

    op.create_table(
        "deal_activities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "LINK_ATTACHED",
                "LINK_DETACHED",
                "LINK_EDITED",
                "LINK_SENT",
                "LINK_CONFIRMED",
                "LINK_REJECTED",
                "LINK_DELETED",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("link_name", sa.String(length=200), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=1000), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name=op.f("fk_deal_activities_actor_id")),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_deal_activities_deal_id")),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["confirmation_links.id"],
            name=op.f("fk_deal_activities_link_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_activities")),
    )
    with op.batch_alter_table("deal_activities", schema=None) as batch_op:
        batch_op.create_index("ix_deal_activities_deal", ["deal_id", "occurred_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deal_activities_link_id"), ["link_id"], unique=False)

    op.create_table(
        "decisions",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "PENDING",
                "CONFIRMED",
                "REJECTED",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_name", sa.String(length=200), nullable=False),
        sa.Column("decided_by_email", sa.String(length=254), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("evidence_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(status = 'REJECTED') = (reason IS NOT NULL)", name=op.f("ck_decisions_rejected_with_reason")
        ),
        sa.CheckConstraint("status <> 'PENDING'", name=op.f("ck_decisions_is_an_answer")),
        sa.ForeignKeyConstraint(["link_id"], ["confirmation_links.id"], name=op.f("fk_decisions_link_id")),
        sa.PrimaryKeyConstraint("link_id", name=op.f("pk_decisions")),
    )
    op.create_table(
        "link_products",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("onboarding_type_code", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(
            ["link_id"], ["confirmation_links.id"], name=op.f("fk_link_products_link_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["product_id", "onboarding_type_code"],
            ["onboarding_types.product_id", "onboarding_types.code"],
            name="fk_link_products_onboarding_type",
        ),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_link_products_product_id")),
        sa.PrimaryKeyConstraint("link_id", "position", name=op.f("pk_link_products")),
        sa.UniqueConstraint("link_id", "product_id", name=op.f("uq_link_products_link_id_product_id")),
    )


def downgrade() -> None:
    """Go down."""
    op.drop_table("link_products")
    op.drop_table("decisions")
    with op.batch_alter_table("deal_activities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deal_activities_link_id"))
        batch_op.drop_index("ix_deal_activities_deal")

    op.drop_table("deal_activities")
    with op.batch_alter_table("checkout_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checkout_links_link_id"))

    op.drop_table("checkout_links")
    with op.batch_alter_table("attachment_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_attachment_requests_partner")
        batch_op.drop_index(batch_op.f("ix_attachment_requests_link_id"))

    op.drop_table("attachment_requests")
    op.drop_table("renewal_products")
    op.drop_table("contact_roles")
    with op.batch_alter_table("confirmation_links", schema=None) as batch_op:
        batch_op.drop_index("ix_links_partner_status")
        batch_op.drop_index("ix_links_partner_created")
        batch_op.drop_index("ix_links_client")
        batch_op.drop_index(batch_op.f("ix_confirmation_links_deal_id"))
        batch_op.drop_index(batch_op.f("ix_confirmation_links_cloned_from_id"))

    op.drop_table("confirmation_links")
    with op.batch_alter_table("checkouts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checkouts_deal_id"))

    op.drop_table("checkouts")
    with op.batch_alter_table("renewals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_renewals_renewal_manager_id"))
        batch_op.drop_index("ix_renewals_partner_date")
        batch_op.drop_index("ix_renewals_date")
        batch_op.drop_index(batch_op.f("ix_renewals_client_id"))

    op.drop_table("renewals")
    with op.batch_alter_table("renewal_ownerships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_renewal_ownerships_client_id"))

    op.drop_table("renewal_ownerships")
    op.drop_table("notifications")
    with op.batch_alter_table("deals", schema=None) as batch_op:
        batch_op.drop_index("ix_deals_partner_name")
        batch_op.drop_index("ix_deals_name")
        batch_op.drop_index("ix_deals_client")

    op.drop_table("deals")
    op.drop_table("client_contacts")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entries_partner")

    op.drop_table("audit_entries")
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignments_staff_member_id"))

    op.drop_table("assignments")
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_tokens_actor_id"))

    op.drop_table("api_tokens")
    op.drop_table("partner_events")
    with op.batch_alter_table("outbox_mails", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_mails_partner")
        batch_op.drop_index("ix_outbox_mails_due")

    op.drop_table("outbox_mails")
    op.drop_table("onboarding_types")
    with op.batch_alter_table("clients", schema=None) as batch_op:
        batch_op.drop_index("ix_clients_partner_name")
        batch_op.drop_index("ix_clients_partner_created")

    op.drop_table("clients")
    with op.batch_alter_table("actors", schema=None) as batch_op:
        batch_op.drop_index("uq_actors_user_email")
        batch_op.drop_index(
            "uq_actors_staff_email",
            sqlite_where=sa.text("kind = 'STAFF_MEMBER'"),
            postgresql_where=sa.text("kind = 'STAFF_MEMBER'"),
        )

    op.drop_table("actors")
    op.drop_table("streams")
    op.drop_table("products")
    with op.batch_alter_table("partners", schema=None) as batch_op:
        batch_op.drop_index("ix_partners_name")

    op.drop_table("partners")
