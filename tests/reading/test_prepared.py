"""Prepared statements are part of their session's transaction, as the ORM's are."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import column, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import selectinload

from graphql_api.database import Database, Writing
from graphql_api.models import rows
from graphql_api.models.by import By
from graphql_api.models.keys import new_key
from graphql_api.reading.by_key import records_by_key
from graphql_api.reading.faults import is_unavailable
from graphql_api.reading.prepared import WAITING, Prepared, told
from graphql_api.reading.records import names_of
from graphql_api.realtime.positions import current_position
from graphql_api.writing.inserting import write
from tests.factories import World

TEST = By(None, "Test")


async def taken(writing: Writing, stream: UUID, steps: int) -> int:
    """Where the stream stands once so many positions were taken."""
    return (await write(writing.session.sync_session, [], {stream: steps}))[stream]


async def test_it_knows_what_the_session_has_changed(world: World) -> None:
    key = world.ours.partner.id
    async with world.database.write(TEST) as writing:
        partner = await writing.session.get_one(rows.Partner, key)
        partner.name = "Renamed"
        assert (await records_by_key(writing.session, rows.Partner, {key}))[key].name == "Renamed"
        with writing.session.no_autoflush:
            partner.name = "Again"
            assert (await records_by_key(writing.session, rows.Partner, {key}))[key].name == "Renamed"


def test_a_driver_that_is_asked_amid_the_servers_last_words_is_away() -> None:
    error = asyncpg.InternalClientError("cannot switch to state 11; another operation (2) is in progress")
    assert is_unavailable(error)
    assert is_unavailable(told("SELECT 1", error))


async def test_it_knows_what_waits_to_be_written_if_it_asks_for_such(world: World) -> None:
    """Only then: what is new is written at the end, by as few messages as can be."""
    key, by, now = new_key(), world.ours.admin.id, world.database.clock()
    values = {"id": key, "partner_id": world.ours.partner.id, "name": "New", "created_by_id": by}
    terms = {"provides_onboarding": False}
    async with world.database.write(TEST) as writing:
        link = rows.ConfirmationLink.new(**values, **terms, created_at=now, updated_at=now)
        writing.session.add(link)
        await records_by_key(writing.session, rows.Partner, {world.ours.partner.id})
        assert writing.session.info[WAITING] == {"confirmation_links": [link]}
        assert (await records_by_key(writing.session, rows.ConfirmationLink, {key}))[key].name == "New"
        assert writing.session.info[WAITING] == {}


async def test_what_it_writes_comes_and_goes_with_the_transaction(world: World) -> None:
    key, stood = world.ours.partner.id, []
    for fault in (None, KeyError):
        try:
            async with world.database.write(TEST) as writing:
                assert await taken(writing, key, 2) in {2, 4}
                if fault:
                    raise fault
        except KeyError:
            pass
        async with world.database.read() as session:
            stood.append(await current_position(session, key))
    assert stood == [2, 2]


async def test_records_are_what_the_orm_reads(world: World) -> None:
    with_types = selectinload(rows.Product.all_onboarding_types)
    async with world.database.read() as session:
        products = {row.id: row for row in await session.scalars(select(rows.Product).options(with_types))}
        found = await records_by_key(session, rows.Product, products.keys())
        assert await records_by_key(session, rows.Product, set()) == {}
    assert found.keys() == products.keys()
    for key, record in found.items():
        row = products[key]
        assert [getattr(record, name) for name in names_of(rows.Product)] == [
            row.id,
            row.code,
            row.name,
            row.edition,
        ]
        assert [one.code for one in record.all_onboarding_types] == [
            one.code for one in row.all_onboarding_types
        ]


async def test_what_the_driver_raises_is_told_as_sqlalchemy_does(world: World) -> None:
    async with world.database.write(TEST) as writing:
        with pytest.raises(DBAPIError) as caught:
            await Prepared(select(column("no_such_column")))(writing.session)
        assert not is_unavailable(caught.value)
        await writing.session.rollback()


async def test_a_connection_that_is_lost_midway_is_told_as_that_and_replaced(postgresql_url: str) -> None:
    database, operator = Database(postgresql_url), await asyncpg.connect(postgresql_url)
    stream = new_key()

    async def lose() -> None:
        async with database.write(TEST) as writing:
            pid = await writing.session.scalar(select(func.pg_backend_pid()))
            await operator.execute(f"SELECT pg_terminate_backend({pid}, 5000)")
            await taken(writing, stream, 1)

    with pytest.raises(DBAPIError) as caught:
        await lose()
    assert is_unavailable(caught.value)
    async with database.write(TEST) as writing:
        assert await taken(writing, stream, 1) == 1
    await operator.close()
    await database.close()
