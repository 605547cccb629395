"""What creating a link asks of the database: each thing once, and nothing again for the answer."""

from __future__ import annotations

from tests.api import Api
from tests.confirmation_links.steps import LINK
from tests.factories import World
from tests.statements import counted

WRITTEN = [
    "confirmation_links", "link_products", "streams", "streams", "streams",
    "audit_entries", "notifications", "outbox_mails", "partner_events",
]  # fmt: skip
READ = ["api_tokens", "products", "onboarding_types", "partners", "actors"]
SELECTED = "id name products { product { code } onboardingType { code } }"


async def _creates(api: Api, world: World, fields: str = SELECTED) -> list[str]:
    with counted(world.database) as statements:
        payload = await api.change(
            "createConfirmationLink", world.tokens["partner_admin"], f"confirmationLink {{ {fields} }}", name="Proof",
            products=world.chosen("MKT-PRO", "SALES-ENT"), providesOnboarding=False,
        )  # fmt: skip
    assert payload["userErrors"] == []
    return statements


async def test_each_row_is_read_and_written_once(api: Api, world: World) -> None:
    await _creates(api, world)
    statements = await _creates(api, world)
    assert [one.split()[2] for one in statements if one.startswith("INSERT")] == WRITTEN
    asked = [one for one in statements if one.startswith(("SELECT", "WITH"))]
    assert [next(table for table in READ if f"FROM {table}" in one) for one in asked] == READ


async def test_what_is_not_at_hand_is_read(api: Api, world: World) -> None:
    await _creates(api, world, LINK)
    assert len(await _creates(api, world, LINK)) > len(await _creates(api, world))
