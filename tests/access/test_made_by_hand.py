"""Tokens and machines that operators make."""

from __future__ import annotations

import pytest

from graphql_api.actions.accounts import Whose, create_integration, create_token
from graphql_api.actions.sync.staff import sync_staff
from graphql_api.actions.sync.users import sync_users
from graphql_api.models import rows
from graphql_api.models.api_token import Scope
from graphql_api.models.by import By
from graphql_api.models.refusal import Invalid, NotAllowed, NotFound, Refusal, TooLong
from tests.api import Api
from tests.factories import World
from tests.setting import set_rows
from tests.sync.examples import sync

ADA = "ada@northwind.example"
WHO = "{ viewer { actor { __typename } partner { externalId } } }"


async def made(world: World, whose: Whose, days: int | None = None) -> str:
    async with world.database.write(By(None, "Operator")) as writing:
        return (await create_token(writing, whose, "by hand", [], days)).secret


async def everywhere(world: World) -> None:
    """Somebody else with Ada's address at the other partner, and one more on the staff."""
    user = {"partner_external_id": "contoso", "email": ADA, "name": "Ada Two"}
    await sync(world.database, sync_users, user)
    await sync(world.database, sync_staff, {"email": ADA, "name": "Ada Three", "role": "ADMIN"})


async def test_one_of_several_with_the_same_address_is_chosen(api: Api, world: World) -> None:
    await everywhere(world)
    for partner in ("northwind", "contoso"):
        who = (await api.ask(WHO, await made(world, Whose(ADA, partner))))["viewer"]
        assert who == {"actor": {"__typename": "PartnerUser"}, "partner": {"externalId": partner}}
    who = (await api.ask(WHO, await made(world, Whose(ADA, staff=True))))["viewer"]
    assert who == {"actor": {"__typename": "StaffMember"}, "partner": None}


async def test_who_is_not_chosen_among_several_is_told_how_to(world: World) -> None:
    await everywhere(world)
    with pytest.raises(Invalid, match="say whose: ") as refused:
        await made(world, Whose(ADA))
    options = refused.value.message.split("say whose: ")[1].split(", ")
    assert sorted(options) == ["--partner contoso", "--partner northwind", "--staff"]


@pytest.mark.parametrize(
    ("whose", "refusal", "says"),
    [
        (Whose("who@northwind.example"), NotFound, "nobody has the address"),
        (Whose(ADA, "contoso"), NotFound, "nobody at contoso has the address"),
        (Whose(ADA, "nowhere"), NotFound, "no partner with the external id nowhere"),
        (Whose(ADA, staff=True), NotFound, "nobody on the staff has the address"),
        (Whose(ADA, "northwind", staff=True), NotFound, "nobody on the staff has the address"),
        (Whose(ADA, "n" * 10_000), TooLong, "longer than 200"),
    ],
)
async def test_nobody_gets_no_token(world: World, whose: Whose, refusal: type[Refusal], says: str) -> None:
    with pytest.raises(refusal, match=says):
        await made(world, whose)


async def test_the_deactivated_get_no_token_and_stand_in_nobodys_way(api: Api, world: World) -> None:
    await everywhere(world)
    await set_rows(world.database, rows.Actor, rows.Actor.name.in_(["Ada Two", "Ada Three"]), is_active=False)
    with pytest.raises(NotAllowed, match="Ada Two has been deactivated"):
        await made(world, Whose(ADA, "contoso"))
    who = (await api.ask(WHO, await made(world, Whose(ADA))))["viewer"]
    assert who["partner"] == {"externalId": "northwind"}


async def test_a_token_lasts_a_century_at_most(api: Api, world: World) -> None:
    assert await api.ask(WHO, await made(world, Whose(ADA), 36_500))
    for days in (0, -1, 36_501, 99_999_999):
        with pytest.raises(Invalid, match="is not between 1 and 36500 days"):
            await made(world, Whose(ADA), days)


async def test_a_machine_of_a_partner_that_is_not_there_is_refused(world: World) -> None:
    for partner, refusal in {"\udcff?": NotFound, " northwind 2": NotFound, "n" * 10_000: TooLong}.items():
        with pytest.raises(refusal):
            async with world.database.write(By(None, "Operator")) as writing:
                await create_integration(writing, "Ours", [Scope.READ], partner)
