"""What the API, the partner's stream and its people hear of a notice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from graphql_api.jobs.outbox import OUTBOX, deliver_due
from graphql_api.mail.outbox import retry
from graphql_api.mail.transports import transport_of
from tests.mailbox import Mailbox
from tests.renewals.clock.clockwork import PRIMARY, Clockwork

NOTICE = "id kind daysBefore owner status createdAt sentAt to { name email roles } cc { email roles } renewal { id }"
READ = f"""query($renewal: ID!, $client: ID!) {{
  renewal: node(id: $renewal) {{ ... on Renewal {{ notices {{ {NOTICE} }} }} }}
  client: node(id: $client) {{ ... on Client {{ renewalNotices(first: 10) {{ totalCount nodes {{ {NOTICE} }} }} }} }}
}}"""
ONE = f"query($id: ID!) {{ node(id: $id) {{ ... on RenewalNotice {{ {NOTICE} explanation }} }} }}"
ALERTS = "{ viewer { partner { summary { alerts { code message subject { id } } } } } }"


async def alerts(clockwork: Clockwork) -> list[tuple[str, str]]:
    """Code and subject of what our admin is alerted to."""
    found = await clockwork.api.ask(ALERTS, clockwork.world.tokens["partner_admin"])
    summary = found["viewer"]["partner"]["summary"]
    return [(alert["code"], alert["subject"]["id"]) for alert in summary["alerts"]]


async def read(clockwork: Clockwork, who: str, renewal: Any) -> dict[str, Any]:
    ids = {"renewal": str(renewal.node_id), "client": str(clockwork.acme.node_id)}
    return await clockwork.api.ask(READ, clockwork.world.tokens[who], **ids)


@pytest.mark.rule("C11", "A12")
async def test_a_notice_is_read_from_its_renewal_its_client_and_by_its_id(
    clockwork: Clockwork, mailbox: Mailbox
) -> None:
    await clockwork.default_owner("HUBSPOT", clockwork.world.ours.member)
    renewal = await clockwork.renewal(120)
    await clockwork.decide()
    found = await read(clockwork, "partner_admin", renewal)
    [notice] = found["renewal"]["notices"]
    assert found["client"]["renewalNotices"] == {"totalCount": 1, "nodes": [notice]}
    assert (notice["kind"], notice["daysBefore"], notice["owner"]) == ("NOTICE", 120, "HUBSPOT")
    assert notice["to"] == [{"name": "Ana", "email": "ana@acme.example", "roles": ["PRIMARY"]}]
    assert notice["cc"] == [{"email": "max@northwind.example", "roles": ["POINT_OF_CONTACT"]}]
    token = clockwork.world.tokens["cam"]
    one = (await clockwork.api.ask(ONE, token, id=notice["id"]))["node"]
    assert one.pop("explanation").startswith("HubSpot owns this renewal")
    assert one == notice
    assert await mailbox.sent() == [("renewal_notice", "ana@acme.example")]


@pytest.mark.rule("C11")
async def test_a_notice_is_queued_then_sent(clockwork: Clockwork, mailbox: Mailbox) -> None:
    renewal = await clockwork.renewal(120)
    await clockwork.decide()
    [queued] = (await read(clockwork, "partner_admin", renewal))["renewal"]["notices"]
    assert (queued["status"], queued["sentAt"]) == ("QUEUED", None)
    await mailbox.new()
    [sent] = (await read(clockwork, "partner_admin", renewal))["renewal"]["notices"]
    assert sent["status"] == "SENT"
    assert sent["sentAt"] >= sent["createdAt"]


async def test_a_notice_that_nobody_could_take_has_failed(clockwork: Clockwork) -> None:
    globex = clockwork.world.ours.clients[1]
    contact = await clockwork.contact("Gil", PRIMARY, client=globex)
    await clockwork.change(contact, email="no mailbox at all")
    renewal = await clockwork.renewal(120, globex)
    await clockwork.decide()
    out = transport_of(clockwork.settings.mail_url.get_secret_value())
    await deliver_due(clockwork.world.database, out, clockwork.settings)
    [notice] = (await read(clockwork, "partner_admin", renewal))["renewal"]["notices"]
    assert (notice["status"], notice["sentAt"]) == ("FAILED", None)
    assert await alerts(clockwork) == [("EMAIL_UNDELIVERABLE", notice["id"])]


async def test_a_notice_that_is_sent_again_is_queued_and_no_alert_until_it_fails_again(
    clockwork: Clockwork,
) -> None:
    globex, database = clockwork.world.ours.clients[1], clockwork.world.database
    contact = await clockwork.contact("Gil", PRIMARY, client=globex)
    await clockwork.change(contact, email="no mailbox at all")
    renewal = await clockwork.renewal(120, globex)
    await clockwork.decide()
    out = transport_of(clockwork.settings.mail_url.get_secret_value())
    for _ in range(2):
        await deliver_due(database, out, clockwork.settings)
        [notice] = (await read(clockwork, "partner_admin", renewal))["renewal"]["notices"]
        assert notice["status"] == "FAILED"
        assert await alerts(clockwork) == [("EMAIL_UNDELIVERABLE", notice["id"])]
        async with database.write(OUTBOX) as writing:
            assert await retry(writing, writing.now - timedelta(hours=1)) == 1
        [notice] = (await read(clockwork, "partner_admin", renewal))["renewal"]["notices"]
        assert notice["status"] == "QUEUED"
        assert await alerts(clockwork) == []


@pytest.mark.rule("C10")
async def test_a_client_without_contacts_is_an_alert_and_nobody_is_mailed(
    clockwork: Clockwork, mailbox: Mailbox
) -> None:
    globex = clockwork.world.ours.clients[1]
    await clockwork.default_owner("HUBSPOT", clockwork.world.ours.member)
    renewal = await clockwork.renewal(120, globex)
    assert await alerts(clockwork) == []
    await clockwork.decide()
    [notice] = (await read(clockwork, "partner_admin", renewal))["renewal"]["notices"]
    assert (notice["status"], notice["to"], notice["cc"]) == ("NO_RECIPIENTS", [], [])
    assert await alerts(clockwork) == [("NO_RENEWAL_RECIPIENTS", str(globex.node_id))]
    assert await mailbox.new() == []
    assert await told(clockwork, "partner_member") == []


@pytest.mark.rule("C10")
async def test_the_alert_ends_when_the_client_is_heard_again(clockwork: Clockwork, mailbox: Mailbox) -> None:
    globex = clockwork.world.ours.clients[1]
    await clockwork.renewal(120, globex)
    await clockwork.decide()
    await clockwork.default_owner("PARTNER", clockwork.world.ours.admin)
    await clockwork.pass_days(29)
    assert [code for code, _ in await alerts(clockwork)] == ["NO_RENEWAL_RECIPIENTS"]
    await clockwork.pass_days(1)
    assert await alerts(clockwork) == []
    assert await mailbox.sent() == [("renewal_reminder", "ada@northwind.example")]


@pytest.mark.rule("C10")
async def test_the_alert_ends_with_the_renewal(clockwork: Clockwork) -> None:
    renewal = await clockwork.renewal(120, clockwork.world.ours.clients[1])
    await clockwork.decide()
    assert len(await alerts(clockwork)) == 1
    await clockwork.change(renewal, status="RENEWED")
    assert await alerts(clockwork) == []


@pytest.mark.rule("C9")
@pytest.mark.parametrize("owner", ["HUBSPOT", "PARTNER"])
async def test_an_inactive_point_of_contact_is_an_alert(clockwork: Clockwork, owner: str) -> None:
    ours = clockwork.world.ours
    await clockwork.own_owner(owner, ours.member)
    assert await alerts(clockwork) == []
    await clockwork.deactivate(ours.member)
    assert await alerts(clockwork) == [("POINT_OF_CONTACT_INACTIVE", str(ours.member.node_id))]
    await clockwork.follow_default()
    assert await alerts(clockwork) == []


async def told(clockwork: Clockwork, who: str) -> list[tuple[str, str]]:
    """The notifications of one of our people."""
    fields = "kind title subject { ... on RenewalNotice { renewal { id } } }"
    document = f"{{ viewer {{ notifications(first: 10) {{ nodes {{ {fields} }} }} }} }}"
    found = await clockwork.api.ask(document, clockwork.world.tokens[who])
    nodes = found["viewer"]["notifications"]["nodes"]
    return [(node["title"], node["subject"]["renewal"]["id"]) for node in nodes]


@pytest.mark.rule("A9", "A10", "A16")
@pytest.mark.parametrize("owner", ["HUBSPOT", "PARTNER"])
async def test_the_point_of_contact_is_told_in_the_application(clockwork: Clockwork, owner: str) -> None:
    await clockwork.default_owner(owner, clockwork.world.ours.member)
    renewal = await clockwork.renewal(120)
    await clockwork.decide()
    title = f"{clockwork.acme.name} renews on {renewal.renews_on.isoformat()}"
    assert await told(clockwork, "partner_member") == [(title, str(renewal.node_id))]
    assert await told(clockwork, "partner_admin") == []


async def test_every_notice_is_an_event_of_its_partner(clockwork: Clockwork) -> None:
    for client in (*clockwork.world.ours.clients, clockwork.world.theirs.clients[0]):
        await clockwork.renewal(120, client)
    await clockwork.decide()
    events = await clockwork.events(clockwork.world.ours.partner)
    ours = clockwork.world.ours.partner.id
    notices = {notice.node_id for notice in await clockwork.notices() if notice.partner_id == ours}
    assert [(event.kind, event.position) for event in events] == [
        ("RENEWAL_NOTICE_QUEUED", position) for position in (1, 2, 3)
    ]
    assert {event.subject_id for event in events} == notices


@pytest.mark.rule("D10")
async def test_every_decision_is_in_the_audit_log(clockwork: Clockwork) -> None:
    await clockwork.default_owner("HUBSPOT", clockwork.world.ours.member)
    await clockwork.renewal(120)
    await clockwork.decide()
    document = (
        "{ viewer { partner { auditLog(first: 1) { nodes { action actorName changes { field after } } } } } }"
    )
    found = await clockwork.api.ask(document, clockwork.world.tokens["partner_admin"])
    [entry] = found["viewer"]["partner"]["auditLog"]["nodes"]
    assert (entry["action"], entry["actorName"]) == ("renewal_notice.decide", "Clock")
    changed = {change["field"]: change["after"] for change in entry["changes"]}
    assert (changed["to"], changed["cc"]) == ("ana@acme.example", "max@northwind.example")


@pytest.mark.rule("D10", "A1")
async def test_decisions_of_several_partners_stand_in_each_ones_own_audit_log(clockwork: Clockwork) -> None:
    for client in (clockwork.acme, clockwork.world.theirs.clients[0]):
        await clockwork.renewal(120, client)
    await clockwork.decide()
    document = "{ viewer { partner { auditLog(first: 9) { nodes { action subjectId } } } } }"
    for who, firm in (
        ("partner_admin", clockwork.world.ours),
        ("other_partner_admin", clockwork.world.theirs),
    ):
        found = await clockwork.api.ask(document, clockwork.world.tokens[who])
        logged = found["viewer"]["partner"]["auditLog"]["nodes"]
        decided = [one["subjectId"] for one in logged if one["action"] == "renewal_notice.decide"]
        notices = await clockwork.notices()
        assert decided == [str(one.node_id) for one in notices if one.partner_id == firm.partner.id]


@pytest.mark.rule("A1", "D12")
async def test_a_renewal_manager_sees_the_renewal_but_none_of_its_notices(clockwork: Clockwork) -> None:
    manager = await clockwork.manager()
    renewal = await clockwork.renewal(120, renewal_manager_id=manager.id)
    await clockwork.decide()
    found = await read(clockwork, "renewal_manager", renewal)
    assert found["renewal"] == {"notices": []}
    assert found["client"] == {"renewalNotices": {"totalCount": 0, "nodes": []}}
    token, notice = clockwork.world.tokens["renewal_manager"], await clockwork.notice()
    assert await clockwork.api.ask(ONE, token, id=str(notice.node_id)) == {"node": None}


@pytest.mark.rule("A1", "D12")
async def test_another_partner_and_its_cam_see_no_notice(clockwork: Clockwork) -> None:
    await clockwork.renewal(120)
    await clockwork.decide()
    notice = str((await clockwork.notice()).node_id)
    for who in ("other_partner_admin", "other_cam"):
        assert await clockwork.api.ask(ONE, clockwork.world.tokens[who], id=notice) == {"node": None}
