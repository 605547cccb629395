"""Commits announce themselves: on PostgreSQL who listens hears where a stream stands now, and that there are mails."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

UP = (
    """
    CREATE FUNCTION announce_stream() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('partner_api_streams', NEW.id || ' ' || NEW.position); RETURN NULL; END $$
    """,
    """
    CREATE FUNCTION announce_mails() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('partner_api_mails', ''); RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER announce_stream AFTER INSERT OR UPDATE OF position ON streams
    FOR EACH ROW WHEN (NEW.position > 0) EXECUTE FUNCTION announce_stream()
    """,
    """
    CREATE TRIGGER announce_mails AFTER INSERT ON outbox_mails
    FOR EACH STATEMENT EXECUTE FUNCTION announce_mails()
    """,
)
DOWN = (
    "DROP TRIGGER announce_mails ON outbox_mails",
    "DROP TRIGGER announce_stream ON streams",
    "DROP FUNCTION announce_mails()",
    "DROP FUNCTION announce_stream()",
)


def upgrade() -> None:
    """Go up."""
    _run(UP)


def downgrade() -> None:
    """Go down."""
    _run(DOWN)


def _run(statements: tuple[str, ...]) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in statements:
            op.execute(statement)
