from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.demo.process import Surfaces

FIRMS = ["partner_admin", "other_partner_admin"]
LINK = """{ viewer { partner { confirmationLinks(first: 100, orderBy: { field: CREATED_AT, direction: ASC }) {
    totalCount nodes { name status stage createdAt client { name } decision { reason } createdBy { name } } } } } }"""
CLIENTS = """{ viewer { partner { clients(first: 100) { nodes {
    externalId contacts { email roles locale } renewals(first: 5) { nodes {
        externalId renewsOn currentMrr { amount currency } renewalManager { name } } } } } } } }"""
OWNERS = """{ viewer { partner { clients(first: 100) { nodes {
    renewalOwnership { owner source } renewalNotices(first: 10) { nodes { status } } } } } } }"""
TOLD = """{ viewer { partner {
    sharedDeals(first: 1, filter: { search: "bluebird" }) { nodes { activities(first: 50) { nodes { kind } } } }
    events(first: 100) { events { occurredAt } } } } }"""
DEALS = "{ deals(first: 100) { nodes { __typename name externalId partner { name } client { name } } } }"


async def nodes(surfaces: Surfaces, document: str, who: str, field: str) -> list[dict[str, Any]]:
    answer = await surfaces.ask(document, who)
    found: list[dict[str, Any]] = answer["viewer"]["partner"][field]["nodes"]
    return found


@pytest.mark.parametrize(
    ("who", "name", "partner", "scopes"),
    [
        ("partner_admin", "Nora Lindqvist", "Northwind Digital", 5),
        ("partner_member", "Ben Carter", "Northwind Digital", 4),
        ("other_partner_admin", "Lucía Ferrer", "Aurora Marketing, S.L.", 5),
        ("cam", "Grace Holloway", None, 4),
        ("pdm", "Marcus Webb", None, 4),
        ("other_cam", "Inés Carrasco", None, 4),
        ("staff_admin", "Samir Haddad", None, 2),
        ("checkout", "Checkout", None, 2),
        ("crm_sync", "CRM sync", None, 2),
    ],
)
async def test_every_token_is_its_owner_s(
    surfaces: Surfaces, who: str, name: str, partner: str | None, scopes: int
) -> None:
    answer = await surfaces.ask("{ viewer { actor { name } partner { name } scopes } }", who)
    assert answer["viewer"]["actor"] == {"name": name}
    assert answer["viewer"]["partner"] == ({"name": partner} if partner else None)
    assert len(answer["viewer"]["scopes"]) == scopes


async def test_cam_and_pdm_are_those_of_the_first_partner(surfaces: Surfaces) -> None:
    team = "channelAccountManager { name } partnerDevelopmentManager { name }"
    document = f"{{ viewer {{ partner {{ {team} users {{ name }} }} }} }}"
    ours = (await surfaces.ask(document, "partner_admin"))["viewer"]["partner"]
    theirs = (await surfaces.ask(document, "other_partner_admin"))["viewer"]["partner"]
    assert ours["channelAccountManager"] == {"name": "Grace Holloway"}
    assert ours["partnerDevelopmentManager"] == {"name": "Marcus Webb"}
    assert theirs["channelAccountManager"] == {"name": "Inés Carrasco"}
    assert len(ours["users"]) >= 4
    assert len(theirs["users"]) >= 3


@pytest.mark.parametrize("who", FIRMS)
async def test_clients_have_contacts_but_for_the_two_that_try_the_rules(surfaces: Surfaces, who: str) -> None:
    clients = await nodes(surfaces, CLIENTS, who, "clients")
    roles = [{role for contact in client["contacts"] for role in contact["roles"]} for client in clients]
    assert len(clients) == 30
    assert Counter(len(held) for held in roles) == {3: 28, 2: 1, 0: 1}
    assert {"PRIMARY", "DECISION_MAKER"} in roles
    assert {contact["locale"] for client in clients for contact in client["contacts"]} == {"EN", "ES"}
    assert all(client["externalId"] for client in clients)


@pytest.mark.parametrize("who", FIRMS)
async def test_every_client_renews_within_150_days(surfaces: Surfaces, who: str) -> None:
    clients = await nodes(surfaces, CLIENTS, who, "clients")
    renewals = [renewal for client in clients for renewal in client["renewals"]["nodes"]]
    today = datetime.now(UTC).date()
    days = sorted((date.fromisoformat(renewal["renewsOn"]) - today).days for renewal in renewals)
    managed = [renewal for renewal in renewals if renewal["renewalManager"]]
    assert len(renewals) == 30
    assert days[0] >= 0
    assert days[-1] <= 150
    assert 0 < len(managed) < len(renewals)
    assert all(renewal["currentMrr"] and renewal["externalId"] for renewal in renewals)


