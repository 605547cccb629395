"""The second wall: on PostgreSQL a connection sees the rows of no partner but those that it names."""
# ruff: noqa: S608 - its statements are made of the constants below

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROLE = "partner_api"

FUNCTIONS = (
    """
    CREATE FUNCTION sees_everything() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT coalesce(current_setting('partner_api.partners', true) = '*', false) $$
    """,
    """
    CREATE FUNCTION seen_partners() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT CASE WHEN current_setting('partner_api.partners', true) LIKE '{%'
              THEN current_setting('partner_api.partners', true)::uuid[] ELSE '{}' END $$
    """,
    """
    CREATE FUNCTION seen_viewer() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT nullif(current_setting('partner_api.viewer', true), '')::uuid $$
    """,
)

# Within a subselect a function is called once for a statement, not once for a row.
ALL = "(SELECT sees_everything())"
SEEN = "ANY ((SELECT seen_partners())::uuid[])"

OF_PARTNER = f"{ALL} OR partner_id = {SEEN}"
OF_NOBODY_TOO = f"{OF_PARTNER} OR partner_id IS NULL"
OWN = f"{ALL} OR recipient_id = (SELECT seen_viewer())"

BY_PARTNER = {
    "partners": f"{ALL} OR id = {SEEN}",
    "actors": OF_NOBODY_TOO,  # the vendor's staff has names for everybody
    "assignments": OF_PARTNER,
    "attachment_requests": OF_PARTNER,
    "audit_entries": OF_PARTNER,
    "clients": OF_PARTNER,
    "confirmation_links": OF_PARTNER,
    "deals": OF_PARTNER,
    "outbox_mails": OF_PARTNER,
    "partner_events": OF_PARTNER,
    "renewal_notices": OF_PARTNER,
    "renewal_ownerships": OF_PARTNER,
    "renewals": OF_PARTNER,
}

# Rows that hang on another one are seen with it: the table, its column, and the table that this names.
HANGING = [
    ("api_tokens", "actor_id", "actors"),
    ("checkout_links", "link_id", "confirmation_links"),
    ("checkouts", "deal_id", "deals"),
    ("client_contacts", "client_id", "clients"),
    ("contact_roles", "client_id", "clients"),
    ("deal_activities", "deal_id", "deals"),
    ("decisions", "link_id", "confirmation_links"),
    ("link_products", "link_id", "confirmation_links"),
    ("renewal_products", "renewal_id", "renewals"),
]


def upgrade() -> None:
    """Go up."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for statement in (*_role(), *FUNCTIONS):
        op.execute(statement)
    for table, seen in BY_PARTNER.items():
        _wall(table, seen)
    for table, column, parent in HANGING:
        _wall(table, f"{ALL} OR EXISTS (SELECT 1 FROM {parent} WHERE {parent}.id = {table}.{column})")
    _wall("notifications", OWN, written=OF_PARTNER)


def downgrade() -> None:
    """Go down. The role stays: other databases of the server may have it too."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in (*BY_PARTNER, *(table for table, _, _ in HANGING), "notifications"):
        op.execute(f"DROP POLICY partners ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
    for name in ("sees_everything", "seen_partners", "seen_viewer"):
        op.execute(f"DROP FUNCTION {name}()")
    for statement in _rights("REVOKE", "FROM"):
        op.execute(statement)


def _wall(table: str, seen: str, written: str | None = None) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY partners ON {table} USING ({seen}) WITH CHECK ({written or seen})")


def _role() -> list[str]:
    """The service's role. Roles belong to the whole server, where another database may make it at this moment."""
    create = f"""
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
                CREATE ROLE {ROLE} NOLOGIN NOINHERIT NOBYPASSRLS;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$
    """
    join = f"""
        DO $$ BEGIN
            IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) THEN
                EXECUTE format('GRANT {ROLE} TO %I', session_user);
            END IF;
        EXCEPTION WHEN insufficient_privilege THEN NULL;  -- an administrator has made it, and grants it
        END $$
    """
    return [create, join, *_rights("GRANT", "TO")]


def _rights(verb: str, to: str) -> list[str]:
    rows = "SELECT, INSERT, UPDATE, DELETE"
    return [
        f"{verb} USAGE ON SCHEMA public {to} {ROLE}",
        f"{verb} {rows} ON ALL TABLES IN SCHEMA public {to} {ROLE}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public {verb} {rows} ON TABLES {to} {ROLE}",
    ]
