"""Rows that are going to change: read by a prepared question, and from then on the ORM's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from sqlalchemy import Uuid, bindparam, inspect, select
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from graphql_api.models.base import Base
from graphql_api.reading.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession

Model = TypeVar("Model", bound=Base)


class Locked(Generic[Model]):
    """Rows of one model, by their keys, each locked until its transaction ends."""

    def __init__(self, model: type[Model], condition: ColumnElement[bool]) -> None:
        """Those that the condition holds for."""
        self._model, keyed = model, inspect(model).columns["id"] == bindparam("key", None, Uuid())
        self._names = inspect(model).column_attrs.keys()
        columns = [getattr(model, name) for name in self._names]
        locking = select(*columns).where(keyed, condition).with_for_update(key_share=True)
        self._prepared = Prepared(locking)

    async def row(self, session: AsyncSession, key: UUID | None, **values: Any) -> Model | None:
        """The row of the key as it is now, if there is one; `values` are the condition's."""
        for found in await self._prepared(session, key=key, **values):
            return _managed(session, self._model, dict(zip(self._names, found, strict=True)))
        return None


def _managed(session: AsyncSession, model: type[Model], values: Mapping[str, Any]) -> Model:
    """The row as the session has it, once for each key. The ORM takes several times as long to read one itself."""
    mapper = inspect(model)
    key = mapper.identity_key_from_primary_key((values["id"],))
    row: Any = session.sync_session.identity_map.get(key)
    if row is None:
        row = mapper.class_manager.new_instance()
        vars(row).update(values)
        make_transient_to_detached(row)
        session.add(row)
    else:
        for name, value in values.items():
            set_committed_value(row, name, value)
    return cast("Model", row)