async def test_each_partner_has_twelve_shared_deals_and_two_direct_ones(surfaces: Surfaces) -> None:
    deals = (await surfaces.ask(DEALS, "staff_admin"))["deals"]["nodes"]
    kinds = Counter((deal["partner"]["name"], deal["__typename"]) for deal in deals)
    assert sorted(kinds.values()) == [2, 2, 12, 12]
    assert all(deal["externalId"] and deal["client"] for deal in deals)
    seen = (await surfaces.ask(DEALS, "cam"))["deals"]["nodes"]
    assert len(seen) == 14


@pytest.mark.parametrize("who", FIRMS)
async def test_links_have_come_as_far_as_links_can(surfaces: Surfaces, who: str) -> None:
    links = await nodes(surfaces, LINK, who, "confirmationLinks")
    stages = Counter(link["stage"] for link in links)
    assert stages == {"UNASSIGNED": 8, "ASSIGNED": 7, "SENT": 6, "VIEWED": 6, "DECIDED": 13}
    assert Counter(link["status"] for link in links) == {"PENDING": 27, "CONFIRMED": 9, "REJECTED": 4}
    assert all(link["decision"]["reason"] for link in links if link["status"] == "REJECTED")
    assert len({link["createdBy"]["name"] for link in links}) >= 3


@pytest.mark.parametrize("who", FIRMS)
async def test_links_were_made_one_after_the_other_over_weeks(surfaces: Surfaces, who: str) -> None:
    links = await nodes(surfaces, LINK, who, "confirmationLinks")
    made = [datetime.fromisoformat(link["createdAt"]) for link in links]
    assert all(earlier < later for earlier, later in pairwise(made))
    assert made[-1] < datetime.now(UTC)
    assert made[-1] - made[0] > timedelta(weeks=5)


async def test_timelines_and_events_tell_what_happened_in_its_order(surfaces: Surfaces) -> None:
    answer = await surfaces.ask(TOLD, "partner_admin")
    [deal] = answer["viewer"]["partner"]["sharedDeals"]["nodes"]
    events = [event["occurredAt"] for event in answer["viewer"]["partner"]["events"]["events"]]
    kinds = {line["kind"] for line in deal["activities"]["nodes"]}
    assert kinds == {"LINK_ATTACHED", "LINK_SENT", "LINK_REJECTED", "LINK_CONFIRMED"}
    assert len(events) == 100
    assert events == sorted(events)


async def test_requests_are_open_declined_and_fulfilled(surfaces: Surfaces) -> None:
    document = "{ attachmentRequests(first: 10) { nodes { status message declinedBecause } } }"
    for who in FIRMS:
        requests = (await surfaces.ask(document, who))["attachmentRequests"]["nodes"]
        assert Counter(asked["status"] for asked in requests) == {"OPEN": 1, "DECLINED": 1, "FULFILLED": 2}


async def test_people_have_read_what_is_old(surfaces: Surfaces) -> None:
    counts = "notifications(first: 1) { totalCount } unread: notifications(first: 1, unreadOnly: true) { totalCount }"
    viewer = (await surfaces.ask(f"{{ viewer {{ {counts} }} }}", "cam"))["viewer"]
    assert 0 < viewer["unread"]["totalCount"] < 20 < viewer["notifications"]["totalCount"]


async def test_renewals_have_owners_and_every_notice_due_so_far_has_gone_out(surfaces: Surfaces) -> None:
    clients = await nodes(surfaces, OWNERS, "partner_admin", "clients")
    owners = Counter(
        (client["renewalOwnership"]["owner"], client["renewalOwnership"]["source"]) for client in clients
    )
    notices = [notice for client in clients for notice in client["renewalNotices"]["nodes"]]
    statuses = Counter(notice["status"] for notice in notices)
    assert owners == {("HUBSPOT", "PARTNER_DEFAULT"): 29, ("PARTNER", "CLIENT_OVERRIDE"): 1}
    assert set(statuses) == {"SENT", "NO_RECIPIENTS"}
    assert statuses["SENT"] > 20
