"""What ships: the catalogue, and an export to try the import on."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from sqlalchemy import select

from graphql_api.database import Database
from graphql_api.models import rows
from graphql_api.models.product import ProductEdition
from tests.importing.folders import counts, imported

EXAMPLE = Path(__file__).parents[2] / "examples" / "crm"
CATALOGUE = files("graphql_api") / "importing" / "catalogue" / "products.csv"
HUBS = ["Marketing", "Sales", "Service", "Content", "Operations", "Commerce"]


async def test_the_example_is_imported_whole_and_changes_nothing_again(database: Database) -> None:
    first = await imported(database, EXAMPLE)
    assert (first.messages, first.notes, first.imported) == ([], [], True)
    again = await imported(database, EXAMPLE)
    assert {(made, changed) for made, changed, *_ in counts(again).values()} == {(0, 0)}


@pytest.mark.rule("C15")
async def test_the_shipped_catalogue_is_six_hubs_in_three_editions(database: Database) -> None:
    await imported(database, EXAMPLE)
    async with database.read() as session:
        found = (await session.scalars(select(rows.Product))).all()
    expected = {(f"{hub} Hub {edition.capitalize()}", edition) for hub in HUBS for edition in ProductEdition}
    assert {(product.name, product.edition) for product in found} == expected
    assert [
        product.code for product in found if product.requires_onboarding and not product.onboarding_types
    ] == []


def test_the_examples_products_are_the_shipped_catalogue() -> None:
    assert (EXAMPLE / "products.csv").read_bytes() == CATALOGUE.read_bytes()
