"""Moving revisions: every commit moves those of the partners who can see that something changed.

Nothing that writes has to think of it: the session hears what it flushes. A bulk statement would slip past, so one on a
table that somebody sees is refused; many rows are deleted by delete_rows().
"""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import delete, event, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper, ORMExecuteState, Session
from sqlalchemy.orm.attributes import get_history
from sqlalchemy.orm.base import PassiveFlag
from sqlalchemy.util import await_only

from graphql_api.models import rows
from graphql_api.models.base import is_managed
from graphql_api.models.node_id import NOWHERE
from graphql_api.reading.prepared import DRIVER, WAITING, Prepared, driver_of, is_changed
from graphql_api.reading.questions import Among
from graphql_api.writing.inserting import write
from graphql_api.writing.revised import REVISED, Revised
from graphql_api.writing.streams import STREAM_OF

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement, Connection, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    Keys = defaultdict[type[rows.Base], set[UUID]]

UNREVISED = {model.__table__.name for model, revised in REVISED.items() if revised is None}  # type: ignore[attr-defined]


class BulkChangeError(Exception):
    """A statement would change what partners see, with nobody hearing which of them."""


class Touched:
    """What a transaction changed: whose it is, or what it hangs on while that is not known."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.streams: set[UUID] = set()
        self.flushed: Keys = defaultdict(set)
        self.unknown: Keys = defaultdict(set)
        self.known: Keys = defaultdict(set)
        """Of partners who are touched anyway: what is new or was deleted itself, and what a written link is on."""

    def add(self, row: Any, revised: Revised) -> None:
        """A row is written."""
        keys: set[Any] = _values(row, revised.by) if revised.by else {None}
        if revised.else_all and None in keys:
            self.streams.add(NOWHERE)
        found = self.flushed[revised.through] if revised.through else self.streams
        found.update(keys - {None})
        for column, model in revised.same_partner.items():
            self.known[model] |= _values(row, column) - {None}

    def look_around(self, session: Session) -> None:
        """Most of what rows hang on is at hand."""
        for model, keys in self.flushed.items():
            mapper = inspect(model)
            for key in keys:
                at_hand: Any = session.identity_map.get(mapper.identity_key_from_primary_key((key,)))
                if at_hand is None:
                    self.unknown[model].add(key)
                elif at_hand.partner_id:
                    self.streams.add(at_hand.partner_id)
        self.flushed.clear()

    async def ask(self, session: AsyncSession) -> None:
        """Ask for what was not, but for what is known to be of a partner who is touched anyway."""
        for model, keys in self.unknown.items():
            if asked := keys - self.known[model]:
                self.streams |= {key for (key,) in await _partners(model)(session, keys=asked) if key}
        self.unknown.clear()


@cache
def _partners(model: Any) -> Prepared:
    """Whose such rows are."""
    whose = select(model.partner_id).where(Among(model.id)).distinct()
    return Prepared(whose)


class WritingSession(Session):
    """A session that moves streams before its transaction is committed."""

    @classmethod
    @asynccontextmanager
    async def on(cls, connection: AsyncConnection) -> AsyncIterator[AsyncSession]:
        """Within the connection's transaction, which it does not end."""
        info = {DRIVER: driver_of(connection)}
        session = AsyncSession(connection, sync_session_class=cls, expire_on_commit=False, info=info)
        try:
            yield session
        finally:
            session.sync_session.close()

    def __init__(self, *given: Any, **options: Any) -> None:
        """As any session."""
        super().__init__(*given, **options)
        self.touched = Touched()
        self.moved: dict[UUID, int] = {}
        """Where each stream stands that was moved."""
        self.info[WAITING] = defaultdict(list)
        self._unplaced: list[Any] = []

    def add(self, instance: Any, **options: Any) -> None:
        """Add a row. What was made by new() goes past the unit of work; what has a place in a stream, last."""
        if is_managed(instance):
            super().add(instance, **options)
        elif type(instance) in STREAM_OF:
            self._unplaced.append(instance)
        else:
            self.info[WAITING][instance.__tablename__].append(instance)

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what was changed, then what waits for that."""
        self.flush_changed(objects)
        if waiting := self._taken():
            self._touch(waiting)
            await_only(write(self, waiting))

    def flush_changed(self, objects: Sequence[Any] | None = None) -> None:
        """Write what was changed."""
        super().flush(objects)

    async def finish(self, session: AsyncSession) -> None:
        """Move the streams, and write all that waits: the last thing to do before the commit. `session` is its own.

        So streams are locked after everything else, all of them in one order, and for as short as can be.
        """
        if is_changed(session):
            await session.run_sync(lambda _: self.flush_changed())
        waiting, unplaced, self._unplaced = self._taken(), self._unplaced, []
        self._touch([*waiting, *unplaced])
        await self.touched.ask(session)
        steps = _placed(unplaced)
        steps.update(dict.fromkeys(self.touched.streams - self.moved.keys(), 0))
        if steps or waiting:
            self.moved |= await write(self, [*waiting, *unplaced], steps)

    def _taken(self) -> list[rows.Base]:
        """What waits to be written; it does no longer."""
        waiting, self.info[WAITING] = self.info[WAITING], defaultdict(list)
        return [row for new in waiting.values() for row in new]

    def _touch(self, new: Iterable[rows.Base]) -> None:
        for row in new:
            if revised := REVISED[type(row)]:
                self.touched.add(row, revised)
                self.touched.known[type(row)] |= {vars(row).get("id", NOWHERE)}
        self.touched.look_around(self)


def _placed(new: Sequence[Any]) -> Counter[UUID]:
    """How many positions they take of each stream. Each is told how far before its last it stands: 0, or less."""
    steps: Counter[UUID] = Counter()
    for row in reversed(new):
        stream = getattr(row, STREAM_OF[type(row)])
        vars(row)["position"] = -steps[stream]
        steps[stream] += 1
    return steps


async def delete_rows(session: AsyncSession, model: type[rows.Base], where: ColumnElement[bool]) -> int:
    """Delete such rows in one statement; whose they were is noted, as if each had been loaded. Says how many.

    Raises:
        BulkChangeError: they do not say themselves whose they are.

    """
    revised, table = REVISED[model], cast("Table", model.__table__)
    if revised is None or revised.by is None or revised.through or revised.else_all:
        raise BulkChangeError(model)
    connection = await session.connection()
    deleted = await connection.execute(delete(table).where(where).returning(table.c[revised.by]))
    whose = deleted.scalars().all()
    cast("WritingSession", session.sync_session).touched.streams |= set(whose) - {None}
    return len(whose)


@event.listens_for(rows.Base, "after_insert", propagate=True)
def _written(mapper: Mapper[Any], _connection: Connection, row: rows.Base) -> None:
    revised, session = _revised(mapper), inspect(row).session
    if revised and isinstance(session, WritingSession):
        session.touched.add(row, revised)


@event.listens_for(rows.Base, "after_delete", propagate=True)
def _deleted(mapper: Mapper[Any], connection: Connection, row: rows.Base) -> None:
    _written(mapper, connection, row)
    session = inspect(row).session
    if isinstance(session, WritingSession):
        session.touched.known[mapper.base_mapper.class_].update(mapper.primary_key_from_instance(row)[:1])


@event.listens_for(rows.Base, "after_update", propagate=True)
def _updated(mapper: Mapper[Any], connection: Connection, row: rows.Base) -> None:
    """Called for rows without a change too."""
    revised = _revised(mapper)
    set_anew = inspect(row).committed_state.keys() & mapper.columns.keys()
    changed = {column for column in set_anew if _history(row, column).has_changes()}
    if revised and changed and revised.seen(row, changed):
        _written(mapper, connection, row)


@event.listens_for(WritingSession, "after_flush_postexec")
def _flushed(session: WritingSession, _context: object) -> None:
    session.touched.look_around(session)


@event.listens_for(WritingSession, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    table = getattr(state.statement, "table", None)
    if not state.is_select and (table is None or table.name not in UNREVISED):
        raise BulkChangeError(f"load the rows and change those: {state.statement}")


def _revised(mapper: Mapper[Any]) -> Revised | None:
    """Whose the table's rows are.

    Raises:
        KeyError: nobody has said.

    """
    return REVISED[mapper.base_mapper.class_]


def _values(row: Any, column: str) -> set[Any]:
    """What the column holds, and what it held before: a row that moves touches both."""
    return set(_history(row, column).sum()) if is_managed(row) else {getattr(row, column)}


def _history(row: Any, column: str) -> Any:
    return get_history(row, column, PassiveFlag.PASSIVE_NO_INITIALIZE)
