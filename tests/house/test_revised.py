"""Every table says whose revision moves with it."""

from __future__ import annotations

from typing import Any

from graphql_api.models import rows
from graphql_api.writing.revised import REVISED

ONES_OWN_OR_NOBODYS = {rows.Notification, rows.ApiToken, rows.IdempotencyKey, rows.Stream}


def tables_named(model: Any, column: str) -> set[str]:
    """The tables that the column's foreign keys name; a table's own for its key."""
    found = model.__table__.c[column]
    return {key.column.table.name for key in found.foreign_keys} or {model.__table__.name}


def test_every_table_is_declared() -> None:
    models = {mapper.base_mapper.class_ for mapper in rows.Base.registry.mappers}
    assert models == set(REVISED)
    assert {model.__tablename__ for model in models} == set(rows.Base.metadata.tables)


def test_only_what_nobody_else_sees_moves_nothing() -> None:
    assert {model for model, revised in REVISED.items() if revised is None} == ONES_OWN_OR_NOBODYS


def test_what_is_declared_leads_to_partners() -> None:
    for model, revised in REVISED.items():
        if revised and revised.by:
            through: Any = revised.through or rows.Partner
            assert through.__table__.name in tables_named(model, revised.by), model
            further = REVISED[through]
            assert further
            assert (further.by, further.through) in {("id", None), ("partner_id", None)}, model
        else:
            assert revised is None or revised.else_all, model
