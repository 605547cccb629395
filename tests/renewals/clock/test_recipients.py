"""Who each notice goes to, and that its record never changes."""

from __future__ import annotations

import pytest

from graphql_api.models.actor import Role
from tests.renewals.clock.clockwork import BILLING, DECISION_MAKER, PRIMARY, Clockwork, emails

ADA, MAX = "ada@northwind.example", "max@northwind.example"


@pytest.mark.rule("A7", "A10", "A19")
@pytest.mark.parametrize("days", [120, 90])
async def test_under_hubspot_the_three_contacts_are_addressed_and_the_contact_copied(
    clockwork: Clockwork, days: int
) -> None:
    await clockwork.contact("Ben", BILLING)
    await clockwork.contact("Dee", DECISION_MAKER)
    await clockwork.contact("Nobody")
    await clockwork.default_owner("HUBSPOT", clockwork.world.ours.member)
    await clockwork.renewal(days)
    await clockwork.decide()
    notice = await clockwork.notice()
    assert emails(notice.to) == ["ana@acme.example", "ben@acme.example", "dee@acme.example"]
    assert emails(notice.cc) == [MAX]


@pytest.mark.rule("A8", "A10", "A19")
@pytest.mark.parametrize("days", [120, 90])
async def test_under_partner_only_the_point_of_contact_is_addressed(clockwork: Clockwork, days: int) -> None:
    await clockwork.default_owner("PARTNER", clockwork.world.ours.member)
    await clockwork.renewal(days)
    await clockwork.decide()
    notice = await clockwork.notice()
    assert (emails(notice.to), emails(notice.cc), notice.owner) == ([MAX], [], "PARTNER")


@pytest.mark.rule("A11", "A16", "A17")
async def test_the_owner_is_the_one_of_the_moment_of_deciding(clockwork: Clockwork) -> None:
    await clockwork.default_owner("HUBSPOT")
    await clockwork.renewal(121)
    await clockwork.own_owner("PARTNER", clockwork.world.ours.admin)
    await clockwork.pass_days(1)
    await clockwork.follow_default()
    await clockwork.pass_days(30)
    assert [emails(notice.to) for notice in await clockwork.notices()] == [[ADA], ["ana@acme.example"]]


@pytest.mark.rule("C11")
async def test_what_changes_afterwards_does_not_change_the_record(clockwork: Clockwork) -> None:
    await clockwork.default_owner("HUBSPOT", clockwork.world.ours.member)
    renewal = await clockwork.renewal(120)
    await clockwork.decide()
    before = await clockwork.notice()
    await clockwork.default_owner("PARTNER", clockwork.world.ours.admin)
    await clockwork.contact("Ben", BILLING)
    await clockwork.change(clockwork.world.ours.member, name="Maxine", email="maxine@northwind.example")
    await clockwork.deactivate(clockwork.world.ours.member)
    assert await clockwork.decide() == 0
    [after] = await clockwork.notices(renewal)
    frozen = ("owner", "to", "cc", "explanation")
    assert [getattr(after, name) for name in frozen] == [getattr(before, name) for name in frozen]
    assert emails(after.cc) == [MAX]


@pytest.mark.rule("A14")
async def test_new_contacts_get_the_next_notice(clockwork: Clockwork) -> None:
    await clockwork.renewal(120)
    await clockwork.decide()
    await clockwork.contact("Ben", BILLING)
    await clockwork.pass_days(30)
    assert [emails(notice.to) for notice in await clockwork.notices()] == [
        ["ana@acme.example"],
        ["ana@acme.example", "ben@acme.example"],
    ]


@pytest.mark.rule("C9")
@pytest.mark.parametrize(
    ("gone", "asked"), [(["member"], [ADA]), (["member", "admin"], ["zoe@northwind.example"])]
)
async def test_an_inactive_contact_is_stood_in_for(
    clockwork: Clockwork, gone: list[str], asked: list[str]
) -> None:
    """First by the default's own contact, then by the partner's admins."""
    ours = clockwork.world.ours
    await clockwork.default_owner("HUBSPOT", ours.admin)
    await clockwork.own_owner("PARTNER", ours.member)
    for name in gone:
        await clockwork.deactivate(getattr(ours, name))
    if "admin" in gone:
        await clockwork.change(ours.pdm, name="Pat")  # staff are no stand-ins
        zoe = type(ours.admin)(
            name="Zoe", email="zoe@northwind.example", partner_id=ours.partner.id, role=Role.ADMIN,
            created_at=clockwork.clock(),
        )  # fmt: skip
        await clockwork.add(zoe)
    await clockwork.renewal(120)
    await clockwork.decide()
    notice = await clockwork.notice()
    assert (emails(notice.to), notice.cc) == (asked, [])
    assert "no longer active" in notice.explanation


@pytest.mark.rule("C9")
async def test_under_hubspot_an_inactive_contact_is_only_left_out(clockwork: Clockwork) -> None:
    await clockwork.default_owner("HUBSPOT", clockwork.world.ours.member)
    await clockwork.deactivate(clockwork.world.ours.member)
    await clockwork.renewal(120)
    await clockwork.decide()
    notice = await clockwork.notice()
    assert (emails(notice.to), notice.cc) == (["ana@acme.example"], [])
    assert "no longer active" in notice.explanation


@pytest.mark.rule("C9")
async def test_with_nobody_active_left_nobody_is_mailed_and_it_is_said(clockwork: Clockwork) -> None:
    ours = clockwork.world.ours
    await clockwork.default_owner("PARTNER", ours.member)
    for user in (ours.admin, ours.member):
        await clockwork.deactivate(user)
    await clockwork.renewal(120)
    await clockwork.decide()
    notice = await clockwork.notice()
    assert (notice.to, notice.cc, notice.mail_id) == ([], [], None)


@pytest.mark.rule("C10")
async def test_who_holds_several_roles_is_addressed_once(clockwork: Clockwork) -> None:
    client = clockwork.world.ours.clients[1]
    await clockwork.contact("Gil", PRIMARY, BILLING, DECISION_MAKER, client=client)
    await clockwork.renewal(120, client)
    await clockwork.decide()
    [gil] = (await clockwork.notice()).to
    assert gil["roles"] == ["PRIMARY", "BILLING", "DECISION_MAKER"]


@pytest.mark.rule("C10")
async def test_who_is_contact_and_point_of_contact_in_one_mailbox_is_addressed_once(
    clockwork: Clockwork,
) -> None:
    await clockwork.change(clockwork.world.ours.member, email="ana@acme.example")
    await clockwork.default_owner("HUBSPOT", clockwork.world.ours.member)
    await clockwork.renewal(120)
    await clockwork.decide()
    notice = await clockwork.notice()
    assert [one["roles"] for one in notice.to] == [["PRIMARY", "POINT_OF_CONTACT"]]
    assert notice.cc == []
