"""A database of renewals, as many as one likes: so many due today, the others later, past, or heard of already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.statistics import look_over
from graphql_api.database import Database
from graphql_api.models import rows
from graphql_api.models.actor import ActorKind, Role
from graphql_api.models.client import ContactRole, HeldRole
from graphql_api.models.keys import new_key
from graphql_api.models.product import ProductEdition
from graphql_api.models.renewal import RenewalProduct, RenewalStatus
from graphql_api.models.renewal_notice import Milestone
from graphql_api.models.renewal_ownership import RenewalOwner

RENEWALS_A_CLIENT = 10
CLIENTS_A_PARTNER = 200
INSERTED_AT_ONCE = 20_000
YEAR = 365
STRIDE = 7_919
"""A prime: neighbours renew on days far from each other."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Shape:
    """How many renewals, how many of them due, and by which milestones."""

    renewals: int
    due: int
    milestones: Sequence[Milestone]

    def renews_in(self, number: int) -> int:
        """The days until that renewal, on one of the milestones' days for every so-manieth."""
        every = max(1, self.renewals // self.due)
        turn, rest = divmod(number, every)
        if rest == 0 and turn < self.due:
            return self.milestones[turn % len(self.milestones)].days_before
        return self._not_on_a_milestone(number * STRIDE % (2 * YEAR) - YEAR)

    def _not_on_a_milestone(self, days: int) -> int:
        return days + 1 if days in {milestone.days_before for milestone in self.milestones} else days

    def heard(self, days: int) -> Milestone | None:
        """The milestone whose notice went out on an earlier day."""
        latest = [one for one in self.milestones if one.until <= days < one.days_before]
        return latest[0] if latest else None


async def build(url: str, shape: Shape) -> None:
    """Fill a migrated, empty database."""
    database, today, now = Database(url), datetime.now(UTC).date(), datetime.now(UTC)
    async with database.connect() as connection:
        product: Row = {
            "id": new_key(),
            "code": "MKT-PRO",
            "name": "Marketing Hub",
            "edition": ProductEdition.PROFESSIONAL,
        }
        await connection.execute(insert(rows.Product), product)
        clients = await _fill_firms(connection, -(-shape.renewals // RENEWALS_A_CLIENT), now)
        everyone = _renewals(shape, clients, product["id"], today, now)
        while some := list(islice(everyone, INSERTED_AT_ONCE)):
            await _insert(connection, rows.Renewal, [renewal for renewal, _, _ in some])
            await _insert(connection, RenewalProduct, [product for _, product, _ in some])
            await _insert(connection, rows.RenewalNotice, [notice for _, _, notice in some if notice])
    if not database.is_sqlite:
        await look_over(database)
    await database.close()


async def _fill_firms(connection: AsyncConnection, count: int, now: datetime) -> list[tuple[UUID, UUID]]:
    """Each client, with its partner. Every second partner owns its renewals itself, and some clients differ."""
    clients: list[tuple[UUID, UUID]] = []
    for first in range(0, count, CLIENTS_A_PARTNER):
        partner, users = new_key(), [new_key(), new_key()]
        name = f"Partner {first // CLIENTS_A_PARTNER}"
        await _insert(
            connection,
            rows.Partner,
            [{"id": partner, "name": name, "name_key": name.lower(), "created_at": now}],
        )
        await _insert(
            connection, rows.Actor, [_user(key, partner, number, now) for number, key in enumerate(users)]
        )
        own = [new_key() for _ in range(min(CLIENTS_A_PARTNER, count - first))]
        await _insert(
            connection, rows.Client, [_client(key, partner, number, now) for number, key in enumerate(own)]
        )
        contacts = [contact for key in own for contact in _contacts(key)]
        await _insert(connection, rows.ClientContact, [contact for contact, _ in contacts])
        await _insert(connection, HeldRole, [role for _, held in contacts for role in held])
        await _insert(connection, rows.RenewalOwnership, _ownerships(partner, own, users, first, now))
        clients += [(key, partner) for key in own]
    return clients


def _user(key: UUID, partner: UUID, number: int, now: datetime) -> Row:
    return {
        "id": key, "kind": ActorKind.PARTNER_USER, "partner_id": partner, "name": f"User {number}",
        "email": f"user{number}@partner.example", "role": Role.ADMIN, "created_at": now,
    }  # fmt: skip


def _client(key: UUID, partner: UUID, number: int, now: datetime) -> Row:
    name = f"Client {number}"
    return {"id": key, "partner_id": partner, "name": name, "name_key": name.lower(), "created_at": now}


def _contacts(client: UUID) -> Iterator[tuple[Row, list[Row]]]:
    for name, roles in (
        ("Ana", [ContactRole.PRIMARY, ContactRole.DECISION_MAKER]),
        ("Ben", [ContactRole.BILLING]),
    ):
        key = new_key()
        held = [{"contact_id": key, "role": role, "client_id": client, "slot": 1} for role in roles]
        yield {"id": key, "client_id": client, "name": name, "email": f"{name.lower()}@client.example"}, held


def _ownerships(
    partner: UUID, clients: Iterable[UUID], users: list[UUID], first: int, now: datetime
) -> list[Row]:
    """The partner's default, and overrides to the other owner for one client in twenty."""
    default, other = list(RenewalOwner)[:: -1 if first // CLIENTS_A_PARTNER % 2 else 1]
    settings = [(None, default, users[0]), *((client, other, users[1]) for client in list(clients)[::20])]
    return [
        {
            "id": new_key(), "partner_id": partner, "client_id": client, "owner": owner, "point_of_contact_id": user,
            "version": version, "set_at": now, "set_by_id": users[0],
        }
        for version, (client, owner, user) in enumerate(settings, start=1)
    ]  # fmt: skip


def _renewals(
    shape: Shape, clients: Sequence[tuple[UUID, UUID]], product: UUID, today: date, now: datetime
) -> Iterator[tuple[Row, Row, Row | None]]:
    """Each renewal with its product and, where the clock has been at it, its notice (without the mail that went)."""
    for number in range(shape.renewals):
        client, partner = clients[number // RENEWALS_A_CLIENT]
        days = shape.renews_in(number)
        key, renews_on = new_key(), today + timedelta(days=days)
        status = RenewalStatus.PENDING if days >= 0 else RenewalStatus.RENEWED
        renewal: Row = {
            "id": key, "partner_id": partner, "client_id": client, "renews_on": renews_on, "status": status,
            "created_at": now,
        }  # fmt: skip
        heard = shape.heard(days)
        notice = _notice(renewal, heard, now) if heard else None
        yield renewal, {"renewal_id": key, "product_id": product, "position": 0}, notice


def _notice(renewal: Row, milestone: Milestone, now: datetime) -> Row:
    shared = {name: renewal[name] for name in ("partner_id", "client_id", "renews_on")}
    return shared | {
        "id": new_key(), "renewal_id": renewal["id"], "kind": milestone.kind, "days_before": milestone.days_before,
        "owner": RenewalOwner.HUBSPOT, "to": [], "cc": [], "explanation": "Decided earlier.", "created_at": now,
    }  # fmt: skip


async def _insert(connection: AsyncConnection, table: Any, values: list[Row]) -> None:
    if values:
        await connection.execute(insert(table.__table__), values)
