"""Answers about the audit log."""

from typing import Any

from graphql_api.models import rows
from graphql_api.resolvers.info import Info


def changes(root: rows.AuditEntry, info: Info) -> list[Any]:
    """What changed, without the lines that only staff may see."""
    shown = info.context.viewer.is_vendor_side
    return [AuditLine(change) for change in root.changes if shown or not change.get("staff_only")]


class AuditLine:
    """One line, as it is kept."""

    def __init__(self, change: dict[str, Any]) -> None:
        """`change` holds field, before and after."""
        self.field: str = change["field"]
        self.before: str | None = change["before"]
        self.after: str | None = change["after"]
