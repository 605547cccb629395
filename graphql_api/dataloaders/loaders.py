"""Relations between rows, each loaded for a whole level at once. Fields name a relation; here is what it asks.

A loader answers only with what the viewer can see, so a relation can lead nowhere that a query could not.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any

from aiodataloader import DataLoader
from sqlalchemy import select, true

from graphql_api.actions.locks import WITH_PRODUCTS
from graphql_api.actions.ownerships import defaults_of, ownerships_of
from graphql_api.actions.statements import statements_of
from graphql_api.dataloaders.asking import Asked, records
from graphql_api.dataloaders.catalogue import kept
from graphql_api.models import rows
from graphql_api.models.node_id import NodeId, NodeKind
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

    Batch = Callable[[View, Sight, Sequence[Any]], Awaitable[list[Any]]]

AT_ONCE = 5_000
"""How many keys are asked for in one statement."""


def one(model: Any) -> Batch:
    """The visible row of each key, or None."""
    return _row(model, model.id, lambda sight: sight.of(model))


def unguarded(model: Any, key: InstrumentedAttribute[Any] | None = None) -> Batch:
    """The row of each key, seen because what names it is seen: a link's author, its decision."""
    return _row(model, model.id if key is None else key, lambda _sight: true())


def _row(model: Any, key: Any, seen: Callable[[Sight], ColumnElement[bool]]) -> Batch:
    place = names_of(model).index(key.key)
    asked = Asked(lambda sight: select(*columns_of(model)).where(seen(sight), Among(key)))

    async def batch(database: View, sight: Sight, keys: Sequence[UUID]) -> list[Any]:
        found = await records(database, sight, model, await asked(database, sight, keys=keys))
        by_key = {row[place]: row for row in found}
        return [by_key.get(key) for key in keys]

    return batch


def many(model: Any, parent: InstrumentedAttribute[Any], listing: Callable[[Sight], Select[Any]]) -> Batch:
    """The visible rows of the model whose `parent` each key is, as the listing sorts them."""
    asked = Asked(
        lambda sight: listing(sight).with_only_columns(*columns_of(model), parent).where(Among(parent))
    )

    async def batch(database: View, sight: Sight, keys: Sequence[UUID]) -> list[list[Any]]:
        rows_found = list(await asked(database, sight, keys=keys))
        made = await records(database, sight, model, (row[:-1] for row in rows_found))
        found = defaultdict(list)
        for row, record in zip(rows_found, made, strict=True):
            found[row[-1]].append(record)
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
    links = await session.scalars(
        select(rows.ConfirmationLink).where(rows.ConfirmationLink.id.in_(keys)).options(WITH_PRODUCTS)
    )
    found = await statements_of(session, links)
    return [found.get(key) for key in keys]


async def nodes(database: View, sight: Sight, keys: Sequence[NodeId]) -> list[Any]:
    """The visible row of each global id, or None; a statement for each kind asked for."""
    found: dict[NodeId, Any] = {}
    for kind in {key.kind for key in keys} & NODES.keys():
        wanted = [key for key in keys if key.kind is kind]
        found.update(
            zip(wanted, await NODES[kind](database, sight, [key.key for key in wanted]), strict=True)
        )
    return [found.get(key) for key in keys]


async def assigned(session: AsyncSession, sight: Sight, keys: Sequence[Any]) -> list[Any]:
    """The staff member in each (partner, position), or None."""
    places = (
        select(rows.Assignment.partner_id, rows.Assignment.position, rows.StaffMember)
        .join(rows.StaffMember, rows.StaffMember.id == rows.Assignment.staff_member_id)
        .where(rows.Assignment.partner_id.in_({partner_id for partner_id, _ in keys}))
        .where(sight.partners(rows.Assignment.partner_id))
    )
    found = {
        (partner_id, position): person for partner_id, position, person in (await session.execute(places))
    }
    return [found.get(key) for key in keys]


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


async def _seen(session: AsyncSession, sight: Sight, keys: set[UUID]) -> set[UUID]:
    works_with = select(rows.Partner.id).where(rows.Partner.id.in_(keys), sight.partners(rows.Partner.id))
    return set(await session.scalars(works_with))


NODES: dict[NodeKind, Batch] = {
    NodeKind.PARTNER: one(rows.Partner),
    NodeKind.PARTNER_USER: one(rows.PartnerUser),
    NodeKind.STAFF_MEMBER: one(rows.StaffMember),
    NodeKind.INTEGRATION: one(rows.Integration),
    NodeKind.CLIENT: one(rows.Client),
    NodeKind.CLIENT_CONTACT: one(rows.ClientContact),
    NodeKind.PRODUCT: one(rows.Product),
    NodeKind.CONFIRMATION_LINK: one(rows.ConfirmationLink),
    NodeKind.DEAL: one(rows.Deal),
    NodeKind.DEAL_ACTIVITY: one(rows.DealActivity),
    NodeKind.ATTACHMENT_REQUEST: one(rows.AttachmentRequest),
    NodeKind.CHECKOUT: one(rows.Checkout),
    NodeKind.NOTIFICATION: one(rows.Notification),
    NodeKind.AUDIT_ENTRY: one(rows.AuditEntry),
    NodeKind.API_TOKEN: one(rows.ApiToken),
    NodeKind.RENEWAL: one(rows.Renewal),
    NodeKind.RENEWAL_NOTICE: one(rows.RenewalNotice),
}

