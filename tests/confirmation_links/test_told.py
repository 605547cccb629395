"""Who is told of a link: in the application, and by mail."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from graphql_api.models import rows
from graphql_api.models.by import By
from tests.api import Api
from tests.confirmation_links.steps import all_of, confirm, id_of, reject, subjects_to
from tests.factories import World
from tests.setting import set_rows

BELL = "{ viewer { notifications { nodes { kind title subject { id ... on ConfirmationLink { name } } readAt } } } }"
SUMMARY = "query($id: ID!) { partner(id: $id) { summary { alerts { code message subject { id } } } } }"


async def create(api: Api, world: World, name: str = "Proof") -> None:
    given = {"name": name, "products": world.chosen("MKT-PRO")}
    await api.change("createConfirmationLink", world.tokens["partner_admin"], "cursor", **given)


async def bell(api: Api, token: str) -> list[dict[str, object]]:
    read = await api.ask(BELL, token)
    return [dict(told) for told in read["viewer"]["notifications"]["nodes"]]


@pytest.mark.rule("B18", "C3")
async def test_cam_and_pdm_are_told_of_a_new_link_in_the_application_and_by_mail(
    api: Api, world: World
) -> None:
    await create(api, world, "Proof <b>")
    for who in ("cam", "pdm"):
        [told] = await bell(api, world.tokens[who])
        assert (told["kind"], told["readAt"]) == ("LINK_CREATED", None)
        assert "Proof <b>" in str(told["title"])
        assert isinstance(told["subject"], dict)
        assert told["subject"]["name"] == "Proof <b>"
    mails = await subjects_to(world.database)
    assert set(mails) == {world.ours.cam.email, world.ours.pdm.email}
    assert all(len(subjects) == 1 and "Proof <b>" in subjects[0] for subjects in mails.values())
    for who in ("partner_admin", "other_cam", "staff_admin"):
        assert await bell(api, world.tokens[who]) == []


@pytest.mark.rule("B18", "B35")
async def test_a_clone_is_a_created_link_too(api: Api, world: World) -> None:
    link = await world.link()
    await api.change("cloneConfirmationLink", world.tokens["partner_admin"], "cursor", id=id_of(link))
    assert [told["kind"] for told in await bell(api, world.tokens["pdm"])] == ["LINK_CREATED"] * 2


@pytest.mark.rule("C3")
async def test_one_person_who_is_both_cam_and_pdm_is_told_once(api: Api, world: World) -> None:
    ours = rows.Assignment.partner_id == world.ours.partner.id
    await set_rows(world.database, rows.Assignment, ours, staff_member_id=world.ours.cam.id)
    await create(api, world)
    assert len(await bell(api, world.tokens["cam"])) == 1
    assert {who: len(mails) for who, mails in (await subjects_to(world.database)).items()} == {
        world.ours.cam.email: 1
    }
    assert await bell(api, world.tokens["pdm"]) == []


async def leave_alone(world: World) -> None:
    """Take our partner's CAM and PDM away."""
    async with world.database.write(By(None, "Test")) as writing:
        ours = rows.Assignment.partner_id == world.ours.partner.id
        for place in await writing.session.scalars(select(rows.Assignment).where(ours)):
            await writing.session.delete(place)


@pytest.mark.rule("C3")
async def test_without_cam_and_pdm_the_link_works_and_an_alert_says_so(api: Api, world: World) -> None:
    ours = {"id": id_of(world.ours.partner)}
    assert (await api.ask(SUMMARY, world.tokens["partner_admin"], **ours))["partner"]["summary"][
        "alerts"
    ] == []
    await leave_alone(world)
    await create(api, world)
    assert await subjects_to(world.database) == {}
    for who in ("partner_admin", "staff_admin"):
        [alert] = (await api.ask(SUMMARY, world.tokens[who], **ours))["partner"]["summary"]["alerts"]
        assert (alert["code"], alert["subject"]) == ("NO_ACCOUNT_MANAGER", ours)


@pytest.mark.rule("C3")
async def test_a_cam_and_a_pdm_who_have_left_look_after_nobody(api: Api, world: World) -> None:
    both = rows.StaffMember.id.in_([world.ours.cam.id, world.ours.pdm.id])
    await set_rows(world.database, rows.StaffMember, both, is_active=False)
    ours = {"id": id_of(world.ours.partner)}
    summary = (await api.ask(SUMMARY, world.tokens["staff_admin"], **ours))["partner"]["summary"]
    assert [alert["code"] for alert in summary["alerts"]] == ["NO_ACCOUNT_MANAGER"]
    await create(api, world)
    assert await subjects_to(world.database) == {}


async def test_of_many_alerts_the_first_fifty_are_told(api: Api, world: World) -> None:
    for _ in range(30):
        await world.link()
    everyone = rows.OutboxMail.partner_id == world.ours.partner.id
    gone = {"refused": ["gone@vendor.example"], "has_refusals": True}
    await set_rows(world.database, rows.OutboxMail, everyone, **gone)
    await leave_alone(world)
    read = await api.ask(SUMMARY, world.tokens["partner_admin"], id=id_of(world.ours.partner))
    codes = [alert["code"] for alert in read["partner"]["summary"]["alerts"]]
    assert codes == ["NO_ACCOUNT_MANAGER"] + ["EMAIL_UNDELIVERABLE"] * 49


@pytest.mark.rule("B24", "B25", "B26", "C4")
async def test_of_an_answer_the_partner_hears_and_cam_and_pdm_only_of_a_yes(api: Api, world: World) -> None:
    yes, no = await world.link(name="Yes"), await world.link(name="No")
    await confirm(api, yes)
    await reject(api, no)
    for who, kinds in {"cam": ["LINK_CONFIRMED"], "pdm": ["LINK_CONFIRMED"]}.items():
        assert [
            told["kind"] for told in await bell(api, world.tokens[who]) if told["kind"] != "LINK_CREATED"
        ] == kinds
    [rejected] = [
        mail for mail in await mails_to(world, world.ours.admin.email) if mail.kind == "link_rejected"
    ]
    assert "We buy from somebody else" in rejected.text
    assert "We buy from somebody else" in rejected.html


async def mails_to(world: World, address: str | None) -> list[rows.OutboxMail]:
    mails = await all_of(world.database, rows.OutboxMail)
    return [mail for mail in mails if address in {recipient["email"] for recipient in mail.recipients}]


async def test_marking_as_read_keeps_the_first_time_and_touches_only_ones_own(api: Api, world: World) -> None:
    await create(api, world)
    ask = "{ viewer { notifications(unreadOnly: true) { totalCount nodes { id } } } }"
    [mine] = (await api.ask(ask, world.tokens["cam"]))["viewer"]["notifications"]["nodes"]
    [other] = (await api.ask(ask, world.tokens["pdm"]))["viewer"]["notifications"]["nodes"]
    refused = await api.change(
        "markNotificationsRead", world.tokens["cam"], "notifications { id }", ids=[mine["id"], other["id"]]
    )
    assert refused["userErrors"][0]["field"] == ["ids", "1"]
    read = await api.change(
        "markNotificationsRead", world.tokens["cam"], "notifications { readAt }", ids=[mine["id"], mine["id"]]
    )
    again = await api.change(
        "markNotificationsRead", world.tokens["cam"], "notifications { readAt }", ids=[mine["id"]]
    )
    assert read == again
    assert (await api.ask(ask, world.tokens["cam"]))["viewer"]["notifications"]["totalCount"] == 0
    assert (await api.ask(ask, world.tokens["pdm"]))["viewer"]["notifications"]["totalCount"] == 1
