"""What a statement or a transaction was told it may see is forgotten after it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import cycle, islice
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from graphql_api.database import Database, View
from graphql_api.models import rows
from graphql_api.models.by import By
from graphql_api.reading import reader
from graphql_api.reading.engines import Limits
from graphql_api.reading.prepared import Prepared, driver_of
from graphql_api.reading.reader import tell
from graphql_api.reading.wall import EVERYTHING, NOTHING, SERVICE, SETTING, VIEWER, Seen, only
from tests.factories import Firm, World

TEST = By(None, "Test")
MANY = 3_000
"""Questions, asked by thirty at once over few connections."""
CLIENTS = select(rows.Client.partner_id)
NOW = f"SELECT current_user, current_setting('{SETTING}', true)"


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """On PostgreSQL alone: SQLite has no such wall."""
    return postgresql_url


@pytest.fixture
async def narrow(world: World, database_url: str) -> AsyncIterator[Database]:
    """The world's database through one connection of a kind."""
    made = Database(database_url, limits=Limits(connections=6))
    assert (made.reader.engine.pool.size(), world.database.kind) == (1, "postgresql")  # type: ignore[attr-defined]
    yield made
    await made.close()


def of(firm: Firm) -> Seen:
    """What the firm's admin sees."""
    return only([firm.partner.id], firm.admin.id)


async def partners(view: View) -> set[UUID]:
    """Whose clients are seen, by a prepared question."""
    return {partner for (partner,) in await view.ask(view.question(CLIENTS), {})}


async def read(view: View) -> set[UUID]:
    """The same, through a session."""
    async with view.read() as session:
        return set(await session.scalars(CLIENTS))


@pytest.mark.rule("D12")
async def test_the_same_connection_shows_each_who_asks_what_is_theirs(world: World, narrow: Database) -> None:
    ours, theirs = world.ours.partner.id, world.theirs.partner.id
    for ask in (partners, read):
        for seen, whose in (
            (of(world.ours), {ours}), (NOTHING, set()), (of(world.theirs), {theirs}), (EVERYTHING, {ours, theirs}),
            (NOTHING, set()), (of(world.ours), {ours}), (EVERYTHING, {ours, theirs}), (of(world.theirs), {theirs}),
        ):  # fmt: skip
            assert await ask(View(narrow, seen)) == whose, (ask, seen)


async def test_nothing_of_a_question_is_left_on_its_connection(world: World, narrow: Database) -> None:
    assert await partners(View(narrow, of(world.ours)))
    [(_, driver)] = narrow.reader.connections[VIEWER]._free
    assert tuple(await driver.fetchrow(NOW)) == (VIEWER, "")
    assert await driver.fetchval("SELECT count(*) FROM clients") == 0
    await partners(View(narrow))
    await partners(View(narrow, EVERYTHING))
    assert [one for _, one in narrow.reader.connections[VIEWER]._free] == [driver]
    [(_, services)] = narrow.reader.connections[SERVICE]._free
    assert (await services.fetchrow(NOW))[0] == SERVICE


async def test_nothing_is_left_by_a_question_that_failed(world: World, narrow: Database) -> None:
    view = View(narrow, of(world.ours))
    failing = view.question(select(rows.Client.partner_id, func.factorial(-1)))
    with pytest.raises(Exception, match="factorial"):
        await view.ask(failing, {})
    assert await partners(View(narrow)) == set()
    assert await partners(view) == {world.ours.partner.id}


