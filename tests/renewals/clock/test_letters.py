"""The mails of one client's notices, as they lie in the folder, under each owner."""

from __future__ import annotations

import pytest

from graphql_api.models.actor import Locale
from tests.mailbox import Letter, Mailbox
from tests.renewals.clock.clockwork import BILLING, DECISION_MAKER, Clockwork

ADA, MAX = "ada@northwind.example", "max@northwind.example"
CONTACTS = "ana@acme.example, ben@acme.example"


def cc_of(letter: Letter) -> str:
    header = letter.message["Cc"]
    return ", ".join(address.addr_spec for address in header.addresses) if header else ""


@pytest.fixture(autouse=True)
async def ben(clockwork: Clockwork) -> None:
    """Acme has two contacts, Ben with two roles."""
    await clockwork.contact("Ben", BILLING, DECISION_MAKER)


@pytest.mark.rule("A7", "A8", "A10", "A11", "A13", "A16", "A17", "C7", "C10")
async def test_one_client_under_hubspot_partner_an_override_and_cleared(
    clockwork: Clockwork, mailbox: Mailbox
) -> None:
    ours = clockwork.world.ours
    steps = [
        lambda: clockwork.default_owner("HUBSPOT", ours.member),
        lambda: clockwork.default_owner("PARTNER", ours.admin),
        lambda: clockwork.own_owner("HUBSPOT", ours.member),
        clockwork.follow_default,
    ]
    heard = []
    for days, step in zip((120, 90, 60, 50), steps, strict=True):
        await step()
        await clockwork.renewal(days)
        await clockwork.decide()
        [letter] = await mailbox.new()
        heard.append((letter.kind, letter.to, cc_of(letter)))
    assert heard == [
        ("renewal_notice", CONTACTS, MAX),
        ("renewal_reminder", ADA, ""),
        ("renewal_reminder", CONTACTS, MAX),
        ("renewal_reminder", ADA, ""),
    ]


@pytest.mark.rule("C10", "A7")
async def test_a_notice_is_one_mail_that_names_the_notice_and_the_renewal(
    clockwork: Clockwork, mailbox: Mailbox
) -> None:
    await clockwork.default_owner("HUBSPOT", clockwork.world.ours.member)
    renewal = await clockwork.renewal(120)
    await clockwork.decide()
    [letter] = await mailbox.new()
    assert letter.subject_id == str((await clockwork.notice()).node_id)
    for text in (letter.text, letter.html):
        assert clockwork.acme.name in text
        assert "Marketing Hub Professional" in text
        assert str(renewal.renews_on.year) in text
    assert "Max Northwind" in letter.text


@pytest.mark.rule("A16")
async def test_the_point_of_contact_is_asked_to_act_and_the_client_is_not_there(
    clockwork: Clockwork, mailbox: Mailbox
) -> None:
    await clockwork.own_owner("PARTNER", clockwork.world.ours.admin)
    await clockwork.renewal(120)
    await clockwork.decide()
    [letter] = await mailbox.new()
    assert "acme.example" not in letter.message.as_string()
    assert letter.to == ADA


@pytest.mark.rule("D11")
async def test_a_notice_comes_in_the_language_of_its_first_addressee(
    clockwork: Clockwork, mailbox: Mailbox
) -> None:
    globex = clockwork.world.ours.clients[1]
    await clockwork.contact("Gil", DECISION_MAKER, client=globex, locale=Locale.ES)
    await clockwork.renewal(120, globex)
    await clockwork.decide()
    [letter] = await mailbox.new()
    assert letter.message["Content-Language"] == "es"
