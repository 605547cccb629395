"""Answers about what a new default would touch, for many partners at once (D5).

Who works with the partner, or reads everything, sees it; for anybody else it does not exist (A1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from graphql_api.access.sight import Sight
from graphql_api.context import Context
from graphql_api.database import View
from graphql_api.dataloaders.loaders import Loaders
from graphql_api.dataloaders.notice_previews import Supposed, Unanswerable, check_supposed
from graphql_api.dataloaders.page import Page
from graphql_api.dataloaders.paging import PageRequest
from graphql_api.dataloaders.window import Window, window_of
from graphql_api.models import rows
from graphql_api.models.client_error import BadUserInput, NotFound
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.models.renewal_ownership import Ownership, RenewalOwner
from graphql_api.models.renewal_routing import People
from graphql_api.resolvers import listings, orders
from graphql_api.resolvers.info import Info, together
from graphql_api.resolvers.pages import pages_of
from graphql_api.resolvers.reached import Combination, Sides, combinations_of
from graphql_api.schema.inputs.arguments import After, Before, ContactId, First, Last, Owner


@dataclass(frozen=True, slots=True)
class Impact:
    """Which of a partner's clients a new default would touch."""

    partner_id: UUID
    supposed: Supposed
    sides: Sides
    combinations: list[Combination]
    """What changed clients have as contacts."""
    changed_clients: int
    overridden_clients: int

    @property
    def condition(self) -> ColumnElement[bool]:
        """A client is one of the changed."""
        own = rows.Client.partner_id == self.partner_id
        return own & _follows() & self.sides.condition(self.combinations)


async def impacts(
    info: Info, roots: list[rows.Partner], owner: Owner, point_of_contact_id: ContactId = None
) -> list[Impact]:
    """What a new default of each partner would touch."""
    name, batch = _impacts(info.context, owner, point_of_contact_id)
    return list(map(_answered, await info.context.loaders.every(name, batch, [root.id for root in roots])))


@together(impacts)
async def impact(
    root: rows.Partner, info: Info, owner: Owner, point_of_contact_id: ContactId = None
) -> Impact:
    """Which clients a new default would touch: those that follow it and whose notices would reach others (D5)."""
    loader = info.context.loaders.loader(*_impacts(info.context, owner, point_of_contact_id))
    return _answered(await loader.load(root.id))


async def pages_of_changed(
    info: Info,
    roots: list[Impact],
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> list[Page]:
    """The clients that each new default would touch, by name."""
    name, batch = _changed(info.context, roots[0].supposed, window_of(first, after, last, before))
    return await info.context.loaders.every(name, batch, [root.partner_id for root in roots])


@together(pages_of_changed)
async def changed_clients(
    root: Impact,
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Page:
    """The clients that a new default would touch, by name."""
    name, batch = _changed(info.context, root.supposed, window_of(first, after, last, before))
    page: Page = await info.context.loaders.loader(name, batch).load(root.partner_id)
    return page


def _changed(context: Context, supposed: Supposed, window: Window) -> tuple[Any, Any]:
    """The batch that reads pages of the changed clients of partners whose impacts are known."""

    def listing() -> Select[Any]:
        known = context.loaders.known(("impact", supposed)).values()
        changed = [one.condition for one in known if isinstance(one, Impact)]
        return context.sight.select(rows.Client).where(or_(false(), *changed))

    order, parent = orders.order_of_clients(None), rows.Client.partner_id
    asked = PageRequest(rows.Client, listing, order, window, known_by=None, parent=parent)
    return pages_of(asked, context, ("changed", supposed))


def _impacts(context: Context, owner: RenewalOwner, contact: str | None) -> tuple[Any, Any]:
    """The batch that answers, with the name that all who suppose the same share."""
    contact_id = None if contact is None else NodeId.key_in(contact, NodeKind.PARTNER_USER)
    supposed = Supposed(owner, contact_id)
    return ("impact", supposed), partial(_batch, context.loaders, supposed)


async def _batch(
    loaders: Loaders, supposed: Supposed, database: View, _sight: Sight, keys: Sequence[UUID]
) -> list[Any]:
    """The impact of what is supposed on each partner, or Unanswerable."""
    defaults = await loaders.level("default ownership", keys)
    contact = (await loaders.level("actor", [supposed.contact_id]))[0]
    wrong = {
        key: error
        for key, today in zip(keys, defaults, strict=True)
        if (error := _against(key, today, supposed, contact))
    }
    known = {key: today for key, today in zip(keys, defaults, strict=True) if key not in wrong}
    sides = await _sides(loaders, known, supposed, contact)
    async with database.read() as session:
        combinations = await combinations_of(session, sides, _follows())
        overridden = await _overridden(session, known)
    found: dict[UUID, Any] = {**wrong}
    for key, side in sides.items():
        changed = {one: count for one, count in combinations[key].items() if side.differ(one)}
        counts = sum(changed.values()), overridden.get(key, 0)
        found[key] = Impact(key, supposed, side, list(changed), *counts)
    return [found[key] for key in keys]


def _against(
    partner_id: UUID, today: Ownership | None, supposed: Supposed, contact: rows.Actor | None
) -> Unanswerable | None:
    if today is None:
        return Unanswerable(NotFound())
    try:
        check_supposed(partner_id, supposed.owner or today.owner, supposed.contact_id, contact)
    except BadUserInput as error:
        return Unanswerable(error)
    return None


async def _sides(
    loaders: Loaders, defaults: dict[UUID, Ownership], supposed: Supposed, contact: rows.Actor | None
) -> dict[UUID, Sides]:
    admins = await loaders.level("admins of partner", list(defaults))
    named = await loaders.level("actor", [today.point_of_contact_id for today in defaults.values()])
    return {
        key: Sides(
            (today.owner, People((), of_today, of_today, own)),
            (supposed.owner or today.owner, People((), contact, contact, own)),
        )
        for (key, today), of_today, own in zip(defaults.items(), named, admins, strict=True)
    }


async def _overridden(session: AsyncSession, keys: dict[UUID, Ownership]) -> dict[UUID, int]:
    """How many of each partner's clients keep their own owner."""
    partner_id = rows.Client.partner_id
    counted = select(partner_id, func.count()).where(partner_id.in_(keys), ~_follows()).group_by(partner_id)
    return dict((await session.execute(counted)).all())


def _follows() -> ColumnElement[bool]:
    """A client follows its partner's default."""
    return listings.overriding_owner().is_(None)


def _answered(found: Impact | Unanswerable) -> Impact:
    if isinstance(found, Unanswerable):
        raise found.error
    return found