@pytest.mark.rule("D12")
async def test_what_was_told_without_an_answer_is_not_taken_for_what_was_told_before(
    world: World, narrow: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database did as it was told, but its word came too late."""

    async def tell_in_vain(connection: AsyncConnection, seen: Seen) -> None:
        await tell(connection, seen)
        raise TimeoutError

    ours = View(narrow, of(world.ours))
    assert await read(ours) == {world.ours.partner.id}
    with monkeypatch.context() as patched:
        patched.setattr(reader, "tell", tell_in_vain)
        with pytest.raises(TimeoutError):
            await read(View(narrow, EVERYTHING))
    assert await read(ours) == {world.ours.partner.id}


@pytest.mark.rule("D12")
@pytest.mark.parametrize("is_kept", [True, False])
async def test_nothing_of_a_transaction_is_left_on_its_connection(
    world: World, narrow: Database, *, is_kept: bool
) -> None:
    with suppress(ZeroDivisionError):
        async with View(narrow, of(world.ours)).write(TEST) as writing:
            assert set(await writing.session.scalars(CLIENTS)) == {world.ours.partner.id}
            process = await writing.session.scalar(select(func.pg_backend_pid()))
            assert 1 / is_kept
    async with narrow._writer.connect() as connection:
        assert await connection.scalar(text("SELECT pg_backend_pid()")) == process
        assert tuple((await connection.execute(text(NOW))).one()) == (VIEWER, "")
        assert await connection.scalar(text("SELECT count(*) FROM clients")) == 0


@pytest.mark.rule("D12")
async def test_nothing_is_left_of_a_transaction_that_was_cancelled(world: World, narrow: Database) -> None:
    began = asyncio.Event()

    async def wait() -> None:
        async with View(narrow, of(world.ours)).write(TEST) as writing:
            began.set()
            await Prepared(select(func.pg_sleep(60)))(writing.session)

    task = asyncio.create_task(wait())
    await began.wait()
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with narrow._writer.connect() as connection:
        # It is on a connection of its own.
        assert tuple((await connection.execute(text(NOW))).one()) == (VIEWER, None)
        assert not driver_of(connection).is_in_transaction()


async def test_nothing_of_filling_tables_is_left_on_its_connection(world: World, narrow: Database) -> None:
    async with narrow.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM clients")) == len(world.ours.clients) * 2
        process = await connection.scalar(text("SELECT pg_backend_pid()"))
    async with narrow._writer.connect() as connection:
        assert await connection.scalar(text("SELECT pg_backend_pid()")) == process
        assert tuple((await connection.execute(text(NOW))).one()) == (VIEWER, "")


@pytest.mark.rule("D12")
async def test_thirty_who_ask_at_once_over_few_connections_are_never_shown_anothers(
    world: World, narrow: Database
) -> None:
    ours, theirs = world.ours.partner.id, world.theirs.partner.id
    who = [
        (of(world.ours), {ours}), (of(world.theirs), {theirs}), (EVERYTHING, {ours, theirs}), (NOTHING, set()),
        (only([ours, theirs], world.ours.cam.id), {ours, theirs}),
    ]  # fmt: skip

    async def go_on(seen: Seen, whose: set[UUID], first: int) -> None:
        view = View(narrow, seen)
        for turn in range(first, first + MANY // 30):
            if turn % 10 == 0:
                async with view.write(TEST) as writing:
                    found = set(await writing.session.scalars(CLIENTS))
            else:
                found = await (read if turn % 3 == 0 else partners)(view)
            assert found == whose, seen

    async with asyncio.TaskGroup() as group:
        for number, (seen, whose) in enumerate(islice(cycle(who), 30)):
            group.create_task(go_on(seen, whose, number))


@pytest.mark.rule("D12")
async def test_nor_is_anybody_where_others_give_up_meanwhile(world: World, narrow: Database) -> None:
    """Who is cut short leaves no connection behind that shows what they saw."""
    ours, theirs = (View(narrow, of(firm)) for firm in (world.ours, world.theirs))
    slow = ours.question(select(rows.Client.partner_id, func.pg_sleep(0.2)))
    for ask in (partners, read):
        tasks = [asyncio.create_task(ours.ask(slow, {})) for _ in range(4)]
        await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        assert await ask(theirs) == {world.theirs.partner.id}
        assert await ask(View(narrow)) == set()
        await asyncio.gather(*tasks, return_exceptions=True)
