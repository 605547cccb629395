"""A partner's links, changed by several at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import pytest

from graphql_api.actions import locks
from graphql_api.models import rows
from tests.api import Api
from tests.factories import World
from tests.races.together import at_once, codes, everything
from tests.steps import delete, edit

WRITERS = 30
TERMS = "confirmationLink { id products { product { code } } providesOnboarding }"


async def positions(world: World) -> list[int]:
    """Where the partner's events stand, sorted."""
    mine = rows.PartnerEvent.partner_id == world.ours.partner.id
    return sorted(event.position for event in await everything(world, rows.PartnerEvent, mine))


def dawdling(read: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The same, after a while in which others may write."""

    async def dawdled(*args: Any) -> None:
        await asyncio.sleep(0.03)
        await read(*args)

    return dawdled


@pytest.mark.rule("D1", "D2")
async def test_thirty_writers_fill_a_stream_without_gaps_in_the_order_of_their_commits(
    api: Api, other_api: Api, world: World
) -> None:
    """Take the position from a sequence in realtime/positions.py: a reader sees a later event before an earlier."""
    chosen = world.chosen("MKT-PRO")
    people = [world.tokens[name] for name in ("partner_admin", "partner_member")]
    written = asyncio.Event()
    seen: list[list[int]] = []

    async def read() -> None:
        while not written.is_set():
            seen.append(await positions(world))
            await asyncio.sleep(0)

    async def create(number: int) -> dict[str, object]:
        one = [api, other_api][number % 2]
        given = {"name": f"Link {number}", "products": chosen}
        return await one.change("createConfirmationLink", people[number % 2], "cursor", **given)

    reading = asyncio.create_task(read())
    payloads = await at_once(*map(create, range(WRITERS)))
    written.set()
    await reading
    assert await positions(world) == list(range(1, WRITERS + 1))
    assert all(found == list(range(1, len(found) + 1)) for found in seen)
    cursors = sorted(str(payload["cursor"]) for payload in payloads)
    assert cursors == [api.app.service.cursors.at(world.ours.partner.id, n) for n in range(1, WRITERS + 1)]


@pytest.mark.rule("C16", "B35")
async def test_a_clone_made_during_an_edit_has_the_terms_before_or_after_it(
    api: Api, other_api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Delete `.with_for_update(key_share=True)` in writing/locked.py: old terms with new products."""
    link, ada = await world.link(), world.tokens["partner_admin"]
    few: dict[str, Any] = {"products": world.chosen("MKT-PRO"), "providesOnboarding": False}
    many = {"products": world.chosen("SALES-ENT", "MKT-STARTER"), "providesOnboarding": True}
    many["onboardingDuration"] = "OVER_SIX_MONTHS"
    monkeypatch.setattr(locks, "load_products", dawdling(locks.load_products))

    async def edit_to_and_fro() -> None:
        for terms in [many, few] * 6:
            assert codes(await edit(api, ada, link, **terms)) == []

    async def clone() -> None:
        for _ in range(12):
            cloned = await other_api.change("cloneConfirmationLink", ada, TERMS, id=str(link.node_id))
            made = cloned["confirmationLink"]
            assert (len(made["products"]), made["providesOnboarding"]) in {(1, False), (2, True)}

    await at_once(edit_to_and_fro(), clone())


@pytest.mark.rule("B36", "C16")
async def test_deleting_a_link_and_editing_its_clone_never_lock_each_other_out(
    api: Api, other_api: Api, world: World
) -> None:
    """Delete `await lock_copies(writing, link)` in actions/confirmation_links.py `delete`: a deadlock."""
    ada = world.tokens["partner_admin"]
    for number in range(20):
        link = await world.link()
        cloned = await api.change(
            "cloneConfirmationLink", ada, "confirmationLink { id }", id=str(link.node_id)
        )
        clone_id = cloned["confirmationLink"]["id"]
        deleted, edited = await at_once(
            delete(api, ada, link),
            other_api.change("updateConfirmationLink", ada, "cursor", id=clone_id, name=f"Clone {number}"),
        )
        assert (codes(deleted), codes(edited)) == ([], [])


@pytest.mark.rule("D4", "B34")
async def test_of_edits_of_one_version_at_once_one_is_made(api: Api, other_api: Api, world: World) -> None:
    """Delete `.with_for_update(key_share=True)` in writing/locked.py: the last one silently wins."""
    link, ada, numbers = await world.link(), world.tokens["partner_admin"], count(1)
    edits = [
        edit(one, ada, link, name=f"Edit {next(numbers)}", expectedVersion=1) for one in [api, other_api] * 5
    ]
    payloads = await at_once(*edits)
    assert sorted(codes(payload) for payload in payloads) == [[], *[["CONFLICT"]] * 9]
    now = await world.fresh(link)
    assert now.version == 2
    assert {payload["confirmationLink"]["name"] for payload in payloads} == {now.name}
