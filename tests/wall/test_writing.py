"""A viewer's transaction changes nothing of another partner, whatever it tries."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from graphql_api.database import Database, View
from graphql_api.models import rows
from graphql_api.models.actor import Role
from graphql_api.models.by import By
from graphql_api.models.keys import new_key
from graphql_api.models.notification import NotificationKind
from graphql_api.reading.wall import Seen, only
from tests.factories import Firm, World
from tests.wall.tables import TABLES

TEST = By(None, "Test")
REFUSED = "row-level security"


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """On PostgreSQL alone: SQLite has no such wall."""
    return postgresql_url


def of(firm: Firm, who: rows.Actor | None = None) -> Seen:
    """What somebody of the firm's sees: its admin, or who is named."""
    return only([firm.partner.id], (who or firm.admin).id)


async def done(database: Database, seen: Seen, statement: Any) -> int:
    """How many rows the statement changed, in a viewer's transaction."""
    async with View(database, seen).write(TEST) as writing:
        connection: AsyncConnection = await writing.session.connection()
        return int((await connection.execute(statement)).rowcount)


async def refused(database: Database, seen: Seen, statement: Any) -> None:
    """The database does not let it be."""
    with pytest.raises(DBAPIError, match=REFUSED):
        await done(database, seen, statement)


async def client_of(world: World) -> rows.Client:
    """One of theirs, as it is now."""
    found: rows.Client = await world.fresh(world.theirs.clients[0])
    return found


@pytest.mark.rule("D12", "B1")
async def test_no_row_of_another_partner_is_changed_or_deleted(world: World) -> None:
    ours, theirs = of(world.ours), world.theirs
    link = await world.link(theirs)
    for model, row in (
        (rows.Client, theirs.clients[0]), (rows.Deal, theirs.shared[0]), (rows.PartnerUser, theirs.member),
        (rows.ConfirmationLink, link), (rows.Partner, theirs.partner),
    ):  # fmt: skip
        stolen = update(model).where(model.id == row.id).values(name="Stolen")
        assert await done(world.database, ours, stolen) == 0
        assert await done(world.database, ours, delete(model).where(model.id == row.id)) == 0
        assert (await world.fresh(row)).name == row.name
        assert await done(world.database, of(theirs), stolen) == 1
    chosen = TABLES["link_products"]
    assert await done(world.database, ours, delete(chosen)) == 0
    assert await done(world.database, of(theirs), delete(chosen)) == 1


@pytest.mark.rule("D12", "B1")
async def test_no_row_is_moved_to_another_partner_nor_put_there(world: World) -> None:
    ours, theirs = world.ours, world.theirs
    await refused(world.database, of(ours), update(TABLES["deals"]).values(partner_id=theirs.partner.id))
    client = {"id": new_key(), "name": "Stolen", "name_key": "stolen", "created_at": world.database.clock()}
    await refused(
        world.database, of(ours), insert(TABLES["clients"]).values(**client, partner_id=theirs.partner.id)
    )
    contact = {"id": new_key(), "email": "a@b.example", "name": "Stolen", "locale": "EN"}
    put = insert(TABLES["client_contacts"])
    await refused(world.database, of(ours), put.values(**contact, client_id=theirs.clients[0].id))
    assert await done(world.database, of(ours), put.values(**contact, client_id=ours.clients[0].id)) == 1
    moved = update(TABLES["client_contacts"]).values(client_id=theirs.clients[0].id)
    await refused(world.database, of(ours), moved)


@pytest.mark.rule("D12")
async def test_nobody_makes_themselves_one_of_the_vendors_staff_or_changes_those(world: World) -> None:
    actors = TABLES["actors"]
    mine = update(actors).where(actors.c.id == world.ours.admin.id)
    await refused(world.database, of(world.ours), mine.values(partner_id=None, kind="STAFF_MEMBER"))
    cam = world.ours.cam
    for seen in (of(world.ours), of(world.ours, cam), of(world.theirs)):
        raised = update(actors).where(actors.c.id == cam.id).values(role=Role.ADMIN)
        assert await done(world.database, seen, raised) == 0
        assert await done(world.database, seen, delete(actors).where(actors.c.id == cam.id)) == 0
    staff = {"id": new_key(), "kind": "STAFF_MEMBER", "name": "Me", "created_at": world.database.clock()}
    await refused(world.database, of(world.ours), insert(actors).values(**staff))
    assert (await world.fresh(cam)).role is Role.CHANNEL_ACCOUNT_MANAGER


@pytest.mark.rule("D12")
async def test_a_token_is_given_to_nobody_else(world: World) -> None:
    tokens = TABLES["api_tokens"]
    given = update(tokens).values(actor_id=world.theirs.admin.id)
    await refused(world.database, of(world.ours), given)
    others = tokens.c.actor_id != world.ours.admin.id
    assert await done(world.database, of(world.ours), delete(tokens).where(others)) == 0


def told(world: World, firm: Firm, who: rows.Actor) -> dict[str, Any]:
    """Something about the firm, for somebody."""
    return {
        "id": new_key(), "recipient_id": who.id, "position": 1, "partner_id": firm.partner.id, "title": "News",
        "body": "", "kind": NotificationKind.LINK_CREATED, "subject_id": firm.partner.node_id,
        "created_at": world.database.clock(),
    }  # fmt: skip


async def test_the_vendors_staff_can_be_told_of_ones_own_partner_alone(world: World) -> None:
    put = insert(TABLES["notifications"])
    news = told(world, world.ours, world.ours.cam)
    assert await done(world.database, of(world.ours), put.values(**news)) == 1
    lie = told(world, world.theirs, world.theirs.cam)
    await refused(world.database, of(world.ours), put.values(**lie))
    async with View(world.database, of(world.ours)).read() as session:
        assert (await session.scalars(select(rows.Notification.id))).all() == []
    async with View(world.database, of(world.ours, world.ours.cam)).read() as session:
        assert (await session.scalars(select(rows.Notification.id))).all() == [news["id"]]


async def test_who_looks_after_a_partner_no_more_still_reads_what_they_were_told(world: World) -> None:
    cam = world.ours.cam
    assert await done(
        world.database,
        of(world.ours),
        insert(TABLES["notifications"]).values(**told(world, world.ours, cam)),
    )
    read = update(TABLES["notifications"]).values(read_at=world.database.clock())
    assert await done(world.database, only([], cam.id), read) == 1
