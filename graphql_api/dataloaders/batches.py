"""What relations ask of the database, for a whole level at once.

A batch answers only with what the viewer can see, so a relation can lead nowhere that a query could not.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, true

from graphql_api.actions.ownerships import admins_of, contacts_of, defaults_of, ownerships_of
from graphql_api.actions.statements import statements_of
from graphql_api.dataloaders.asking import SightedQuestion, records
from graphql_api.models import rows
from graphql_api.models.renewal_ownership import owner_of
from graphql_api.reading.questions import Among
from graphql_api.reading.records import columns_of, names_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncSession
    from sqlalchemy.orm import InstrumentedAttribute

    from graphql_api.access.sight import Sight
    from graphql_api.database import View
    from graphql_api.models.partner import Position

    Batch = Callable[[View, Sight, Sequence[Any]], Awaitable[list[Any]]]


class Row:
    """The batch that answers each key with the row of the model whose `key` it is, if that is `seen`, or None."""

    def __init__(self, model: Any, key: Any, seen: Callable[[Sight], ColumnElement[bool]]) -> None:
        """`key` is a column whose values differ from row to row."""
        self.model = model
        self.key = key
        self.seen = seen
        self._place = names_of(model).index(key.key)
        self._asked = SightedQuestion(self.select)

    def select(self, sight: Sight) -> Select[Any]:
        """The rows of the keys that are asked for."""
        return select(*columns_of(self.model)).where(self.seen(sight), Among(self.key))

    async def __call__(self, database: View, sight: Sight, keys: Sequence[UUID]) -> list[Any]:
        """The row of each key, or None."""
        found = (await self._asked(database, sight, keys=keys)).columns
        made = await records(database, sight, self.model, found)
        return list(map(dict(zip(found[self._place], made, strict=True)).get, keys))


def one(model: Any) -> Row:
    """The visible row of each key, or None."""
    return Row(model, model.id, lambda sight: sight.of(model))


def unguarded(model: Any, key: InstrumentedAttribute[Any] | None = None) -> Row:
    """The row of each key, seen because what names it is seen: a link's author, its decision."""
    return Row(model, model.id if key is None else key, lambda _sight: true())


def many(model: Any, parent: InstrumentedAttribute[Any], listing: Callable[[Sight], Select[Any]]) -> Batch:
    """The visible rows of the model whose `parent` each key is, as the listing sorts them."""
    columns = {column: place for place, column in enumerate(dict.fromkeys([*columns_of(model), parent]))}
    width = len(names_of(model))
    asked = SightedQuestion(lambda sight: listing(sight).with_only_columns(*columns).where(Among(parent)))

    async def batch(database: View, sight: Sight, keys: Sequence[UUID]) -> list[list[Any]]:
        answer = (await asked(database, sight, keys=keys)).columns
        found = defaultdict(list)
        made = await records(database, sight, model, answer[:width])
        for key, record in zip(answer[columns[parent]], made, strict=True):
            found[key].append(record)
        return [found[key] for key in keys]

    return batch


def in_session(batch: Callable[[AsyncSession, Sight, Sequence[Any]], Awaitable[list[Any]]]) -> Batch:
    """A batch that asks several things, through a session."""

    async def asked(database: View, sight: Sight, keys: Sequence[Any]) -> list[Any]:
        async with database.read() as session:
            return await batch(session, sight, keys)

    return asked


async def statements(session: AsyncSession, _sight: Sight, keys: Sequence[UUID]) -> list[Any]:
    """What each link states."""
    found = await statements_of(session, keys)
    return [found.get(key) for key in keys]


async def assigned(session: AsyncSession, sight: Sight, keys: Sequence[UUID]) -> list[Any]:
    """The staff members who look after each partner, by their positions."""
    places = (
        select(rows.Assignment.partner_id, rows.Assignment.position, rows.StaffMember)
        .join(rows.StaffMember, rows.StaffMember.id == rows.Assignment.staff_member_id)
        .where(rows.Assignment.partner_id.in_(keys))
        .where(sight.partners(rows.Assignment.partner_id))
    )
    found: dict[UUID, dict[Position, Any]] = {key: {} for key in keys}
    for partner_id, position, person in await session.execute(places):
        found[partner_id][position] = person
    return [found[key] for key in keys]


async def positions(session: AsyncSession, sight: Sight, keys: Sequence[UUID]) -> list[int]:
    """Where each partner's stream stands: 0 while it is empty, or is not the viewer's to follow."""
    followed = rows.Stream.id.in_(keys) & sight.partners(rows.Stream.id)
    stood = await session.execute(select(rows.Stream.id, rows.Stream.position).where(followed))
    found = dict(stood.all())
    return [found.get(key, 0) for key in keys]


async def ownerships(session: AsyncSession, sight: Sight, keys: Sequence[Any]) -> list[Any]:
    """The effective owner of each (client, partner); None for who may not see the partner's (A1)."""
    seen = await _seen(session, sight, {partner_id for _, partner_id in keys})
    clients = [rows.Client(id=key, partner_id=partner_id) for key, partner_id in keys if partner_id in seen]
    found = await ownerships_of(session, clients)
    return [found.get(key) for key, _ in keys]


async def default_ownerships(session: AsyncSession, sight: Sight, keys: Sequence[UUID]) -> list[Any]:
    """Each partner's default owner; None for who may not see it (A1)."""
    seen = await _seen(session, sight, set(keys))
    found = await defaults_of(session, seen)
    return [owner_of(found.get(key)) if key in seen else None for key in keys]


async def contacts_in_roles(session: AsyncSession, _sight: Sight, keys: Sequence[UUID]) -> list[Any]:
    """Each client's contacts who hold a role."""
    found = await contacts_of(session, keys)
    return [found.get(key, ()) for key in keys]


async def admins(session: AsyncSession, _sight: Sight, keys: Sequence[UUID]) -> list[Any]:
    """Each partner's admins."""
    found = await admins_of(session, keys)
    return [found.get(key, ()) for key in keys]


async def _seen(session: AsyncSession, sight: Sight, keys: set[UUID]) -> set[UUID]:
    works_with = select(rows.Partner.id).where(rows.Partner.id.in_(keys), sight.partners(rows.Partner.id))
    return set(await session.scalars(works_with))
