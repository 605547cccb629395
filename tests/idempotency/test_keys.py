"""Whose a key is, how long it is kept, and what comes of it (D3)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from graphql_api.app import App
from graphql_api.jobs.retention import prune_keys
from graphql_api.models import rows
from graphql_api.settings import Settings
from tests.api import Api, refusals
from tests.clock import Clock
from tests.factories import World
from tests.idempotency.repeating import change, changes, everything_stored, send
from tests.races.together import at_once, everything
from tests.steps import attach, detach, edit, token_of

LINK = "cursor confirmationLink { id name }"
ANSWER = "invitation { linkName status }"
Payload = dict[str, Any]


async def create(api: Api, world: World, key: str, who: str = "", **more: Any) -> Payload:
    """Create a link with the key, by our admin unless said otherwise."""
    given = {"name": "Made once", "products": world.chosen("MKT-PRO")} | more
    who = who or world.tokens["partner_admin"]
    return await change(api, key, "createConfirmationLink", who, LINK, **given)


async def links(world: World) -> int:
    """How many links there are."""
    return len(await everything(world, rows.ConfirmationLink))


@pytest.mark.rule("D3")
async def test_a_key_is_its_tokens_own(api: Api, world: World) -> None:
    second = await world.token_for(world.ours.admin)
    tokens = [world.tokens["partner_admin"], second, world.tokens["partner_member"]]
    made = [await create(api, world, "the key", who) for who in tokens]
    assert len({payload["confirmationLink"]["id"] for payload in made}) == await links(world) == 3
    assert [await create(api, world, "the key", who) for who in tokens] == made
    assert await links(world) == 3


@pytest.mark.rule("D3")
async def test_each_mutation_of_a_request_has_its_own_use_of_the_key(api: Api, world: World) -> None:
    given = {"name": "Twins", "products": world.chosen("MKT-PRO")}
    long_alias = "a" * 300
    aliases = dict.fromkeys(("one", "two", long_alias, f"{long_alias}b"), "createConfirmationLink")
    ada = world.tokens["partner_admin"]
    first = await changes(api, "the key", ada, LINK, given, **aliases)
    assert len({payload["confirmationLink"]["id"] for payload in first.values()}) == await links(world) == 4
    assert await changes(api, "the key", ada, LINK, given, **aliases) == first
    assert await links(world) == 4


@pytest.mark.rule("D3")
async def test_another_mutation_in_the_same_place_is_other_input(api: Api, world: World) -> None:
    link, deal = await world.link(), world.ours.shared[0]
    given = {"confirmationLinkId": str(link.node_id), "dealId": str(deal.node_id)}
    ada, fields = world.tokens["partner_admin"], "cursor"
    assert (await changes(api, "k", ada, fields, given, x="attachConfirmationLink"))["x"]["userErrors"] == []
    detached = (await changes(api, "k", ada, fields, given, x="detachConfirmationLink"))["x"]
    assert refusals(detached) == [("IDEMPOTENCY_KEY_REUSED", None)]
    assert (await world.fresh(link)).deal_id == deal.id


async def test_a_key_is_kept_for_as_long_as_is_set(world: World, clock: Clock, settings: Settings) -> None:
    api = Api(App(settings.model_copy(update={"keep_keys_days": 30}), world.database))
    first = await create(api, world, "the key")
    clock.advance(days=29)
    await prune_keys(world.database, api.app.settings, asyncio.Event())
    assert await create(api, world, "the key") == first
    clock.advance(days=2)
    assert await create(api, world, "the key") != first
    await api.app.token_use.finish()


@pytest.mark.rule("D3")
async def test_a_key_is_kept_seven_days(api: Api, world: World, clock: Clock) -> None:
    first = await create(api, world, "the key")
    clock.advance(days=6, hours=23)
    assert await create(api, world, "the key") == first
    clock.advance(hours=2)
    second = await create(api, world, "the key", name="Another")
    assert second["confirmationLink"]["name"] == "Another"
    assert await create(api, world, "the key", name="Another") == second
    assert refusals(await create(api, world, "the key")) == [("IDEMPOTENCY_KEY_REUSED", None)]
    assert await links(world) == 2


@pytest.mark.rule("D3")
async def test_old_keys_are_forgotten_and_newer_ones_are_not(
    api: Api, world: World, clock: Clock, settings: Settings
) -> None:
    await create(api, world, "old")
    clock.advance(days=4)
    await create(api, world, "newer")
    clock.advance(days=3, hours=1)
    await prune_keys(world.database, settings, asyncio.Event())
    assert [kept.key for kept in await everything(world, rows.IdempotencyKey)] == ["newer"]


@pytest.mark.rule("D3")
async def test_a_refusal_is_repeated_even_when_it_would_be_granted_now(api: Api, world: World) -> None:
    link, (here, there, _), ada = await world.link(), world.ours.shared, world.tokens["partner_admin"]
    await attach(api, ada, link, here)
    given = {"confirmationLinkId": str(link.node_id), "dealId": str(there.node_id)}
    asked = ("attachConfirmationLink", ada, "cursor deal { id }")
    refused = await change(api, "the key", *asked, **given)
    assert refusals(refused) == [("ALREADY_ATTACHED", ["confirmationLinkId"])]
    await detach(api, ada, link, here)
    assert await change(api, "the key", *asked, **given) == refused
    assert (await change(api, "another", *asked, **given))["userErrors"] == []


@pytest.mark.rule("D3", "D4")
async def test_a_conflict_is_repeated_with_the_object(api: Api, world: World) -> None:
    link, ada = await world.link(), world.tokens["partner_admin"]
    await edit(api, ada, link, name="Edited")
    given: Payload = {"id": str(link.node_id), "name": "Mine", "expectedVersion": 1}
    asked = ("updateConfirmationLink", ada, "cursor confirmationLink { id name version }")
    refused = await change(api, "the key", *asked, **given)
    assert refusals(refused) == [("CONFLICT", ["expectedVersion"])]
    assert refused["confirmationLink"]["name"] == "Edited"
    assert await change(api, "the key", *asked, **given) == refused


@pytest.mark.rule("D3")
async def test_a_refusal_takes_the_place_of_a_key_that_is_no_longer_kept(
    api: Api, world: World, clock: Clock
) -> None:
    await create(api, world, "the key")
    clock.advance(days=8)
    refused = await create(api, world, "the key", name=" ")
    assert refusals(refused) == [("BLANK", ["name"])]
    assert refusals(await create(api, world, "the key")) == [("IDEMPOTENCY_KEY_REUSED", None)]
    assert await create(api, world, "the key", name=" ") == refused
    assert await links(world) == 1


@pytest.mark.rule("D3")
async def test_what_was_made_and_is_gone_is_null_in_the_repeat(api: Api, world: World) -> None:
    first = await create(api, world, "the key")
    await api.change(
        "deleteConfirmationLink", world.tokens["cam"], "cursor", id=first["confirmationLink"]["id"]
    )
    assert await create(api, world, "the key") == first | {"confirmationLink": None}
    assert await links(world) == 0


@pytest.mark.rule("D3")
async def test_a_key_has_1_to_255_characters(api: Api, world: World) -> None:
    document = "mutation($i: CreateConfirmationLinkInput!) { createConfirmationLink(input: $i) { cursor } }"
    given = {"name": "Made", "products": world.chosen("MKT-PRO")}
    for key in ("", "   ", "k" * 256):
        answer = await send(api, key, document, world.tokens["partner_admin"], i=given)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]
    assert await links(world) == 0
    assert await create(api, world, "k" * 255) == await create(api, world, "k" * 255)
    assert await create(api, world, "a b") == await create(api, world, " a b ")
    assert await links(world) == 2


@pytest.mark.rule("D3")
async def test_a_key_on_a_question_means_nothing(api: Api, world: World) -> None:
    for key in ("", "the key", "k" * 300):
        answer = await send(api, key, "{ viewer { actor { name } } }", world.tokens["partner_admin"])
        assert answer == {"data": {"viewer": {"actor": {"name": "Ada Northwind"}}}}
    assert await everything(world, rows.IdempotencyKey) == []


@pytest.mark.rule("D3", "C20")
async def test_the_clients_answer_has_the_links_key_whoever_sends_it(api: Api, world: World) -> None:
    first, second = await world.link(name="First"), await world.link(name="Second")
    signed = {"name": "Ana Ruiz", "email": "ana@acme.example", "seenVersion": 1}
    answers = [
        await change(api, "k", "confirmEngagement", None, ANSWER, token=token_of(api, link), **signed)
        for link in (first, second)
    ]
    assert [one["invitation"] for one in answers] == [
        {"linkName": name, "status": "CONFIRMED"} for name in ("First", "Second")
    ]
    after = await everything_stored(world)
    asked = {"token": token_of(api, first)} | signed
    for who in (None, world.tokens["checkout"]):
        assert await change(api, "k", "confirmEngagement", who, ANSWER, **asked) == answers[0]
    other = await change(api, "other", "confirmEngagement", None, ANSWER, **asked)
    assert refusals(other) == [("NOT_PENDING", ["token"])]
    unknown = await change(api, "k", "confirmEngagement", None, ANSWER, **(asked | {"token": "x"}))
    assert [code for code, _ in refusals(unknown)] == ["NOT_FOUND"]
    assert await everything_stored(world) == after


@pytest.mark.rule("D3")
async def test_ten_repeats_at_once_have_one_effect_and_ten_equal_answers(
    api: Api, other_api: Api, world: World, clock: Clock
) -> None:
    for count, advanced in ((1, 0), (2, 8)):  # and again once the key is no longer kept
        clock.advance(days=advanced)
        payloads = await at_once(*(create([api, other_api][n % 2], world, "the key") for n in range(10)))
        assert payloads == [payloads[0]] * 10
        assert payloads[0]["userErrors"] == []
        assert await links(world) == count
    assert len(await everything(world, rows.PartnerEvent)) == 2
    refused = await at_once(*(create([api, other_api][n % 2], world, "other", name="") for n in range(10)))
    assert refused == [refused[0]] * 10
    assert refusals(refused[0]) == [("BLANK", ["name"])]


@pytest.mark.rule("D3", "B24")
async def test_ten_equal_answers_of_a_client_at_once_are_one_decision_and_each_mail_once(
    api: Api, other_api: Api, world: World
) -> None:
    link = await world.link()
    given = {
        "token": token_of(api, link), "name": "Ana Ruiz", "email": "ana@acme.example", "seenVersion": 1,
    }  # fmt: skip
    mails = len(await everything(world, rows.OutboxMail))
    payloads = await at_once(
        *(change([api, other_api][n % 2], "k", "confirmEngagement", None, ANSWER, **given) for n in range(10))
    )
    expected = {"invitation": {"linkName": link.name, "status": "CONFIRMED"}, "userErrors": []}
    assert payloads == [expected] * 10
    assert len(await everything(world, rows.Decision)) == 1
    told = [mail.kind for mail in (await everything(world, rows.OutboxMail))]
    assert len(told) - mails == 3  # the creator, the CAM, the PDM
