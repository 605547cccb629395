"""What every table shares: naming, and the types of columns."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from sqlalchemy import JSON, BigInteger, DateTime, Enum, MetaData, String, Uuid, inspect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm.base import DEFAULT_STATE_ATTR
from sqlalchemy.types import TypeDecorator

from graphql_api.models.node_id import NodeId

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Dialect

MONEY_SCALE = 4
"""Decimal places kept of an amount of money."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC. SQLite keeps no offset, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a naive time: it would silently be taken for another one."""
        if value is not None and value.tzinfo is None:
            msg = f"a time without an offset: {value!r}"
            raise ValueError(msg)
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment, aware."""
        if value is None or value.tzinfo is not None:
            return value and value.astimezone(UTC)
        return value.replace(tzinfo=UTC)


class Amount(TypeDecorator[Decimal]):
    """An exact decimal, kept as a whole number of ten-thousandths: exact and ordered on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Scale up; the caller has already refused what does not fit."""
        return None if value is None else int(value.scaleb(MONEY_SCALE))

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Scale down again."""
        return None if value is None else Decimal(value).scaleb(-MONEY_SCALE)


class NodeIdText(TypeDecorator[NodeId]):
    """A global id, as clients see it: for columns that may point at any table (events, audit, mails)."""

    impl = String(24)
    cache_ok = True

    def process_bind_param(self, value: NodeId | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Its text."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> NodeId | None:  # noqa: ARG002
        """The id that the text spells."""
        return None if value is None else NodeId.parse(value)


def one_of(values: type[StrEnum], name: str) -> Enum:
    """A text column with a database check that it holds one of the values."""
    return Enum(
        values,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        },
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: UtcDateTime(),
        Decimal: Amount(),
        NodeId: NodeIdText(),
        UUID: Uuid(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        list[dict[str, Any]]: JSON(),
    }

    @classmethod
    def new(cls, **values: Any) -> Self:
        """A row that is written as it is, and that the ORM does not know: it costs a tenth, and cannot be changed.

        What it leaves out is filled as the ORM would.

        Raises:
            TypeError: the model has no such attribute.

        """
        names, fixed, made = _left_out(cls)
        if not names.issuperset(values):
            raise TypeError(values.keys() - names)
        row = cls.__new__(cls)
        vars(row).update(fixed, **values)
        for name, make in made:
            if name not in values:
                vars(row)[name] = make(None)
        return row


def is_managed(row: Base) -> bool:
    """Whether the ORM knows the row: it was not made by new()."""
    return DEFAULT_STATE_ATTR in vars(row)


@cache
def _left_out(
    model: type[Base],
) -> tuple[frozenset[str], dict[str, Any], list[tuple[str, Callable[[None], Any]]]]:
    """All attributes; what stands in columns that a row leaves out: what always does, and what is made for each row."""
    defaults: dict[str, Any] = {one.key: one.columns[0].default for one in inspect(model).column_attrs}
    made = {name: default.arg for name, default in defaults.items() if default and default.is_callable}
    fixed = {name: default and default.arg for name, default in defaults.items() if name not in made}
    return frozenset(inspect(model).attrs.keys()), fixed, [*made.items()]
