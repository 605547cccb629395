"""The catalogue: products, and the onboarding types that each offers (C15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql_api.actions.sync.checks import code_of, one_of
from graphql_api.actions.sync.given import Field, Given, refuse_doubles
from graphql_api.actions.sync.upsert import Noun, SyncCounts, assign, begin, counts_of, find, put
from graphql_api.database import Writing
from graphql_api.models import rows
from graphql_api.models.keys import new_key
from graphql_api.models.product import ProductEdition
from graphql_api.models.refusal import refuse
from graphql_api.models.text import line_of

ONBOARDING_FIELDS = (Field("code", code_of, needed=True), Field("name", line_of, needed=True))
FIELDS = (
    Field("code", code_of, needed=True),
    Field("name", line_of, needed=True),
    Field("edition", one_of(ProductEdition), needed=True),
    Field("onboarding_types", items=ONBOARDING_FIELDS),
)


class Products(Noun[rows.Product]):
    """Products, by their code."""

    action = "product.sync"

    def make(self, given: Given, writing: Writing) -> rows.Product:  # noqa: ARG002
        """Without onboarding types as yet."""
        return rows.Product(id=new_key(), code=given.values["code"], all_onboarding_types=[])

    def fill(self, row: rows.Product, given: Given) -> None:
        """Offer the types listed, in that order. One left out is withdrawn, never deleted: links name it."""
        assign(row, given.values, "name", "edition")
        if "onboarding_types" not in given.values:
            return
        listed = {entry.values["code"] for entry in given.values["onboarding_types"]}
        for known in row.all_onboarding_types:
            known.is_offered = known.code in listed
        for position, entry in enumerate(given.values["onboarding_types"]):
            _offer(row, entry.values, position)

    def facts(self, row: rows.Product) -> dict[str, object]:
        """Offered types stand in one line."""
        offered = sorted(row.onboarding_types, key=lambda known: known.position)
        types = ", ".join(f"{known.code} ({known.name})" for known in offered)
        return {"code": row.code, "name": row.name, "edition": row.edition, "onboardingTypes": types}


async def sync_products(writing: Writing, records: Sequence[Mapping[str, Any]]) -> SyncCounts:
    """Create or update products by code. Onboarding types that a list leaves out are offered no longer.

    Raises:
        Refused: with everything that is wrong with any of them; nothing is changed then.
        LimitExceeded: more than 500.

    """
    batch = await begin(writing, "products", records, FIELDS, "code")
    known = await find(writing.session, rows.Product.code, batch.named("code"), lock=True)
    pairs = [(given, known.get(given.values.get("code"))) for given in batch.givens]
    for given, product in pairs:
        _check(given, product)
    refuse(batch.refusals)
    return counts_of(await put(writing, Products(), pairs))


def _check(given: Given, product: rows.Product | None) -> None:
    if product is None:
        given.need(FIELDS)
    entries = given.values.get("onboarding_types", ())
    for entry in entries:
        known = product and product.onboarding_type(entry.values.get("code"))
        if known is None:
            entry.need(ONBOARDING_FIELDS)
    refuse_doubles(entries, "code")


def _offer(product: rows.Product, values: Mapping[str, Any], position: int) -> None:
    known = product.onboarding_type(values["code"])
    if known is None:
        known = rows.OnboardingType(code=values["code"], name=values["name"], is_offered=True)
        product.all_onboarding_types.append(known)
    assign(known, {**values, "position": position}, "name", "position")
