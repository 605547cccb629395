"""Where nobody is signed in, or nobody said who sees a table, nothing is shown: on both databases."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from sqlalchemy import select

from graphql_api.access.sight import CONDITIONS, Sight
from graphql_api.models import rows
from tests.api import Api
from tests.confirmation_links.steps import id_of
from tests.differential.rich import Rich
from tests.factories import World


@pytest.mark.rule("D12")
def test_a_sight_without_a_viewer_shows_no_row_of_any_table(rich: Rich) -> None:
    async def look() -> None:
        nobody = await rich.context("nobody")
        async with rich.world.database.read() as session:  # which sees everything: the first wall alone
            for model in CONDITIONS:
                assert (await session.scalars(nobody.sight.select(model))).all() == [], model
                assert (await session.scalars(select(model))).first() is not None, model
            for column in (rows.Deal.partner_id, rows.Partner.id):
                assert (
                    await session.scalars(select(column).where(nobody.sight.partners(column)))
                ).all() == []

    rich.runner.run(look())


@pytest.mark.rule("D12")
def test_nobody_is_shown_nothing_where_the_sight_was_forgotten_by_postgresql_alone(rich: Rich) -> None:
    async def look() -> None:
        nobody = await rich.context("nobody")
        question = nobody.database.question(select(rows.Deal.id))
        is_shown = list(await nobody.database.ask(question, {})) != []
        assert is_shown == (nobody.database.kind == "sqlite")

    rich.runner.run(look())


@pytest.mark.rule("D12")
@pytest.mark.parametrize("model", CONDITIONS)
def test_a_table_without_a_condition_is_seen_by_nobody(model: type[rows.Base], rich: Rich) -> None:
    async def look() -> None:
        for who in ("partner_admin", "cam", "staff_admin", "crm_sync"):
            sight: Sight = (await rich.context(who)).sight
            with patch.dict(CONDITIONS):
                del CONDITIONS[model]
                with pytest.raises(KeyError):
                    sight.select(model)

    rich.runner.run(look())


async def test_a_client_is_told_nothing_of_a_table_without_a_condition(api: Api, world: World) -> None:
    document = "query($id: ID!) { confirmationLink(id: $id) { name } }"
    link = id_of(await world.link())
    kind = property(lambda _sight: ("without a condition",))  # of what was prepared before, nothing is used
    with patch.dict(CONDITIONS), patch.object(Sight, "kind", kind):
        del CONDITIONS[rows.ConfirmationLink]
        answer = await api.send(document, world.tokens["partner_admin"], id=link)
    assert answer["data"] == {"confirmationLink": None}
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INTERNAL"]
