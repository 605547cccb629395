"""What the viewer may not see does not exist: on every path, in the same words (D12)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from graphql_api.access.sight import CONDITIONS
from graphql_api.models import rows
from graphql_api.models.keys import new_key
from graphql_api.schema.root import SCHEMA
from tests.access.places import Things, renewal_manager_of, things_of
from tests.api import Api, refusals
from tests.confirmation_links.steps import all_of, id_of, stored
from tests.factories import World

STRANGERS = ["other_partner_admin", "other_cam", "renewal_manager"]
HIDDEN_FROM_PARTNERS = {"direct deal", "direct checkout", "direct activity"}
OF_OTHERS = {"notification", "token"}
"""Everybody has their own."""

BY_ID = {
    "partner": "query($id: ID!) { partner(id: $id) { id } }",
    "client": "query($id: ID!) { client(id: $id) { id } }",
    "link": "query($id: ID!) { confirmationLink(id: $id) { id } }",
    "deal": "query($id: ID!) { sharedDeal(id: $id) { id } }",
}
UNKNOWN = {
    "partner": rows.Partner,
    "client": rows.Client,
    "link": rows.ConfirmationLink,
    "deal": rows.Deal,
    "request": rows.AttachmentRequest,
    "token": rows.ApiToken,
    "user": rows.PartnerUser,
    "notification": rows.Notification,
}
TARGETS: list[tuple[str, str, dict[str, Any]]] = [
    ("updateConfirmationLink id", "link", {"name": "Stolen"}),
    ("cloneConfirmationLink id", "link", {}),
    ("deleteConfirmationLink id", "link", {}),
    ("createConfirmationLink partnerId", "partner", {"name": "Stolen", "products": []}),
    ("attachConfirmationLink confirmationLinkId", "link", {"dealId": "own deal"}),
    ("attachConfirmationLink dealId", "deal", {"confirmationLinkId": "own link"}),
    ("detachConfirmationLink confirmationLinkId", "link", {"dealId": "own deal"}),
    ("detachConfirmationLink dealId", "deal", {"confirmationLinkId": "own link"}),
    ("requestConfirmationLinkAttachment confirmationLinkId", "link", {"dealName": "Stolen"}),
    ("declineAttachmentRequest id", "request", {"reason": "Stolen"}),
    (
        "attachConfirmationLink attachmentRequestId",
        "request",
        {"confirmationLinkId": "own link", "dealId": "own deal"},
    ),
    ("revokeApiToken id", "token", {}),
    ("setDefaultRenewalOwner partnerId", "partner", {"owner": "HUBSPOT"}),
    ("setDefaultRenewalOwner pointOfContactId", "user", {"owner": "HUBSPOT", "partnerId": "own partner"}),
    ("setClientRenewalOwner clientId", "client", {"owner": "HUBSPOT"}),
    ("setClientRenewalOwner pointOfContactId", "user", {"owner": "PARTNER", "clientId": "own client"}),
    ("clearClientRenewalOwner clientId", "client", {}),
]
STREAMS = {
    "link": "subscription($id: ID) { confirmationLinkStatusChanged(confirmationLinkId: $id) { cursor } }",
    "partner": "subscription($id: ID) { confirmationLinkStatusChanged(partnerId: $id) { cursor } }",
    " partner": "subscription($id: ID) { partnerEvents(partnerId: $id) { cursor } }",
    "deal": "subscription($id: ID!) { dealActivityAdded(dealId: $id) { id } }",
}


async def ours(api: Api, world: World) -> Things:
    return await things_of(api, world, world.ours, (world.tokens["partner_admin"], world.tokens["cam"]))


def unknown(kind: str) -> str:
    return id_of(UNKNOWN[kind.strip()](id=new_key()))


async def test_whoever_stands_with_what_they_did_is_found_by_their_id(api: Api, world: World) -> None:
    async with world.database.read() as session:
        found = await session.scalars(select(rows.Actor).where(rows.Actor.partner_id.is_(None)))
        vendors = {str(one.node_id): one.name for one in found}
    assert {"Checkout", "Rena Manager"} < set(vendors.values())
    ask = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Actor { name } } }"
    for who in ("partner_admin", "other_partner_admin", "cam"):
        nodes = (await api.ask(ask, world.tokens[who], ids=list(vendors)))["nodes"]
        assert {one["id"]: one["name"] for one in nodes} == vendors


@pytest.mark.rule("D12", "B1")
async def test_nothing_of_a_partner_exists_for_strangers_by_its_id(api: Api, world: World) -> None:
    things = await ours(api, world)
    for who in STRANGERS:
        for kind in things.rows:
            if kind == "cam":
                continue  # who works at the vendor's is seen by all for whom they may do something
            node = "query($id: ID!) { node(id: $id) { id } nodes(ids: [$id, $id]) { id } }"
            assert await api.ask(node, world.tokens[who], id=things.id(kind)) == {
                "node": None,
                "nodes": [None, None],
            }, kind
        for kind, document in BY_ID.items():
            [answer] = (await api.ask(document, world.tokens[who], id=things.id(kind))).values()
            assert answer is None


@pytest.mark.rule("D12", "B1", "C5")
async def test_who_may_see_them_finds_all_of_it(api: Api, world: World) -> None:
    things = await ours(api, world)
    node = "query($id: ID!) { node(id: $id) { id } }"
    for who, hidden in {
        "partner_admin": HIDDEN_FROM_PARTNERS | {"notification"},
        "partner_member": HIDDEN_FROM_PARTNERS | OF_OTHERS,
        "cam": {"token"},
        "pdm": OF_OTHERS,
        "staff_admin": OF_OTHERS,
        "checkout": OF_OTHERS,
    }.items():
        found = {kind: await api.ask(node, world.tokens[who], id=things.id(kind)) for kind in things.rows}
        assert {kind for kind, answer in found.items() if answer["node"] is None} == hidden, who


@pytest.mark.rule("D12")
async def test_lists_counts_filters_and_searches_know_only_what_is_visible(api: Api, world: World) -> None:
    things = await ours(api, world)
    document = """query($client: ID, $partner: ID) {
      clients { totalCount nodes { id } }
      search: clients(filter: { search: "northwind" }) { totalCount nodes { id } }
      confirmationLinks { totalCount nodes { id } }
      ofClient: confirmationLinks(filter: { clientId: $client }) { totalCount nodes { id } }
      named: confirmationLinks(filter: { search: "Secret" }) { totalCount nodes { id } }
      ofClientNamed: confirmationLinks(filter: { search: "Acme" }) { totalCount nodes { id } }
      sharedDeals { totalCount nodes { id } }
      attachmentRequests { totalCount nodes { id } }
      partners { totalCount nodes { id summary { pendingLinks alerts { message } } } }
      partner(id: $partner) { id }
    }"""
    for who in STRANGERS:
        read = await api.ask(
            document, world.tokens[who], client=things.id("client"), partner=things.id("partner")
        )
        assert read.pop("partner") is None
        for name, connection in read.items():
            assert connection["totalCount"] == len(connection["nodes"])
            if name in {
                "search",
                "confirmationLinks",
                "ofClient",
                "named",
                "ofClientNamed",
                "attachmentRequests",
            }:
                assert connection["nodes"] == [], name
        seen = str(read)
        assert not any(
            id_of(row) in seen for row in [*world.ours.clients, *world.ours.shared, *things.rows.values()]
        )


@pytest.mark.rule("D12")
async def test_deals_filtered_by_an_invisible_partner_are_none_and_as_many_as_of_no_partner(
    api: Api, world: World
) -> None:
    document = "query($id: ID) { deals(filter: { partnerId: $id }) { totalCount nodes { id } } }"
    answers = [
        await api.ask(document, world.tokens["other_cam"], id=id_)
        for id_ in (
            id_of(world.ours.partner),
            unknown("partner"),
            "malformed",
            id_of(world.theirs.clients[0]),
        )
    ]
    assert answers == [{"deals": {"totalCount": 0, "nodes": []}}] * 4
    external = "query($id: String) { deal(externalId: $id) { id } }"
    assert world.ours.direct
    for given in (world.ours.direct.external_id, "unknown", "", "\x00", "a\x00b", "x" * 5000):
        assert await api.ask(external, world.tokens["other_cam"], id=given) == {"deal": None}
    found = await api.ask(external, world.tokens["cam"], id=world.ours.direct.external_id)
    assert found == {"deal": {"id": id_of(world.ours.direct)}}


@pytest.mark.rule("D12")
@pytest.mark.parametrize("who", ["other_partner_admin", "other_cam"])
async def test_no_mutation_reaches_what_is_invisible_nor_says_that_it_is_there(
    api: Api, world: World, who: str
) -> None:
    things = await ours(api, world)
    own = {
        "own link": id_of(await world.link(world.theirs)),
        "own deal": id_of(world.theirs.shared[0]),
        "own client": id_of(world.theirs.clients[0]),
        "own partner": id_of(world.theirs.partner),
    }
    before = await stored(world.database)
    for operation, kind, given in TARGETS:
        mutation, argument = operation.split()
        partner_only, staff_only = mutation.startswith("request"), mutation.startswith("decline")
        if (partner_only and who == "other_cam") or (staff_only and who == "other_partner_admin"):
            continue
        input_ = {
            name: own.get(value, value) if isinstance(value, str) else value for name, value in given.items()
        }
        answers = [
            await api.change(mutation, world.tokens[who], "__typename", **(input_ | {argument: id_}))
            for id_ in (
                things.id(kind),
                unknown(kind),
                "malformed",
                "A" * 23 + "!",
                id_of(world.products["MKT-PRO"]),
            )
        ]
        code = "POINT_OF_CONTACT_INVALID" if argument == "pointOfContactId" else "NOT_FOUND"
        assert refusals(answers[0]) == [(code, [argument])], operation
        assert answers == [answers[0]] * len(answers), operation
    assert await stored(world.database) == before


@pytest.mark.rule("D12")
async def test_no_subscription_follows_what_is_invisible(api: Api, world: World) -> None:
    things = await ours(api, world)
    for who in STRANGERS:
        for kind, document in STREAMS.items():
            told = [
                await first_error(api, world.tokens[who], document, id_)
                for id_ in (things.id(kind.strip()), unknown(kind), "?")
            ]
            assert told == [("NOT_FOUND", told[0][1])] * 3, (who, kind)
    assert await first_error(
        api, world.tokens["partner_admin"], STREAMS["deal"], things.id("direct deal")
    ) == ("NOT_FOUND", "Not found")


async def first_error(api: Api, token: str, document: str, id_: str) -> tuple[str, str]:
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
    body = {"query": document, "variables": {"id": id_}}
    answer = await api.http.post("/graphql", json=body, headers=headers)
    line = next(line for line in answer.text.splitlines() if line.startswith("data:") and "errors" in line)

    [error] = json.loads(line.removeprefix("data:"))["errors"]
    return error["extensions"]["code"], error["message"]


@pytest.mark.rule("D12", "B21", "D2")
async def test_a_direct_deal_shows_nowhere_to_its_partner(api: Api, world: World) -> None:
    things = await ours(api, world)
    assert things.firm.direct
    document = """{
      viewer { notifications { nodes { title body subject { id } } } }
      partner {
        auditLog(first: 100) { nodes { action subjectId changes { field before after } } }
        events { events { kind subjectId subject { id __typename ... on ConfirmationLink { deal { id } } } } }
        sharedDeals { nodes { id name activities { nodes { summary } } } }
        confirmationLinks { nodes { name stage client { name } deal { id name } cloned: clonedFrom { id } } }
        clients { nodes { sharedDeals { totalCount nodes { id } } } }
        summary { alerts { message subject { id } } }
      }
      attachmentRequests { nodes { dealName confirmationLink { deal { id } } } }
      confirmationLinks(filter: { attached: true }) { nodes { deal { name } } }
    }"""
    read = await api.ask(document, world.tokens["partner_admin"])
    text = str(read)
    for secret in (
        "direct deal",
        things.id("direct deal"),
        things.id("direct checkout"),
        things.id("direct activity"),
    ):
        assert secret not in text
    [shown] = [
        link for link in read["partner"]["confirmationLinks"]["nodes"] if link["name"] == "Secret other"
    ]
    assert (shown["deal"], shown["stage"]) == (None, "SENT")
    assert [event["kind"] for event in read["partner"]["events"]["events"]].count("LINK_ATTACHED") == 2
    for line in await all_of(world.database, rows.AuditEntry):
        asked = "query($id: ID!) { node(id: $id) { ... on AuditEntry { action changes { after } } } }"
        shown = await api.ask(asked, world.tokens["partner_admin"], id=id_of(line))
        assert things.id("direct deal") not in str(shown)


@pytest.mark.rule("B1", "D12")
async def test_a_renewal_manager_sees_the_renewals_managed_those_clients_and_the_partners_name(
    api: Api, world: World
) -> None:
    things = await ours(api, world)
    token = await renewal_manager_of(world, things.rows["renewal"])
    node = "query($id: ID!) { node(id: $id) { id } }"
    found = {kind: (await api.ask(node, token, id=things.id(kind)))["node"] for kind in things.rows}
    assert {kind for kind, answer in found.items() if answer} == {
        "renewal",
        "client",
        "contact",
        "partner",
        "cam",
    }
    document = """query($id: ID!) {
      partners { totalCount nodes { name } }
      clients { totalCount nodes { name renewals
        { nodes { id renewalManager { name } client { partner { name } } } } } }
      confirmationLinks { totalCount } sharedDeals { totalCount } deals { totalCount } attachmentRequests { totalCount }
      partner(id: $id) {
        users { id } clients { totalCount } confirmationLinks { totalCount } sharedDeals { totalCount }
        auditLog { totalCount } events { events { kind } } eventCursor channelAccountManager { name }
        summary { pendingLinks renewalsToActOn alerts { code } }
      }
      client(id: "%s") { contacts { name } confirmationLinks { totalCount } sharedDeals { totalCount } }
    }""".replace("%s", things.id("client"))
    read = await api.ask(document, token, id=things.id("partner"))
    assert read["partners"] == {"totalCount": 1, "nodes": [{"name": "Northwind Digital"}]}
    assert [client["name"] for client in read["clients"]["nodes"]] == ["Acme 0"]
    assert read["clients"]["nodes"][0]["renewals"]["nodes"][0]["renewalManager"] == {"name": "Rex Manager"}
    for nothing in ("confirmationLinks", "sharedDeals", "deals", "attachmentRequests"):
        assert read[nothing] == {"totalCount": 0}
    assert read["partner"] | {"eventCursor": None} == {
        "users": [],
        "clients": {"totalCount": 1},
        "confirmationLinks": {"totalCount": 0},
        "sharedDeals": {"totalCount": 0},
        "auditLog": {"totalCount": 0},
        "events": {"events": []},
        "eventCursor": None,
        "channelAccountManager": None,
        "summary": {"pendingLinks": 0, "renewalsToActOn": 0, "alerts": []},
    }
    assert api.app.service.cursors.position(world.ours.partner.id, read["partner"]["eventCursor"]) == 0
    for hidden in (
        "client(id: $client) { renewalOwnership { owner } }",
        'client(id: $client) { renewalOwnershipAt(at: "2026-01-01T00:00:00Z") { owner } }',
        "client(id: $client) { renewalNoticePreview { explanation } }",
        "partner(id: $partner) { defaultRenewalOwnership { owner } }",
        "partner(id: $partner) { renewalOwnershipImpact(owner: HUBSPOT) { changedClients } }",
    ):
        asked = {"client": things.id("client"), "partner": things.id("partner")}
        used = "$client: ID!" if "$client" in hidden else "$partner: ID"
        named = {name: id_ for name, id_ in asked.items() if name in used}
        assert await api.code(f"query({used}) {{ {hidden} }}", token, **named) == "NOT_FOUND", hidden
    filtered = """{
      a: clients(filter: { hasOverride: false }) { totalCount }
      b: clients(filter: { renewalOwner: HUBSPOT }) { totalCount }
    }"""
    assert await api.ask(filtered, token) == {"a": {"totalCount": 0}, "b": {"totalCount": 0}}
    assert read["client"]["contacts"] == [{"name": "Secret Contact"}]
    assert read["client"]["confirmationLinks"] == read["client"]["sharedDeals"] == {"totalCount": 0}


NEVER_ROOTS = {
    rows.Actor,
    rows.Assignment,
    rows.CheckoutLink,
    rows.Decision,
    rows.HeldRole,
    rows.IdempotencyKey,
    rows.LinkProduct,
    rows.OnboardingType,
    rows.RenewalProduct,
    rows.Stream,
}
"""Never read directly: only with the row that they belong to, which has a condition."""


@pytest.mark.rule("D12")
def test_every_table_says_who_sees_it() -> None:

    tables = {mapper.class_ for mapper in rows.Base.registry.mappers}
    assert tables - NEVER_ROOTS == set(CONDITIONS)


async def test_every_argument_that_takes_an_id_is_tried_here() -> None:
    tried = {operation.replace(" ", ".") for operation, _, _ in TARGETS}
    tried |= {"startCheckout.dealId", "markNotificationsRead.ids"}  # tests/access/test_guards.py
    mutations = SCHEMA._schema.mutation_type
    assert mutations
    taken = {
        f"{mutation}.{name}"
        for mutation, field in mutations.fields.items()
        for name, given in field.args["input"].type.of_type.fields.items()
        if "ID" in str(given.type)
    }
    assert taken == tried
