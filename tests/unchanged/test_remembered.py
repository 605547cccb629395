"""What a mutation may have changed is forgotten before its answer is made; the catalogue, only if it was written."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.context import context_for
from graphql_api.models import rows
from graphql_api.models.by import By
from tests.api import Api
from tests.factories import World
from tests.statements import counted

TEST = By(None, "Test")
NAMES = "confirmationLink { name products { product { name } } }"


@pytest.mark.parametrize(("model", "is_kept"), [(rows.Partner, True), (rows.Product, False)])
async def test_the_catalogue_is_forgotten_by_who_writes_it(
    api: Api, world: World, model: Any, *, is_kept: bool
) -> None:
    context = await context_for(api.app.service, world.tokens["partner_admin"])
    written = world.ours.partner if model is rows.Partner else world.products["MKT-PRO"]
    async with context.write(TEST) as writing:
        (await writing.session.get_one(model, written.id)).name = "Renamed"
    assert (context.sight.common_revision is not None) == is_kept


async def test_an_answer_shows_what_was_written_though_something_else_was_loaded(
    api: Api, world: World
) -> None:
    link = await world.link(products=[(world.products["MKT-PRO"].id, "GUIDED")])
    document = f"""mutation($a: UpdateConfirmationLinkInput!, $b: UpdateConfirmationLinkInput!) {{
        a: updateConfirmationLink(input: $a) {{ {NAMES} }} b: updateConfirmationLink(input: $b) {{ {NAMES} }} }}"""
    chosen = [world.chosen("SALES-ENT", "MKT-STARTER"), world.chosen("MKT-STARTER")]
    first, second = ({"id": str(link.node_id), "name": f"Now {len(one)}", "products": one} for one in chosen)
    answer = await api.ask(document, world.tokens["partner_admin"], a=first, b=second)
    told = [
        [one["product"]["name"] for one in answer[alias]["confirmationLink"]["products"]] for alias in "ab"
    ]
    assert told == [["Sales Hub Enterprise", "Marketing Hub Starter"], ["Marketing Hub Starter"]]


async def test_products_of_a_link_that_was_written_are_not_asked_for(api: Api, world: World) -> None:
    with counted(world.database) as statements:
        await api.change(
            "createConfirmationLink", world.tokens["partner_admin"], NAMES, name="Proof",
            products=world.chosen("MKT-PRO"), providesOnboarding=False,
        )  # fmt: skip
    assert [one for one in statements if "FROM link_products" in one] == []
