"""One loader for each relation, each with a session of its own, since resolvers run at the same time."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from aiodataloader import DataLoader
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import aliased

from graphql_api.models import rows

Sessions = async_sessionmaker[AsyncSession]


class Loaders:
    """Of one request: what was loaded is remembered until it ends."""

    def __init__(self, sessions: Sessions, partner_id: UUID) -> None:
        """Only what this partner sees is loaded."""
        self._sessions = sessions
        self._partner_id = partner_id
        client, deal, contact = rows.Client, rows.Deal, rows.ClientContact
        self.client = self._one(select(client).where(client.partner_id == partner_id), client.id)
        shared = select(deal).where(deal.partner_id == partner_id, deal.is_shared)
        self.deal = self._one(shared, deal.id)
        self.product = self._one(select(rows.Product), rows.Product.id)
        chosen = rows.LinkProduct
        self.products = self._many(select(chosen).order_by(chosen.position), chosen.link_id)
        self.contacts = self._many(select(contact).order_by(contact.name, contact.id), contact.client_id)
        self.links = DataLoader(self._links)

    def _one(self, statement: Select[Any], key: Any) -> DataLoader[UUID, Any]:
        async def load(keys: list[UUID]) -> list[Any]:
            async with self._sessions() as session:
                found = {row.id: row for row in await session.scalars(statement.where(key.in_(keys)))}
            return [found.get(one) for one in keys]

        return DataLoader(load)

    def _many(self, statement: Select[Any], parent: Any) -> DataLoader[UUID, list[Any]]:
        async def load(keys: list[UUID]) -> list[list[Any]]:
            found = defaultdict(list)
            async with self._sessions() as session:
                for row in await session.scalars(statement.where(parent.in_(keys))):
                    found[getattr(row, parent.key)].append(row)
            return [found[one] for one in keys]

        return DataLoader(load)

    async def _links(self, keys: list[tuple[UUID, int]]) -> list[list[Any]]:
        """The newest links of each client, and one more than asked for."""
        link = rows.ConfirmationLink
        order = (link.created_at.desc(), link.id.desc())
        number = func.row_number().over(partition_by=link.client_id, order_by=order).label("number")
        own = select(link, number).where(
            link.partner_id == self._partner_id, link.client_id.in_([key for key, _ in keys])
        )
        numbered = own.subquery()
        entity = aliased(link, numbered)
        most = max(first for _, first in keys) + 1
        found = defaultdict(list)
        async with self._sessions() as session:
            shown = select(entity).where(numbered.c.number <= most).order_by(numbered.c.number)
            for row in await session.scalars(shown):
                found[row.client_id].append(row)
        return [found[key][: first + 1] for key, first in keys]
