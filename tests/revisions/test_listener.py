"""How revisions move: by whatever the session writes, in as few statements as can be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from graphql_api.models import rows
from graphql_api.models.by import By
from graphql_api.models.node_id import NOWHERE
from graphql_api.writing import revisions
from graphql_api.writing.revised import REVISED
from graphql_api.writing.revisions import BulkChangeError, Touched
from tests.api import Api
from tests.factories import World
from tests.revisions.watching import OURS, THEIRS, Watch
from tests.setting import set_rows
from tests.statements import counted
from tests.steps import Payload, attach, confirm, edit
from tests.steps import delete as delete_link

TEST = By(None, "Test")
DECLARED: Any = REVISED
CLIENTS = {"externalId": "northwind-client-0", "partnerExternalId": "northwind", "name": "Renamed"}


async def test_a_change_that_nobody_hears_is_found_by_these_tests(
    watch: Watch, api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Touched, "add", lambda *_: None)
    with pytest.raises(AssertionError, match="and moved for nobody"):
        async with watch.over():
            await api.change("syncClients", world.tokens["crm_sync"], "updated", clients=[CLIENTS])


@pytest.mark.parametrize("model", [model for model, revised in REVISED.items() if revised])
def test_a_table_that_nobody_declared_raises(monkeypatch: pytest.MonkeyPatch, model: Any) -> None:
    monkeypatch.delitem(DECLARED, model)
    with pytest.raises(KeyError):
        revisions._revised(model.__mapper__)


async def test_what_nobody_declared_cannot_be_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(DECLARED, rows.Product)
    with pytest.raises(KeyError):
        await set_rows(world.database, rows.Product, name="Renamed")


@pytest.mark.parametrize(
    "statement",
    [
        update(rows.Client).values(name="Renamed"),
        update(rows.Base.metadata.tables["clients"]).values(name="Renamed"),
        delete(rows.Assignment),
        insert(rows.OnboardingType).values(product_id=NOWHERE, code="NEW"),
        text("UPDATE clients SET name = 'Renamed'"),
    ],
)
async def test_a_bulk_change_of_what_is_seen_is_refused(world: World, statement: Any) -> None:
    with pytest.raises(BulkChangeError, match="load the rows"):
        async with world.database.write(TEST) as writing:
            await writing.session.execute(statement)


async def test_a_bulk_change_of_what_nobody_else_sees_moves_nothing(watch: Watch, world: World) -> None:
    stood = await watch.revisions()
    async with world.database.write(TEST) as writing:
        await writing.session.execute(update(rows.ApiToken).values(last_used_at=writing.now))
        await writing.session.execute(delete(rows.IdempotencyKey))
    assert await watch.revisions() == stood


async def test_a_row_that_moves_between_partners_moves_both(watch: Watch, world: World) -> None:
    deal = rows.Deal.id == world.ours.shared[0].id
    async with watch.over() as noticed:
        given = {"partner_id": world.theirs.partner.id, "client_id": None}
        await set_rows(world.database, rows.Deal, deal, **given)
    assert (noticed.seen, noticed.moved) == ({OURS, THEIRS}, {OURS, THEIRS})


async def test_what_hangs_on_a_row_that_is_not_at_hand_moves_its_partner(watch: Watch, world: World) -> None:
    client = world.ours.clients[1]
    async with watch.over() as noticed, world.database.write(TEST) as writing:
        contact = rows.ClientContact(client_id=client.id, email="bo@globex.example", name="Bo")
        writing.session.add(contact)
    assert (noticed.seen, noticed.moved) == ({OURS}, {OURS})


async def test_setting_what_is_so_already_moves_nothing(watch: Watch, world: World) -> None:
    stood = await watch.revisions()
    await set_rows(world.database, rows.Client, is_named := rows.Client.name == "Acme 0", name="Acme 0")
    assert await watch.revisions() == stood
    await set_rows(world.database, rows.Client, is_named, name="Acme")
    assert await watch.revisions() != stood


async def test_a_change_that_is_undone_moves_nothing(watch: Watch, world: World) -> None:
    stood = await watch.revisions()
    with pytest.raises(IntegrityError):
        await set_rows(world.database, rows.Deal, name="Renamed", currency="EUR")
    assert await watch.revisions() == stood


async def test_where_a_position_is_taken_the_revision_costs_nothing(
    watch: Watch, api: Api, world: World
) -> None:
    """One statement moves all streams that are told: the partner's, and each person's. None asks whose a row is."""
    link, deal, who = await world.link(), world.ours.shared[0], world.tokens["partner_admin"]
    other = await world.link()
    changes: list[Callable[[], Awaitable[Payload]]] = [
        lambda: edit(api, who, link, name="Edited"),
        lambda: attach(api, who, link, deal),
        lambda: edit(api, who, link, name="Edited again"),
        lambda: confirm(api, link, seenVersion=3),
        lambda: attach(api, who, other, deal),
        lambda: delete_link(api, who, other),
    ]
    for change in changes:
        before = await watch.revisions()
        with counted(world.database) as statements:
            assert (await change())["userErrors"] == []
        assert sum("INTO streams" in one for one in statements) == 1
        assert not [one for one in statements if "DISTINCT" in one]
        assert (await watch.revisions())[OURS] > before[OURS]


async def test_many_partners_revisions_move_by_one_statement(world: World) -> None:
    with counted(world.database) as statements:
        async with world.database.write(TEST) as writing:
            for client in await writing.session.scalars(select(rows.Client)):
                client.domain = "renamed.example"
            for product in await writing.session.scalars(select(rows.Product)):
                product.name = "Renamed"
    assert sum("INTO streams" in one for one in statements) == 1
