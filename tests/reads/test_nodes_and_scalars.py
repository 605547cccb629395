"""Things by their ids, the event stream page by page, and how values are written."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from graphql_api.models import rows
from graphql_api.models.by import By
from graphql_api.models.keys import new_key
from graphql_api.models.node_id import NodeKind
from tests.access.places import things_of
from tests.api import Api
from tests.confirmation_links.steps import id_of
from tests.factories import World

EVENTS = """query($id: ID, $after: Cursor, $first: Int) { partner(id: $id) {
  eventCursor events(after: $after, first: $first) { endCursor hasMore events { cursor kind subjectId subject { id } } }
} }"""


async def test_every_kind_of_node_is_found_by_its_id_under_its_own_type(api: Api, world: World) -> None:
    things = await things_of(api, world, world.ours, (world.tokens["partner_admin"], world.tokens["cam"]))
    kinds = {
        "partner": "Partner",
        "user": "PartnerUser",
        "cam": "StaffMember",
        "machine": "Integration",
        "client": "Client",
        "contact": "ClientContact",
        "link": "ConfirmationLink",
        "deal": "SharedDeal",
        "direct deal": "DirectDeal",
        "activity": "DealActivity",
        "request": "AttachmentRequest",
        "checkout": "Checkout",
        "notification": "Notification",
        "audit entry": "AuditEntry",
        "renewal": "Renewal",
    }
    ids = [things.id(kind) for kind in kinds] + [id_of(world.products["MKT-PRO"])]
    found = await api.ask(
        "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", world.tokens["cam"], ids=ids
    )
    assert found["nodes"] == [
        {"__typename": type_, "id": id_} for type_, id_ in zip([*kinds.values(), "Product"], ids, strict=True)
    ]
    token = await api.ask(
        "query($id: ID!) { node(id: $id) { __typename } }",
        world.tokens["partner_admin"],
        id=things.id("token"),
    )
    assert token == {"node": {"__typename": "ApiToken"}}
    assert len(kinds) + 2 >= len(NodeKind) - 1


async def test_nodes_keep_their_order_with_null_for_what_is_not_there_and_twice_what_is_asked_twice(
    api: Api, world: World
) -> None:
    link, client = id_of(await world.link()), id_of(world.ours.clients[0])
    malformed = [
        "",
        "?",
        "A" * 23 + "!",
        "A" * 24,
        "=" * 24,
        "cm4" + "A" * 21,
        "x" * 100_000,
        "\x00",
        "é" * 24,
    ]
    ids = [
        client,
        link,
        *malformed,
        client,
        id_of(world.theirs.clients[0]),
        id_of(rows.Deal(id=new_key())),
        link,
    ]
    found = await api.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", world.tokens["cam"], ids=ids)
    nothing = [None] * len(malformed)
    assert found["nodes"] == [
        {"id": client},
        {"id": link},
        *nothing,
        {"id": client},
        None,
        None,
        {"id": link},
    ]
    assert await api.ask("{ nodes(ids: []) { id } }", world.tokens["cam"]) == {"nodes": []}
    for id_ in malformed:
        one = """query($id: ID!) {
          node(id: $id) { id } client(id: $id) { id } sharedDeal(id: $id) { id } partner(id: $id) { id }
        }"""
        assert set((await api.ask(one, world.tokens["cam"], id=id_)).values()) == {None}, id_[:9]


async def test_many_nodes_at_once_are_no_trouble(api: Api, world: World) -> None:
    ids = [id_of(rows.Client(id=new_key())) for _ in range(5_000)]
    found = await api.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", world.tokens["cam"], ids=ids)
    assert found["nodes"] == [None] * 5_000


async def test_a_deal_is_asked_for_by_exactly_one_of_its_ids(api: Api, world: World) -> None:
    deal = world.ours.direct
    assert deal
    ask = "query($id: ID, $external: String) { deal(id: $id, externalId: $external) { __typename id externalId } }"
    expected = {"__typename": "DirectDeal", "id": id_of(deal), "externalId": deal.external_id}
    right: list[dict[str, Any]] = [
        {"id": id_of(deal)},
        {"external": deal.external_id},
        {"id": id_of(deal), "external": None},
    ]
    for given in right:
        assert await api.ask(ask, world.tokens["cam"], **given) == {"deal": expected}
    wrong: list[dict[str, Any]] = [{}, {"id": None}, {"id": id_of(deal), "external": deal.external_id}]
    for given in wrong:
        assert await api.code(ask, world.tokens["cam"], **given) == "BAD_USER_INPUT"
    shared = "query($id: ID!) { sharedDeal(id: $id) { id } }"
    assert await api.ask(shared, world.tokens["cam"], id=id_of(deal)) == {"sharedDeal": None}


@pytest.mark.rule("D1", "D2")
async def test_events_come_page_by_page_without_gap_or_repeat(api: Api, world: World) -> None:
    links = [await world.link(name=str(n)) for n in range(5)]
    token, after, seen = world.tokens["partner_member"], None, list[str]()
    while True:
        page = (await api.ask(EVENTS, token, after=after, first=2))["partner"]["events"]
        cursors = [event["cursor"] for event in page["events"]]
        assert cursors == sorted(cursors)
        assert after is None or not cursors or after < cursors[0]
        seen += [event["subjectId"] for event in page["events"]]
        after = page["endCursor"]
        if not page["hasMore"]:
            break
    assert seen == [id_of(link) for link in links]
    again = (await api.ask(EVENTS, token, after=after))["partner"]
    assert again["events"] == {"endCursor": after, "hasMore": False, "events": []}
    assert again["eventCursor"] == after


async def test_events_refuse_other_sizes_and_cursors_of_other_streams(api: Api, world: World) -> None:
    await world.link(world.theirs)
    await world.link(world.theirs)
    token = world.tokens["partner_admin"]
    foreign = (await api.ask(EVENTS, world.tokens["other_partner_admin"]))["partner"]["eventCursor"]
    ahead = api.app.service.cursors.at(world.ours.partner.id, 7)
    for bad in (foreign, ahead, "", "x", "0" * 32, "\x00" * 32, "é" * 32, foreign.lower(), "A" * 99_999):
        assert await api.code(EVENTS, token, after=bad) == "BAD_CURSOR", bad[:9]
    for size in (0, -1, 101):
        assert await api.code(EVENTS, token, first=size) == "BAD_USER_INPUT"
    empty = (await api.ask(EVENTS, token, first=None))["partner"]
    assert empty["events"] == {"endCursor": empty["eventCursor"], "hasMore": False, "events": []}


async def test_an_events_subject_is_null_for_what_is_gone(api: Api, world: World) -> None:
    link = await world.link()
    await api.change("deleteConfirmationLink", world.tokens["partner_admin"], "deletedId", id=id_of(link))
    events = (await api.ask(EVENTS, world.tokens["partner_admin"]))["partner"]["events"]["events"]
    assert [(event["kind"], event["subjectId"], event["subject"]) for event in events] == [
        ("LINK_CREATED", id_of(link), None),
        ("LINK_DELETED", id_of(link), None),
    ]


async def test_moments_and_days_are_written_in_utc_and_iso(api: Api, world: World) -> None:
    link = await world.link()
    read = await api.ask(
        "query($id: ID!) { confirmationLink(id: $id) { createdAt } }", world.tokens["cam"], id=id_of(link)
    )
    written = read["confirmationLink"]["createdAt"]
    assert written.endswith("Z")
    assert datetime.fromisoformat(written) == link.created_at


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        ("1250.5", "EUR", "1250.50"),
        ("1250.5000", "USD", "1250.50"),
        ("1250", "JPY", "1250"),
        ("0.0001", "EUR", "0.0001"),
        ("-3.1", "EUR", "-3.10"),
        ("1.5", "KWD", "1.500"),
        ("999999999999.9999", "EUR", "999999999999.9999"),
        ("0", "EUR", "0.00"),
        ("1250.5", "JPY", "1250.5"),
        ("100", "EUR", "100.00"),
    ],
)
async def test_money_is_a_decimal_with_the_places_of_its_currency(
    api: Api, world: World, amount: str, currency: str, written: str
) -> None:
    deal = await sold(world, Decimal(amount), currency)
    ask = "query($id: ID!) { sharedDeal(id: $id) { amount { amount currency } closesOn } }"
    read = (await api.ask(ask, world.tokens["partner_member"], id=id_of(deal)))["sharedDeal"]
    assert read == {"amount": {"amount": written, "currency": currency}, "closesOn": "2026-02-28"}


async def sold(world: World, amount: Decimal, currency: str) -> rows.Deal:
    async with world.database.write(By(None, "Test")) as writing:
        deal = await writing.session.get_one(rows.Deal, world.ours.shared[0].id)
        deal.amount, deal.currency, deal.closes_on = amount, currency, date(2026, 2, 28)
        return deal


async def test_who_asks_is_told_who_they_are(api: Api, world: World) -> None:
    ask = """{ viewer { scopes partner { name } actor { __typename id name
      ... on PartnerUser { email role isActive partner { id } } ... on StaffMember { staffRole: role } } } }"""
    user: Any = (await api.ask(ask, world.tokens["partner_admin"]))["viewer"]
    assert user["scopes"] == ["READ", "LINKS_WRITE", "RENEWALS_WRITE", "DEALS_WRITE", "ADMIN"]
    assert (user["partner"]["name"], user["actor"]["role"], user["actor"]["isActive"]) == (
        "Northwind Digital",
        "ADMIN",
        True,
    )
    staff = (await api.ask(ask, world.tokens["cam"]))["viewer"]
    assert (staff["partner"], staff["actor"]["staffRole"]) == (None, "CHANNEL_ACCOUNT_MANAGER")
    machine = (await api.ask(ask, world.tokens["checkout"]))["viewer"]
    assert (machine["partner"], machine["actor"]["__typename"]) == (None, "Integration")
    assert await api.ask("{ partner { id } }", world.tokens["cam"]) == {"partner": None}
