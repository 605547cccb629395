"""Partners, who is assigned to them, and their users."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from graphql_api.actions.sync.given import camel
from graphql_api.actions.sync.partners import sync_partners
from graphql_api.actions.sync.staff import sync_staff
from graphql_api.actions.sync.users import sync_users
from graphql_api.database import Database
from graphql_api.models import rows
from graphql_api.models.actor import Role
from graphql_api.models.refusal import Refused
from tests.sync.examples import STAFF, all_of, count_of, last_audit, partner, refusals, settle, sync

CAM, PDM = "channel_account_manager_email", "partner_development_manager_email"
UMA = {"email": "uma@p1.example", "name": "Uma", "role": "ADMIN", "is_active": True, "locale": "ES"}


@pytest.fixture(autouse=True)
async def settled(database: Database) -> None:
    await settle(database)


async def assigned(database: Database) -> dict[str, str | None]:
    """Who holds each position, by e-mail."""
    held = select(rows.Assignment.position, rows.StaffMember.email).join(
        rows.StaffMember, rows.StaffMember.id == rows.Assignment.staff_member_id
    )
    async with database.read() as session:
        return {position.value: email for position, email in await session.execute(held)}


async def test_positions_are_filled_changed_and_left_vacant(database: Database) -> None:
    full = partner("P1", **{CAM: "CAM@vendor.example", PDM: "pdm@vendor.example"})
    assert (await sync(database, sync_partners, full))[:3] == (0, 1, 0)
    both = {
        "CHANNEL_ACCOUNT_MANAGER": "cam@vendor.example",
        "PARTNER_DEVELOPMENT_MANAGER": "pdm@vendor.example",
    }
    assert await assigned(database) == both
    assert (await sync(database, sync_partners, partner("P1")))[:3] == (0, 0, 1)
    await sync(database, sync_partners, partner("P1", **{CAM: "pdm@vendor.example", PDM: None}))
    assert await assigned(database) == {"CHANNEL_ACCOUNT_MANAGER": "pdm@vendor.example"}


@pytest.mark.rule("B1", "B21")
@pytest.mark.parametrize("key", [CAM, PDM])
@pytest.mark.parametrize("role", ["RENEWAL_MANAGER", "ADMIN"])
async def test_a_position_takes_somebody_who_can_do_its_work(database: Database, key: str, role: str) -> None:
    await sync(database, sync_staff, {**STAFF[2], "role": role})
    unable = partner("P1", **{key: "RM@vendor.example"})
    with pytest.raises(Refused) as refused:
        await sync(database, sync_partners, unable)
    [refusal] = refused.value.exceptions
    assert (refusal.code, refusal.field) == ("INVALID", ("partners", "0", camel(key)))  # type: ignore[union-attr]
    assert f"has the role {role}; it takes CHANNEL_ACCOUNT_MANAGER or" in str(refusal)
    await sync(database, sync_staff, {**STAFF[2], "role": "PARTNER_DEVELOPMENT_MANAGER"})
    assert (await sync(database, sync_partners, unable))[:3] == (0, 1, 0)


async def test_who_is_assigned_is_in_the_audit_log(database: Database) -> None:
    await sync(database, sync_partners, partner("P1", **{CAM: "cam@vendor.example"}))
    await sync(database, sync_partners, partner("P1", **{CAM: "pdm@vendor.example"}))
    entry = await last_audit(database, "partner.sync")
    told = {"before": "cam@vendor.example", "after": "pdm@vendor.example", "staff_only": False}
    assert entry.changes == [{"field": "channelAccountManager", **told}]


async def test_users_are_added_and_updated_but_never_removed(database: Database) -> None:
    assert (await sync(database, sync_partners, partner("P9", users=[UMA])))[:3] == (1, 0, 0)
    assert (await sync(database, sync_partners, partner("P9", users=[UMA])))[:3] == (0, 0, 1)
    assert (await sync(database, sync_partners, partner("P9", users=[{**UMA, "is_active": False}])))[:3] == (
        0,
        1,
        0,
    )
    await sync(database, sync_partners, partner("P9", users=[]))
    await sync(database, sync_partners, partner("P9", users=None))
    (uma,) = await all_of(database, rows.PartnerUser)
    assert (uma.role, uma.is_active, uma.locale.value) == (Role.ADMIN, False, "ES")


async def test_a_user_left_unsaid_keeps_its_role_and_a_new_one_is_a_member(database: Database) -> None:
    await sync(database, sync_partners, partner("P1", users=[UMA]))
    bob = {"email": "bob@p1.example", "name": "Bob"}
    await sync(
        database, sync_partners, partner("P1", users=[{"email": "UMA@p1.example", "name": "Uma U"}, bob])
    )
    uma, new = await all_of(database, rows.PartnerUser)
    assert (uma.name, uma.role, new.role) == ("Uma U", Role.ADMIN, Role.MEMBER)


async def test_the_users_of_two_partners_may_share_an_address(database: Database) -> None:
    pair = [{**UMA, "partner_external_id": "P1"}, {**UMA, "partner_external_id": "P2"}]
    assert (await sync(database, sync_users, *pair))[:3] == (2, 0, 0)
    assert (await sync(database, sync_users, *pair))[:3] == (0, 0, 2)


async def test_bad_partners_and_users_are_refused_with_their_fields(database: Database) -> None:
    broken = [{**UMA, "role": "OWNER"}, {**UMA, "email": "UMA@p1.example"}, {"email": "", "name": "x"}]
    found = await refusals(
        database,
        sync_partners,
        partner("P1", **{CAM: "who@vendor.example", PDM: "who"}),
        partner("P2", users=broken),
    )
    assert found == {
        ("NOT_FOUND", ("partners", "0", "channelAccountManagerEmail")),
        ("INVALID", ("partners", "0", "partnerDevelopmentManagerEmail")),
        ("INVALID", ("partners", "1", "users", "0", "role")),
        ("INVALID", ("partners", "1", "users", "1", "email")),
        ("BLANK", ("partners", "1", "users", "2", "email")),
    }
    assert await count_of(database, rows.Assignment) == 0


async def test_bad_rows_of_users_are_refused_with_their_fields(database: Database) -> None:
    found = await refusals(
        database,
        sync_users,
        {**UMA, "partner_external_id": "P7"},
        {"partner_external_id": "P1", "email": "bob@p1.example"},
        {"partner_external_id": "P1", "email": "bob@p1.example", "name": "Bob"},
        {**UMA, "partner_external_id": "P1", "is_active": "perhaps"},
    )
    assert found == {
        ("NOT_FOUND", ("users", "0", "partnerExternalId")),
        ("BLANK", ("users", "1", "name")),
        ("INVALID", ("users", "2", "email")),
        ("INVALID", ("users", "3", "isActive")),
    }


async def test_staff_are_updated_by_their_address(database: Database) -> None:
    changed = {**STAFF[0], "email": "CAM@vendor.example", "name": "Camila", "locale": "ES"}
    assert (await sync(database, sync_staff, changed, *STAFF[1:]))[:3] == (0, 1, 2)
    found = await refusals(database, sync_staff, {"email": "new@vendor.example", "role": "MEMBER"})
    assert found == {("BLANK", ("staff", "0", "name")), ("INVALID", ("staff", "0", "role"))}