RELATIONS: dict[str, Batch] = {
    "partner": one(rows.Partner),
    "client": one(rows.Client),
    "deal": one(rows.Deal),
    "link": one(rows.ConfirmationLink),
    "renewal": one(rows.Renewal),
    "node": nodes,
    "actor": unguarded(rows.Actor),
    "assigned": in_session(assigned),
    "position": in_session(positions),
    "decision": unguarded(rows.Decision, rows.Decision.link_id),
    "ownership": in_session(ownerships),
    "default ownership": in_session(default_ownerships),
    "notices of renewal": many(
        rows.RenewalNotice,
        rows.RenewalNotice.renewal_id,
        lambda sight: sight.select(rows.RenewalNotice).order_by(
            rows.RenewalNotice.created_at, rows.RenewalNotice.id
        ),
    ),
    "product": kept(unguarded(rows.Product)),
    "statement": in_session(statements),
    "products of link": many(
        rows.LinkProduct,
        rows.LinkProduct.link_id,
        lambda _sight: select(rows.LinkProduct).order_by(rows.LinkProduct.position),
    ),
    "products of renewal": many(
        rows.RenewalProduct,
        rows.RenewalProduct.renewal_id,
        lambda _sight: select(rows.RenewalProduct).order_by(rows.RenewalProduct.position),
    ),
    "links of deal": many(
        rows.ConfirmationLink,
        rows.ConfirmationLink.deal_id,
        lambda sight: sight.select(rows.ConfirmationLink).order_by(rows.ConfirmationLink.id),
    ),
    "links of checkout": many(
        rows.ConfirmationLink,
        rows.CheckoutLink.checkout_id,
        lambda sight: (
            sight.select(rows.ConfirmationLink)
            .join(rows.CheckoutLink, rows.CheckoutLink.link_id == rows.ConfirmationLink.id)
            .order_by(rows.ConfirmationLink.id)
        ),
    ),
    "contacts of client": many(
        rows.ClientContact,
        rows.ClientContact.client_id,
        lambda sight: sight.select(rows.ClientContact).order_by(
            rows.ClientContact.name, rows.ClientContact.id
        ),
    ),
    "users of partner": many(
        rows.PartnerUser,
        rows.PartnerUser.partner_id,
        lambda sight: sight.select(rows.PartnerUser).order_by(rows.PartnerUser.name, rows.PartnerUser.id),
    ),
}
"""Every relation that fields name, with what it asks of the database."""


class Shared(DataLoader[Any, Any]):
    """A loader of which one who waits may be cut short without the others who wait for the same.

    graphql-core cancels the siblings of a field that failed, and what they share is kept.
    """

    def load(self, key: Any) -> Any:
        """What the key leads to."""
        return asyncio.shield(super().load(key))


class Loaders:
    """The loaders of one request, or of one delivery of a subscription: each remembers what it has loaded."""

    def __init__(self, database: View, sight: Sight) -> None:
        """What is read is what `sight` allows."""
        self._database = database
        self._sight = sight
        self._made: dict[Any, DataLoader[Any, Any]] = {}
        self._found: defaultdict[Any, dict[Any, Any]] = defaultdict(dict)
        self._turns: defaultdict[Any, asyncio.Lock] = defaultdict(asyncio.Lock)

    def relation(self, name: str) -> DataLoader[Any, Any]:
        """The loader of a relation."""
        return self.loader(name, RELATIONS[name])

    def loader(self, name: Any, batch: Batch) -> DataLoader[Any, Any]:
        """The loader of that name, made from the batch the first time."""
        if name not in self._made:
            self._made[name] = Shared(partial(self.every, name, batch), max_batch_size=1_000)
        return self._made[name]

    async def level(self, name: str, keys: Sequence[Any]) -> list[Any]:
        """What the relation answers for each key, or None for a key that is None; all that is missing in one call."""
        present = [key for key in keys if key is not None]
        if not present:
            return [None] * len(keys)
        found = dict(zip(present, await self.every(name, RELATIONS[name], present), strict=True))
        return [None if key is None else found[key] for key in keys]

    async def every(self, name: Any, batch: Batch, keys: Sequence[Any]) -> list[Any]:
        """What the batch of that name answers for each key, asked for those that are not known yet."""
        found = self._found[name]
        async with self._turns[name]:  # siblings that ask for the same ask once
            missing = [key for key in dict.fromkeys(keys) if key not in found]
            for first in range(0, len(missing), AT_ONCE):
                some = missing[first : first + AT_ONCE]
                found.update(zip(some, await batch(self._database, self._sight, some), strict=True))
        return [found[key] for key in keys]

    def know(self, name: str, key: Any, found: Any) -> None:
        """What the relation answers for the key is at hand, and need not be asked."""
        self._found[name][key] = found

    def forget(self) -> None:
        """Something was written: what was loaded may be stale."""
        self._made.clear()
        self._found.clear()
