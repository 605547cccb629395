"""Inserts: new rows, written past the ORM's unit of work by statements that are prepared once for each table."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, inspect

from graphql_api.models import rows
from graphql_api.reading import prepared
from graphql_api.reading.questions import Spelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Dialect
    from sqlalchemy.orm import Session

WRITTEN_ONCE = {
    rows.AuditEntry,
    rows.DealActivity,
    rows.Notification,
    rows.OutboxMail,
    rows.PartnerEvent,
}
"""What a change leaves behind. The transaction that adds such a row neither changes it nor asks for it."""


class Insert:
    """How rows of one model are written to one kind of database. What a row leaves out is filled as the ORM would."""

    def __init__(self, model: type[rows.Base], dialect: Dialect) -> None:
        """Write the SQL."""
        mapper, table = inspect(model), model.metadata.tables[model.__tablename__]
        self._spelled = Spelled(insert(table).values(dict.fromkeys(table.columns.keys())), dialect)
        self._defaults: dict[str, Any] = {
            mapper.get_property_by_column(column).key: column.default
            for column in table.columns
            if column.default is not None
        }
        self.sql = self._spelled.sql

    def arguments(self, row: rows.Base) -> list[Any]:
        """What goes with the SQL for this row."""
        values = vars(row)
        for name, default in self._defaults.items():
            if values.get(name) is None:
                setattr(row, name, default.arg(None) if default.is_callable else default.arg)
        return self._spelled.arguments(values)


_made: dict[tuple[type[rows.Base], str], Insert] = {}


def insert_of(model: type[rows.Base], dialect: Dialect) -> Insert:
    """The model's, made the first time."""
    place = model, dialect.name
    if place not in _made:
        _made[place] = Insert(model, dialect)
    return _made[place]


def write(session: Session, new: Sequence[rows.Base]) -> None:
    """Write new rows within the session's transaction: what stands together and is of one model by one message."""
    connection = session.connection()
    adapted: Any = connection.connection.dbapi_connection
    for model, same in groupby(new, type):
        made = insert_of(model, connection.dialect)
        given = [made.arguments(row) for row in same]
        adapted.run_async(lambda driver, sql=made.sql, given=given: prepared.run(driver, sql, given))
