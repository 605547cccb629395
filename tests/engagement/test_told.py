"""Who is told of the client's answer, in the app and by mail."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.models import rows
from graphql_api.models.by import By
from graphql_api.models.renewal_ownership import RenewalOwner
from tests.api import Api
from tests.factories import World
from tests.mailbox import Mailbox
from tests.steps import confirm, reject

ADA, MAX = "ada@northwind.example", "max@northwind.example"
CAM, PDM = "cam.northwind@vendor.example", "pdm.northwind@vendor.example"
NEWS = "{ viewer { notifications { nodes { kind title body subject { id } } } } }"


async def change(world: World, row: Any, **values: Any) -> None:
    """Change a row as the vendor's systems would."""
    async with world.database.write(By(None, "CRM")) as writing:
        found = await writing.session.get_one(type(row), row.id)
        for name, value in values.items():
            setattr(found, name, value)


async def name_default_contact(world: World, user: rows.PartnerUser) -> None:
    """Make the user the point of contact that our default names."""
    async with world.database.write(By(None, "Test")) as writing:
        default = rows.RenewalOwnership(
            partner_id=world.ours.partner.id, owner=RenewalOwner.PARTNER, point_of_contact_id=user.id,
            version=1, set_at=writing.now, set_by_id=user.id,
        )  # fmt: skip
        writing.session.add(default)


async def told(api: Api, who: str) -> list[dict[str, Any]]:
    """What somebody is told about answers, newest first."""
    nodes = (await api.ask(NEWS, who))["viewer"]["notifications"]["nodes"]
    return [node for node in nodes if node["kind"] in {"LINK_CONFIRMED", "LINK_REJECTED"}]


@pytest.mark.rule("B24", "B25", "C3")
async def test_a_confirmation_is_told_to_its_author_and_to_cam_and_pdm(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    link = await world.link()
    await mailbox.new()
    await confirm(api, link)
    letters = await mailbox.new()
    assert [(letter.kind, letter.to) for letter in letters] == [
        ("link_confirmed", to) for to in (ADA, CAM, PDM)
    ]
    for letter in letters:
        assert letter.subject_id == str(link.node_id)
        assert all(words in letter.text for words in ("Proof for Acme", "Ana Ruiz", "ana@acme.example"))
    for who in ("partner_admin", "cam", "pdm"):
        [news] = await told(api, world.tokens[who])
        assert (news["kind"], news["subject"]) == ("LINK_CONFIRMED", {"id": str(link.node_id)})
    assert await told(api, world.tokens["partner_member"]) == []


@pytest.mark.rule("B24", "B26", "C4")
async def test_a_rejection_with_its_reason_is_told_to_the_partner_only(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    link = await world.link()
    await mailbox.new()
    await reject(api, link, reason="We bought from\nsomebody else.")
    [letter] = await mailbox.new()
    assert (letter.kind, letter.to) == ("link_rejected", ADA)
    for line in ("We bought from", "somebody else."):
        assert line in letter.text
        assert line in letter.html
    assert [news["body"] for news in await told(api, world.tokens["partner_admin"])] == [
        "We bought from\nsomebody else."
    ]
    for who in ("cam", "pdm"):
        assert await told(api, world.tokens[who]) == []


@pytest.mark.rule("C21")
async def test_the_default_point_of_contact_is_told_too_and_the_same_person_once(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    first, second = await world.link(), await world.link()
    await mailbox.new()
    await name_default_contact(world, world.ours.member)
    await reject(api, first)
    assert await mailbox.sent() == [("link_rejected", ADA), ("link_rejected", MAX)]
    await change(world, world.ours.member, is_active=False)
    await reject(api, second)
    assert await mailbox.sent() == [("link_rejected", ADA)]


@pytest.mark.rule("C21")
async def test_an_author_who_is_the_point_of_contact_gets_one_mail(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    link = await world.link()
    await name_default_contact(world, world.ours.admin)
    await mailbox.new()
    await reject(api, link)
    assert await mailbox.sent() == [("link_rejected", ADA)]
    assert len(await told(api, world.tokens["partner_admin"])) == 1


@pytest.mark.rule("C21")
async def test_when_the_author_has_left_the_point_of_contact_is_told_and_else_the_admins(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    made = await api.change(
        "createConfirmationLink", world.tokens["partner_member"], "confirmationLink { id url }",
        name="By Max", products=world.chosen("MKT-PRO"),
    )  # fmt: skip
    await change(world, world.ours.member, is_active=False)
    await mailbox.new()
    token = made["confirmationLink"]["url"].rsplit("/", 1)[1]
    await reject(api, await world.link(), token=token)
    letters = [letter for letter in await mailbox.sent() if letter[0] == "link_rejected"]
    assert letters == [("link_rejected", ADA)]


@pytest.mark.rule("C21")
async def test_a_link_that_the_cam_made_is_answered_to_the_admins(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    made = await api.change(
        "createConfirmationLink", world.tokens["cam"], "confirmationLink { url createdBy { name } }",
        name="By Cam", products=world.chosen("MKT-PRO"), partnerId=str(world.ours.partner.node_id),
    )  # fmt: skip
    await mailbox.new()
    token = made["confirmationLink"]["url"].rsplit("/", 1)[1]
    await api.change(
        "rejectEngagement", None, "invitation { status }",
        token=token, name="Ana", email="ana@acme.example", reason="No", seenVersion=1,
    )  # fmt: skip
    assert await mailbox.sent() == [("link_rejected", ADA)]


@pytest.mark.rule("C3", "B18")
async def test_one_person_who_is_cam_and_pdm_is_told_once(api: Api, world: World, mailbox: Mailbox) -> None:
    async with world.database.write(By(None, "CRM")) as writing:
        place = (world.ours.partner.id, "PARTNER_DEVELOPMENT_MANAGER")
        (await writing.session.get_one(rows.Assignment, place)).staff_member_id = world.ours.cam.id
    link = await world.link()
    assert await mailbox.sent() == [("link_created", CAM)]
    await confirm(api, link)
    assert await mailbox.sent() == [("link_confirmed", ADA), ("link_confirmed", CAM)]
    assert len(await told(api, world.tokens["cam"])) == 1


@pytest.mark.rule("C3", "B25")
async def test_without_cam_and_pdm_the_answer_counts_and_the_partner_hears(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    async with world.database.write(By(None, "CRM")) as writing:
        for position in ("CHANNEL_ACCOUNT_MANAGER", "PARTNER_DEVELOPMENT_MANAGER"):
            place = (world.ours.partner.id, position)
            await writing.session.delete(await writing.session.get_one(rows.Assignment, place))
    link = await world.link()
    assert await mailbox.sent() == []
    await confirm(api, link)
    assert await mailbox.sent() == [("link_confirmed", ADA)]
    alerts = "{ partner { summary { confirmedLinks alerts { code } } } }"
    summary = (await api.ask(alerts, world.tokens["partner_admin"]))["partner"]["summary"]
    assert summary == {"confirmedLinks": 1, "alerts": [{"code": "NO_ACCOUNT_MANAGER"}]}
