"""The shared piece of every sync: find the rows in bulk, fill them, and write down what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from sqlalchemy import Function, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from graphql_api.actions.record import Change, audit, changes_between
from graphql_api.actions.sync.given import ROW_LIMIT, Field, Given, read_all, refuse_doubles
from graphql_api.database import Writing
from graphql_api.models import rows
from graphql_api.models.refusal import LimitExceeded, Refusal

Row = TypeVar("Row", bound=Any)
Part = TypeVar("Part")

SYNC_LOCK = 0x53594E43
"""Held until commit by whoever syncs, on PostgreSQL; SQLite has one writer anyway."""


class Outcome(Enum):
    """What became of one record."""

    CREATED = auto()
    UPDATED = auto()
    UNCHANGED = auto()


class SyncCounts(NamedTuple):
    """How many records were new, changed something, or changed nothing."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    """Contacts that a list left out."""


class Batch(NamedTuple):
    """The records of one call, and what is wrong with them."""

    givens: list[Given]
    refusals: list[Refusal]

    def named(self, *keys: str) -> set[str]:
        """What the records name under these keys."""
        return {
            given.values[key] for given in self.givens for key in keys if given.values.get(key) is not None
        }


@dataclass(slots=True)
class Edit(Generic[Row]):
    """One record on its way into its row. `before` is empty for a new one."""

    given: Given
    row: Row
    is_new: bool
    before: dict[str, object]
    outcome: Outcome = Outcome.UNCHANGED


Pair = tuple[Given, Row | None]
"""A record, and the row that it is about where there is one."""


class Noun(Generic[Row]):
    """What a sync must know of one kind of row."""

    action: ClassVar[str]
    """What the audit log calls the change, as in client.sync."""

    def make(self, given: Given, writing: Writing) -> Row:
        """A new row, still to be filled."""
        raise NotImplementedError

    def fill(self, row: Row, given: Given) -> None:
        """Bring the row's own columns up to date."""
        raise NotImplementedError

    def facts(self, row: Row) -> dict[str, object]:
        """What the audit log compares, by the contract's names."""
        raise NotImplementedError

    def partner_id(self, row: Row) -> Any:  # noqa: ARG002 - a key or None
        """In whose audit log the change stands; None for what is no partner's."""
        return None

    async def clear(self, session: AsyncSession, edits: Sequence[Edit[Row]]) -> None:
        """Delete what must be gone before anything takes its place."""

    def finish(self, session: AsyncSession, edit: Edit[Row]) -> None:
        """Fill what hangs on the row; by now the row is in the database."""

    def note(self, writing: Writing, edit: Edit[Row], changes: list[Change]) -> None:
        """Write down the change."""
        audit(writing, self.action, edit.row.node_id, changes, partner_id=self.partner_id(edit.row))


async def begin(
    writing: Writing, kind: str, records: Sequence[Mapping[str, Any]], fields: Sequence[Field], *key: str
) -> Batch:
    """Read the records of a call, no two of which may have the same key. Other syncs wait until commit.

    Raises:
        LimitExceeded: more than 500 of them.

    """
    if len(records) > ROW_LIMIT:
        raise LimitExceeded(kind, message=f"more than {ROW_LIMIT} at once")
    if _on_postgresql(writing.session):
        await writing.session.execute(
            select(func.pg_advisory_xact_lock(SYNC_LOCK), _plan("force_custom_plan"))
        )
    refusals: list[Refusal] = []
    givens = read_all(records, fields, (kind,), refusals)
    refuse_doubles(givens, *key)
    return Batch(givens, refusals)


async def find(
    session: AsyncSession, by: InstrumentedAttribute[Any], values: Iterable[Any], *, lock: bool = False
) -> dict[Any, Any]:
    """Rows by one of their columns, in one statement for each 500 values, locked in the order of keys."""
    model: Any = by.class_
    found = {}
    for some in in_parts(sorted(values)):
        statement = select(model).where(by.in_(some))
        if lock:
            statement = statement.order_by(model.id).with_for_update(key_share=True)
        for row in await session.scalars(statement.execution_options(populate_existing=lock)):
            found[getattr(row, by.key)] = row
    return found


async def staff_by_email(session: AsyncSession, emails: Iterable[str]) -> dict[str, rows.StaffMember]:
    """Members of the vendor's staff by their e-mail."""
    return await find(session, rows.StaffMember.email, emails)


async def put(writing: Writing, noun: Noun[Row], pairs: Iterable[Pair[Row]]) -> list[Edit[Row]]:
    """Write records that nothing is against into their rows, or new ones, and audit what changed."""
    if _on_postgresql(writing.session):
        await writing.session.execute(select(_plan("auto")))
    edits = [_edit(writing, noun, given, row) for given, row in pairs]
    await noun.clear(writing.session, edits)
    for edit in edits:
        noun.fill(edit.row, edit.given)
    writing.session.add_all(edit.row for edit in edits if edit.is_new)
    await writing.session.flush()
    for edit in edits:
        edit.outcome = _finish(writing, noun, edit)
    await writing.session.flush()
    return edits


def in_parts(values: Sequence[Part]) -> Iterator[Sequence[Part]]:
    """The values in parts of at most 500."""
    for start in range(0, len(values), ROW_LIMIT):
        yield values[start : start + ROW_LIMIT]


def counts_of(edits: Iterable[Edit[Any]]) -> SyncCounts:
    """The outcomes, counted."""
    counted = Counter(edit.outcome for edit in edits)
    return SyncCounts(counted[Outcome.CREATED], counted[Outcome.UPDATED], counted[Outcome.UNCHANGED])


def assign(row: object, values: Mapping[str, Any], *columns: str) -> None:
    """Set those of the columns that a value is given for."""
    for column in columns:
        if column in values and getattr(row, column) != values[column]:
            setattr(row, column, values[column])


def _on_postgresql(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _plan(mode: str) -> Function[str]:
    """How PostgreSQL plans from here on, at most until commit.

    Rows are looked up by a plan for the tables as they are: one that is kept from when they were empty reads them
    whole, and an import of 100,000 clients took four minutes instead of one. Writes do well with plans that are
    kept, for their checks of foreign keys.
    """
    return func.set_config("plan_cache_mode", mode, true())


def _edit(writing: Writing, noun: Noun[Row], given: Given, row: Row | None) -> Edit[Row]:
    if row is None:
        return Edit(given, noun.make(given, writing), is_new=True, before={})
    return Edit(given, row, is_new=False, before=noun.facts(row))


def _finish(writing: Writing, noun: Noun[Row], edit: Edit[Row]) -> Outcome:
    noun.finish(writing.session, edit)
    changes = changes_between(edit.before, noun.facts(edit.row))
    if not changes and not edit.is_new:
        return Outcome.UNCHANGED
    noun.note(writing, edit, changes)
    return Outcome.CREATED if edit.is_new else Outcome.UPDATED
