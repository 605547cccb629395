"""The second wall: on PostgreSQL a connection sees the rows of no partner but those that it names."""
# ruff: noqa: S608 - its statements are made of the constants below

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SERVICE = "partner_api"
VIEWER = "partner_api_viewer"
ROLES = f"{SERVICE}, {VIEWER}"

# The partners that are seen, and who sees them, by their keys: one array, of keys that are nobody else's.
SEEN = """
    CREATE FUNCTION seen() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT nullif(current_setting('partner_api.seen', true), '')::uuid[] $$
"""

# Within a subselect the function is called once for a statement, not once for a row.
AMONG_SEEN = "= ANY ((SELECT seen())::uuid[])"
OF_PARTNER = f"partner_id {AMONG_SEEN}"

DIRECTLY = {
    "partners": f"id {AMONG_SEEN}",
    "actors": OF_PARTNER,
    "api_tokens": f"actor_id {AMONG_SEEN}",
    "assignments": OF_PARTNER,
    "attachment_requests": OF_PARTNER,
    "audit_entries": OF_PARTNER,
    "clients": OF_PARTNER,
    "confirmation_links": OF_PARTNER,
    "deals": OF_PARTNER,
    "notifications": f"recipient_id {AMONG_SEEN}",
    "outbox_mails": OF_PARTNER,
    "partner_events": OF_PARTNER,
    "renewal_notices": OF_PARTNER,
    "renewal_ownerships": OF_PARTNER,
    "renewals": OF_PARTNER,
}
WRITTEN = {"notifications": f"{OF_PARTNER} OR recipient_id {AMONG_SEEN}"}
"""Where more may be written than is seen: a partner's change is told to the vendor's staff."""
STAFF = f"CREATE POLICY staff ON actors FOR SELECT TO {VIEWER} USING (partner_id IS NULL)"
"""The vendor's staff has names for everybody, to be read alone: nobody makes themselves one of them."""

# Rows that hang on another one are seen with it: the table, its column, and the table that this names. Without the
# OFFSET, PostgreSQL would rather read all rows that are seen of that table than look up the few that are asked for.
HANGING = [
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
    for statement in (*map(_role, (SERVICE, VIEWER)), JOIN, *_rights("GRANT", "TO"), SEEN):
        op.execute(statement)
    for table, seen in DIRECTLY.items():
        _wall(table, seen, WRITTEN.get(table, seen))
    op.execute(STAFF)
    for table, column, parent in HANGING:
        seen = f"EXISTS (SELECT 1 FROM {parent} WHERE {parent}.id = {table}.{column} OFFSET 0)"
        _wall(table, seen, seen)


def downgrade() -> None:
    """Go down. The roles stay: other databases of the server may have them too."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP POLICY staff ON actors")
    for table in (*DIRECTLY, *(table for table, _, _ in HANGING)):
        for policy in ("partners", "service", "migrations"):
            op.execute(f"DROP POLICY {policy} ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
    for statement in ("DROP FUNCTION seen()", *_rights("REVOKE", "FROM")):
        op.execute(statement)


def _wall(table: str, seen: str, written: str) -> None:
    """The owner, too, sees nothing by chance: only migrations, which say so, work on all rows."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY partners ON {table} TO {VIEWER} USING ({seen}) WITH CHECK ({written})")
    op.execute(f"CREATE POLICY service ON {table} TO {SERVICE} USING (true)")
    all_rows = "current_setting('partner_api.seen', true) = '*'"
    op.execute(f"CREATE POLICY migrations ON {table} TO CURRENT_USER USING ({all_rows})")


def _role(name: str) -> str:
    """Roles belong to the whole server, where another database may make them at this moment."""
    return f"""
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN
                CREATE ROLE {name} NOLOGIN NOINHERIT NOBYPASSRLS;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$
    """


# Whoever signs in may take either role on, but has no rights of theirs before: else what the service sees is seen by
# connections that were told nothing. Before version 16, that is left to the login role's own NOINHERIT.
JOIN = f"""
    DO $$ DECLARE
        not_yet text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN ' WITH INHERIT FALSE' ELSE '' END;
    BEGIN
        IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) THEN
            EXECUTE format('GRANT {ROLES} TO %I', session_user) || not_yet;
        END IF;
    EXCEPTION WHEN insufficient_privilege THEN NULL;  -- an administrator has made them, and grants them
    END $$
"""


def _rights(verb: str, to: str) -> list[str]:
    rows = "SELECT, INSERT, UPDATE, DELETE"
    return [
        f"{verb} USAGE ON SCHEMA public {to} {ROLES}",
        f"{verb} {rows} ON ALL TABLES IN SCHEMA public {to} {ROLES}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public {verb} {rows} ON TABLES {to} {ROLES}",
    ]
