"""Rows that are read to be changed are the ORM's, as if that had read them."""

from __future__ import annotations

from sqlalchemy import inspect, true

from graphql_api.models import rows
from graphql_api.models.by import By
from graphql_api.models.keys import new_key
from graphql_api.writing.locked import Locked
from tests.factories import World
from tests.statements import counted

TEST = By(None, "Test")
LINK = Locked(rows.ConfirmationLink, true())


async def test_a_locked_row_is_what_the_orm_reads(world: World) -> None:
    link = await world.link(name="Ümit")
    async with world.database.write(TEST) as writing:
        locked = await LINK.row(writing.session, link.id)
        assert await LINK.row(writing.session, new_key()) is None
    stored = await world.fresh(link)
    names = inspect(rows.ConfirmationLink).column_attrs.keys()
    assert {name: vars(locked)[name] for name in names} == {name: getattr(stored, name) for name in names}


async def test_what_is_changed_of_it_is_written_and_nothing_else(world: World) -> None:
    link = await world.link()
    with counted(world.database) as statements:
        async with world.database.write(TEST) as writing:
            locked = await LINK.row(writing.session, link.id)
            assert locked is not None
            locked.name, locked.version = "Renamed", link.version
    [update] = [one for one in statements if one.startswith("UPDATE confirmation_links")]
    assert "name_key=" in update
    assert "version=" not in update
    assert (await world.fresh(link)).name == "Renamed"


async def test_locked_again_it_is_the_same_row_as_it_stands_now(world: World) -> None:
    link = await world.link()
    async with world.database.write(TEST) as writing:
        locked = await LINK.row(writing.session, link.id)
        assert locked is not None
        locked.name = "Renamed"
        assert await LINK.row(writing.session, link.id) is locked
        assert (locked.name, locked.name_key) == ("Renamed", "renamed")
        assert not writing.session.dirty
