"""Filters and searches: what is found, and what is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graphql_api.models import rows
from graphql_api.models.by import By
from graphql_api.models.keys import new_key
from tests.api import Api
from tests.clock import Clock
from tests.confirmation_links.steps import attach, id_of
from tests.factories import World

LINKS = """query($filter: ConfirmationLinkFilter) {
  confirmationLinks(filter: $filter, first: 100) { totalCount nodes { name } }
}"""


async def names(api: Api, world: World, who: str = "partner_member", **wanted: Any) -> list[str]:
    found = (await api.ask(LINKS, world.tokens[who], filter=wanted))["confirmationLinks"]
    assert found["totalCount"] == len(found["nodes"])
    return sorted(link["name"] for link in found["nodes"])


@pytest.mark.rule("B29")
async def test_a_search_finds_part_of_a_name_in_any_case_and_with_or_without_accents(
    api: Api, world: World
) -> None:
    for name in (
        "Ñandú Straße",
        "İstanbul",
        "100% sure_thing",
        "back\\slash",
        "Ωmega ﬁne",
        "نص عربي",
        "x 😀 y",
    ):
        await world.link(name=name)
    for search, name in {
        "ñandú": "Ñandú Straße",
        "NANDU": "Ñandú Straße",
        "STRASSE": "Ñandú Straße",
        "straße": "Ñandú Straße",
        "istanbul": "İstanbul",
        "ωMEGA": "Ωmega ﬁne",
        "fine": "Ωmega ﬁne",
        "عربي": "نص عربي",
        "😀": "x 😀 y",
        "%": "100% sure_thing",
        "_": "100% sure_thing",
        "0% s": "100% sure_thing",
        "\\": "back\\slash",
        "K\\S": "back\\slash",
    }.items():
        assert await names(api, world, search=search) == [name], search
    for nothing in (
        "%%",
        "1__%",
        "/",
        "*",
        "sure thing",
        "\x00",
        "100\x00",
        "'",
        '"',
        "a" * 5_000,
        "%" * 60_000,
        "ß" * 300_000,
    ):
        assert await names(api, world, search=nothing) == [], nothing[:9]
    assert len(await names(api, world, search="")) == len(await names(api, world)) == 7


@pytest.mark.rule("B29")
async def test_a_search_of_links_also_finds_the_clients_name(api: Api, world: World) -> None:
    link = await world.link(name="Proof")
    await attach(api, world.tokens["partner_admin"], link, world.ours.shared[1])
    assert await names(api, world, search="GLOBEX") == ["Proof"]
    assert await names(api, world, search="Acme") == []


async def test_every_list_with_a_search_takes_any_text(api: Api, world: World) -> None:
    for text in ("\x00", "%", "_", "\\", "a" * 60_000, "\U000e0001", "\ufdfa" * 1_000):
        document = """query($s: String) {
          partners(filter: { search: $s }) { totalCount } clients(filter: { search: $s }) { totalCount }
          sharedDeals(filter: { search: $s }) { totalCount } deals(filter: { search: $s }) { totalCount }
        }"""
        found = await api.ask(document, world.tokens["staff_admin"], s=text)
        assert {connection["totalCount"] for connection in found.values()} == {0}, text[:9]


async def test_created_after_and_before_are_exclusive_and_in_any_offset(
    api: Api, world: World, clock: Clock
) -> None:
    moments = []
    for n in range(3):
        moments.append((await world.link(name=str(n))).created_at)
        clock.advance(hours=1)
    first, middle, last = (moment.isoformat() for moment in moments)
    assert await names(api, world, createdAfter=first) == ["1", "2"]
    assert await names(api, world, createdBefore=last) == ["0", "1"]
    assert await names(api, world, createdAfter=first, createdBefore=last) == ["1"]
    assert await names(api, world, createdAfter=middle, createdBefore=middle) == []
    shifted = moments[0].astimezone(datetime.fromisoformat("2026-01-01T00:00:00+05:30").tzinfo)
    assert await names(api, world, createdAfter=shifted.isoformat()) == ["1", "2"]
    before = (moments[0] - timedelta(microseconds=1)).isoformat()
    assert await names(api, world, createdAfter=before) == ["0", "1", "2"]
    assert await names(api, world, createdAfter=before.replace("+00:00", "Z").lower()) == ["0", "1", "2"]


NO_MOMENTS: list[Any] = [
    "2026-01-01T00:00:00", "2026-01-01", "", "now", "2026-13-01T00:00:00Z", "2026-01-01T25:00:00Z", "\x00",
    "0000-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "99999-01-01T00:00:00Z",
    "20260101T000000", 5, True, [], {},
]  # fmt: skip


async def test_a_moment_without_offset_or_beyond_all_time_is_bad_input(api: Api, world: World) -> None:
    for value in NO_MOMENTS:
        code = await api.code(LINKS, world.tokens["cam"], filter={"createdAfter": value})
        assert code == "BAD_USER_INPUT", value
    for value in (
        "0002-01-01T00:00:00Z",
        "9999-12-30T00:00:00Z",
        "2026-01-01T00:00:00.123456789Z",
        "2026-01-01t00:00:00z",
    ):
        assert await names(api, world, createdAfter=value, createdBefore=value) == []


@pytest.mark.rule("B30")
async def test_filters_narrow_together(api: Api, world: World) -> None:
    free, attached = await world.link(name="free"), await world.link(name="attached")
    await attach(api, world.tokens["partner_admin"], attached, world.ours.shared[0])
    assert (
        await names(api, world, attached=True) == await names(api, world, clientAssigned=True) == ["attached"]
    )
    assert await names(api, world, attached=False) == ["free"]
    assert await names(api, world, attached=True, clientAssigned=False) == []
    assert await names(api, world, clientId=id_of(world.ours.clients[0]), status=["PENDING", "PENDING"]) == [
        "attached"
    ]
    for nobody in (
        id_of(world.ours.clients[1]),
        id_of(world.theirs.clients[0]),
        id_of(free),
        "?",
        "A" * 23 + "!",
    ):
        assert await names(api, world, clientId=nobody) == [], nobody
    assert (
        len(
            await names(api, world, status=None, attached=None, clientId=None, search=None, createdAfter=None)
        )
        == 2
    )


async def test_a_link_attached_to_a_deal_without_client_has_none(api: Api, world: World) -> None:
    link = await world.link(name="no client")
    assert world.ours.clientless
    await attach(api, world.tokens["partner_admin"], link, world.ours.clientless)
    assert await names(api, world, attached=True, clientAssigned=False) == ["no client"]


async def test_deals_are_found_by_kind_partner_and_proof(api: Api, world: World) -> None:
    await attach(api, world.tokens["partner_admin"], await world.link(), world.ours.shared[0])
    count = "query($filter: DealFilter) { deals(filter: $filter) { totalCount } }"
    for wanted, expected in (
        ({}, 10),
        ({"isShared": True}, 8),
        ({"isShared": False}, 2),
        ({"partnerId": id_of(world.ours.partner)}, 5),
        ({"partnerId": id_of(world.ours.partner), "isShared": False, "search": "DIRECT"}, 1),
        ({"partnerId": "?"}, 0),
    ):
        assert (await api.ask(count, world.tokens["staff_admin"], filter=wanted))["deals"] == {
            "totalCount": expected
        }
    shared = "query($has: Boolean) { sharedDeals(filter: { hasProofOfEngagement: $has }) { totalCount } }"
    for has, expected in ((None, 4), (True, 1), (False, 3)):
        assert (await api.ask(shared, world.tokens["cam"], has=has))["sharedDeals"] == {
            "totalCount": expected
        }


async def test_lists_of_the_same_parents_with_other_arguments_are_not_mixed_up(
    api: Api, world: World
) -> None:
    for firm in (world.ours, world.theirs):
        for name in ("one", "two"):
            await world.link(firm, f"{firm.partner.name} {name}")
    document = """{ partners { nodes { name
      all: confirmationLinks(orderBy: { field: NAME, direction: ASC }) { totalCount nodes { name } }
      one: confirmationLinks(filter: { search: "one" }) { totalCount nodes { name } }
      last: confirmationLinks(last: 1, orderBy: { field: NAME, direction: ASC }) { totalCount nodes { name } }
      none: confirmationLinks(filter: { status: [] }) { totalCount nodes { name } }
    } } }"""
    for partner in (await api.ask(document, world.tokens["staff_admin"]))["partners"]["nodes"]:
        one, two = ({"name": f"{partner['name']} {name}"} for name in ("one", "two"))
        assert partner["all"] == {"totalCount": 2, "nodes": [one, two]}
        assert partner["one"] == {"totalCount": 1, "nodes": [one]}
        assert partner["last"] == {"totalCount": 2, "nodes": [two]}
        assert partner["none"] == {"totalCount": 0, "nodes": []}


async def test_names_are_sorted_alike_on_every_database(api: Api, world: World) -> None:
    given = ["zeta", "Ähre", "apfel", "Zulu", "éclair", "_under", "10", "9", "Apfel 2", "ß", "ST"]
    for name in given:
        await world.link(name=name)
    ask = "{ confirmationLinks(orderBy: { field: NAME, direction: ASC }) { nodes { name } } }"
    found = [link["name"] for link in (await api.ask(ask, world.tokens["cam"]))["confirmationLinks"]["nodes"]]
    assert found == ["10", "9", "_under", "Ähre", "apfel", "Apfel 2", "éclair", "ß", "ST", "zeta", "Zulu"]


async def test_users_are_the_active_ones_unless_asked_for_all(api: Api, world: World) -> None:
    async with world.database.write(By(None, "Test")) as writing:
        (await writing.session.get_one(rows.PartnerUser, world.ours.member.id)).is_active = False
    ask = "{ partner { users { name } every: users(activeOnly: false) { name isActive } } }"
    partner = (await api.ask(ask, world.tokens["partner_admin"]))["partner"]
    assert [user["name"] for user in partner["users"]] == ["Ada Northwind"]
    assert [user["isActive"] for user in partner["every"]] == [True, False]


async def test_an_alert_names_at_most_what_the_viewer_sees(api: Api, world: World) -> None:
    ask = "query($id: ID) { partner(id: $id) { summary { alerts { code } } } }"
    async with world.database.write(By(None, "Test")) as writing:
        nobody = rows.Partner(id=new_key(), name="Alone", created_at=datetime.now(UTC))
        writing.session.add(nobody)
    read = await api.ask(ask, world.tokens["staff_admin"], id=id_of(nobody))
    assert read["partner"]["summary"]["alerts"] == [{"code": "NO_ACCOUNT_MANAGER"}]
    assert await api.ask(ask, world.tokens["cam"], id=id_of(nobody)) == {"partner": None}


@pytest.mark.rule("B29")
async def test_a_status_may_be_named_40_000_times(api: Api, world: World) -> None:
    await world.link(name="Pending")
    assert await names(api, world, status=["PENDING"] * 40_000) == ["Pending"]
    assert await names(api, world, status=["REJECTED", "CONFIRMED"] * 20_000) == []
    renewals = "query($filter: RenewalFilter) { renewals(filter: $filter) { totalCount } }"
    asked = {"status": ["PENDING"] * 40_000}
    assert (await api.ask(renewals, world.tokens["partner_member"], filter=asked))["renewals"][
        "totalCount"
    ] == 0
