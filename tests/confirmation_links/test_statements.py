"""What creating a link asks of the database: each thing once, and nothing again for the answer."""

from __future__ import annotations

import re
from collections import Counter

from tests.api import Api
from tests.confirmation_links.steps import LINK
from tests.factories import World
from tests.statements import counted

WRITTEN = {
    "streams": 1, "outbox_mails": 1, "partner_events": 1, "audit_entries": 1, "notifications": 1,
    "confirmation_links": 1, "link_products": 1,
}  # fmt: skip
READ = ["api_tokens", "products", "partners"]
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
    assert Counter(re.findall(r"INSERT INTO (\w+)", " ".join(statements))) == WRITTEN
    asked = [one for one in statements if "INSERT" not in one and "FROM" in one]
    assert [next(table for table in READ if f"FROM {table}" in one) for one in asked] == READ


async def test_all_that_a_change_leaves_behind_is_two_messages_to_postgresql(api: Api, world: World) -> None:
    """One were enough, but for what hangs on a new row: the second wall looks for that one first."""
    statements = [one for one in await _creates(api, world) if "INSERT" in one]
    tables = [len(re.findall("INSERT INTO", one)) for one in statements]
    assert tables == ([3, 4] if world.database.kind == "postgresql" else [1] * 7)


async def test_what_is_not_at_hand_is_read(api: Api, world: World) -> None:
    await _creates(api, world, LINK)
    assert len(await _creates(api, world, LINK)) > len(await _creates(api, world))
