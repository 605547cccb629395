"""The catalogue, from the vendor."""

from __future__ import annotations

from graphql_api.actions.sync.products import sync_products
from graphql_api.database import Database
from graphql_api.models import rows
from tests.sync.examples import PRO, STARTER, all_of, last_audit, refusals, sync


async def test_products_come_with_their_onboarding_types_in_order(database: Database) -> None:
    assert (await sync(database, sync_products, STARTER, PRO))[:3] == (2, 0, 0)
    starter, pro = await all_of(database, rows.Product)
    assert [known.code for known in pro.onboarding_types] == ["guided", "self"]
    assert (starter.onboarding_types, starter.requires_onboarding) == ([], False)
    assert (await sync(database, sync_products, STARTER, PRO))[:3] == (0, 0, 2)


async def test_a_type_left_out_is_withdrawn_and_can_come_back(database: Database) -> None:
    await sync(database, sync_products, PRO)
    fewer = {**PRO, "onboarding_types": [{"code": "self", "name": "Self-service"}]}
    assert (await sync(database, sync_products, fewer))[:3] == (0, 1, 0)
    (pro,) = await all_of(database, rows.Product)
    assert [
        (known.code, known.is_offered) for known in pro.all_onboarding_types if known.code == "guided"
    ] == [("guided", False)]
    await sync(database, sync_products, PRO)
    (pro,) = await all_of(database, rows.Product)
    assert [known.code for known in pro.onboarding_types] == ["guided", "self"]


async def test_what_changed_is_in_the_audit_log(database: Database) -> None:
    await sync(database, sync_products, PRO)
    await sync(database, sync_products, {**PRO, "onboarding_types": PRO["onboarding_types"][1:]})
    entry = await last_audit(database, "product.sync")
    types = {"before": "guided (Guided), self (Self-service)", "after": "self (Self-service)"}
    assert entry.changes == [{"field": "onboardingTypes", "staff_only": False, **types}]
    assert entry.partner_id is None


async def test_bad_products_are_refused_with_their_fields(database: Database) -> None:
    bad_types = [{"code": "a", "name": ""}, {"code": "b", "name": "B"}, {"code": "b", "name": "B"}]
    found = await refusals(
        database,
        sync_products,
        {"code": "x" * 101, "name": "Long", "edition": "STARTER"},
        {"code": "y", "name": "Y", "edition": "DELUXE", "onboarding_types": bad_types},
        {"code": "z"},
        {"code": "z", "name": "Z", "edition": "STARTER"},
    )
    assert found == {
        ("TOO_LONG", ("products", "0", "code")),
        ("INVALID", ("products", "1", "edition")),
        ("BLANK", ("products", "1", "onboardingTypes", "0", "name")),
        ("INVALID", ("products", "1", "onboardingTypes", "2", "code")),
        ("BLANK", ("products", "2", "name")),
        ("BLANK", ("products", "2", "edition")),
        ("INVALID", ("products", "3", "code")),
    }
