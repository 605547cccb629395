"""A select without any condition shows a viewer the rows of their partners, and none else."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from graphql_api.access.viewer import Viewer
from graphql_api.database import View
from graphql_api.reading.engines import Limits, readers_of, writer_of
from graphql_api.reading.wall import NOTHING
from tests.differential.rich import Rich
from tests.wall.tables import OPEN, OWNERS, TABLES, Row, keys, of, owners_of

on_postgresql = pytest.mark.parametrize("rich", ["postgresql"], indirect=True, scope="session")
WHO = (
    "partner_admin", "partner_member", "reader", "other_partner_admin", "cam", "other_cam", "renewal_manager",
)  # fmt: skip


async def viewer(rich: Rich, who: str) -> Viewer:
    """Who holds their token."""
    return await rich.app.service.door.viewer(rich.tokens[who] or "")


async def read(view: View, name: str) -> set[Row]:
    """All rows of the table, through a session."""
    async with view.read() as session:
        return {tuple(row) for row in (await session.execute(select(*keys(TABLES[name])))).all()}


async def answered(view: View, name: str) -> set[Row]:
    """All rows of the table, by a prepared question."""
    question = view.question(select(*keys(TABLES[name])))
    return {tuple(row) for row in await view.ask(question, {})}


async def expected(rich: Rich, who: str, name: str) -> set[Row]:
    """What they are to see of the table: their partners' rows, and what is told to themselves."""
    world, person = rich.world, (await viewer(rich, who)).actor
    firms = {
        "other_partner_admin": [world.theirs.partner.id],
        "other_cam": [world.theirs.partner.id],
        "cam": [world.ours.partner.id, *await looked_after(rich)],
        "renewal_manager": [],
    }
    seen = firms.get(who, [world.ours.partner.id])
    return of(await owners_of(world.database, name), name, [*seen, person.id])


async def looked_after(rich: Rich) -> list[Any]:
    """All partners but theirs: our CAM has those of the crowd, too."""
    found = await owners_of(rich.world.database, "partners")
    return [owner for owner in found.values() if owner != rich.world.theirs.partner.id]


@on_postgresql
def test_there_is_something_in_every_table_that_others_must_not_see(rich: Rich) -> None:
    async def look() -> None:
        for name in OWNERS:
            ours, theirs = [await expected(rich, who, name) for who in ("partner_admin", "other_cam")]
            cams = await expected(rich, "cam", name)
            assert cams - theirs, name
            assert ours - theirs, name

    rich.runner.run(look())


@on_postgresql
@pytest.mark.rule("D12", "B1")
@pytest.mark.parametrize("who", WHO)
def test_a_viewer_is_shown_their_partners_rows_and_none_of_anothers(rich: Rich, who: str) -> None:
    async def look() -> None:
        view = View(rich.world.database, (await viewer(rich, who)).seen)
        for name in OWNERS:
            whole = await expected(rich, who, name)
            assert await read(view, name) == whole, name
            assert await answered(view, name) == whole, name

    rich.runner.run(look())


@on_postgresql
@pytest.mark.parametrize("who", ["staff_admin", "checkout", "crm_sync"])
def test_who_reads_all_partners_is_shown_all_rows(rich: Rich, who: str) -> None:
    async def look() -> None:
        view = View(rich.world.database, (await viewer(rich, who)).seen)
        for name in OWNERS:
            whole = set(await owners_of(rich.world.database, name))
            assert await read(view, name) == await answered(view, name) == whole, name

    rich.runner.run(look())


@on_postgresql
@pytest.mark.rule("D12")
def test_nobody_is_shown_nothing_but_the_catalogue(rich: Rich) -> None:
    async def look() -> None:
        database = rich.world.database
        nobody = await rich.context("nobody")
        for view in (View(database), View(database, NOTHING), nobody.database):
            for name in OWNERS.keys() - {"actors"}:
                assert await read(view, name) == await answered(view, name) == set(), name
            staff = of(await owners_of(database, "actors"), "actors", [])
            assert await read(view, "actors") == await answered(view, "actors") == staff
            assert len(await answered(view, "products")) > 3

    rich.runner.run(look())


@on_postgresql
@pytest.mark.parametrize("pool", ["writer", "reader", "answering"])
def test_a_connection_that_was_told_nothing_shows_nothing(rich: Rich, pool: str) -> None:
    async def look() -> None:
        url, limits = rich.app.settings.database_url, Limits(connections=4)
        made = readers_of(url, limits)
        viewers = made.answering[NOTHING.role].engine
        engine = {"writer": writer_of(url, limits), "reader": made.reader, "answering": viewers}[pool]
        try:
            async with engine.connect() as connection:
                found = {name: await count(connection, name) for name in OWNERS.keys() - {"actors"}}
        finally:
            await engine.dispose()
        assert found == dict.fromkeys(found, 0)

    rich.runner.run(look())


async def count(connection: AsyncConnection, name: str) -> int:
    """How many rows of the table a connection shows."""
    return int(await connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0)  # noqa: S608 - a table of ours


def test_what_is_open_refers_to_nothing_behind_the_wall() -> None:
    for name in OPEN:
        named = {key.column.table.name for column in TABLES[name].columns for key in column.foreign_keys}
        assert named <= OPEN.keys(), name
