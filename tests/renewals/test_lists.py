"""Renewals: which ones, in which order, and what is said of each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from graphql_api.jobs.notices import decide_due
from graphql_api.models import rows
from graphql_api.models.renewal import RenewalStatus
from graphql_api.settings import Settings
from tests.access.places import renewal_manager_of
from tests.api import Api
from tests.clock import Clock
from tests.factories import World
from tests.renewals.steps import id_of, renewal_of
from tests.setting import set_rows

INNER = """totalCount nodes { id renewsOn daysToRenewal decisionDeadline status }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"""


DERIVED = """query($client: ID!, $odd: ID!) {
  renewals(orderBy: { field: FIELD }) { nodes { id renewsOn decisionDeadline daysToRenewal } }
  node(id: $odd) { ... on Renewal { renewsOn decisionDeadline daysToRenewal } }
  client(id: $client) { renewals { totalCount nodes { decisionDeadline } } renewalNoticePreview { nextDueOn } }
  partner { summary { renewalsToActOn alerts { code } } } }"""


async def found(api: Api, who: str, wanted: str = "", order: str = "") -> list[str]:
    """The ids that the list at the root has, which the partner's list has too."""
    arguments = f"first: 100, filter: {{ {wanted} }}" + (f", orderBy: {{ {order} }}" if order else "")
    document = f"{{ renewals({arguments}) {{ {INNER} }} partner {{ renewals({arguments}) {{ {INNER} }} }} }}"
    read = await api.ask(document, who)
    assert read["partner"]["renewals"] == read["renewals"]
    ids = [node["id"] for node in read["renewals"]["nodes"]]
    assert read["renewals"]["totalCount"] == len(ids)
    return ids


async def around(world: World) -> dict[tuple[int, str], str]:
    """The ids of renewals around every edge, in each status, by days to the renewal and status."""
    made = {}
    for days in (-1, 0, 1, 30, 120, 121):
        for status in RenewalStatus:
            renewal = await renewal_of(world, world.ours.clients[days % 3], days, status)
            made[days, status.value] = id_of(renewal)
    await renewal_of(world, world.theirs.clients[0], 30)
    return made


@pytest.mark.rule("A12")
async def test_to_act_on_are_pending_ones_from_today_to_120_days_ahead_and_the_summary_counts_them(
    api: Api, world: World
) -> None:
    ada, made = world.tokens["partner_admin"], await around(world)
    acting = {made[days, "PENDING"] for days in (0, 1, 30, 120)}
    assert set(await found(api, ada, "toActOn: true")) == acting
    assert set(await found(api, ada, "toActOn: false")) == set(made.values()) - acting
    assert set(await found(api, ada, "toActOn: null")) == set(made.values())
    for who in ("partner_admin", "cam"):
        document = f'{{ partner(id: "{id_of(world.ours.partner)}") {{ summary {{ renewalsToActOn }} }} }}'
        assert await api.ask(document, world.tokens[who]) == {"partner": {"summary": {"renewalsToActOn": 4}}}


async def test_within_days_counts_from_today(api: Api, world: World) -> None:
    ada, made = world.tokens["partner_admin"], await around(world)
    for days, expected in (
        (0, {0}),
        (1, {0, 1}),
        (119, {0, 1, 30}),
        (120, {0, 1, 30, 120}),
        (36500, {0, 1, 30, 120, 121}),
    ):
        ids = await found(api, ada, f"withinDays: {days}")
        assert set(ids) == {made[key] for key in made if key[0] in expected}
    for days in (-1, 36501, 2147483647):
        document = f"{{ renewals(filter: {{ withinDays: {days} }}) {{ totalCount }} }}"
        assert await api.code(document, ada) == "BAD_USER_INPUT"


async def test_renewals_are_found_by_status_and_client_and_by_all_filters_together(
    api: Api, world: World
) -> None:
    ada, made = world.tokens["partner_admin"], await around(world)
    assert set(await found(api, ada, "status: [RENEWED, CONFIRMED]")) == {
        made[key] for key in made if key[1] in {"RENEWED", "CONFIRMED"}
    }
    assert await found(api, ada, "status: []") == []
    mine = f'clientId: "{id_of(world.ours.clients[1])}"'
    assert set(await found(api, ada, mine)) == {made[key] for key in made if key[0] in {1, 121}}
    assert await found(api, ada, f"{mine}, toActOn: true, withinDays: 1, status: [PENDING]") == [
        made[1, "PENDING"]
    ]
    for stranger in (id_of(world.theirs.clients[0]), "malformed", id_of(world.ours.partner)):
        assert await found(api, ada, f'clientId: "{stranger}"') == []


async def test_the_day_in_utc_decides_what_is_near(api: Api, world: World, clock: Clock) -> None:
    ada, renewal = world.tokens["partner_admin"], await renewal_of(world, world.ours.clients[0], 121)
    read = "{ renewals { nodes { renewsOn decisionDeadline daysToRenewal } } }"
    for advanced, days in ((0, 121), (1, 120), (75, 46), (76, 45), (121, 0), (125, -4)):
        clock.ahead = timedelta(days=advanced)
        [node] = (await api.ask(read, ada))["renewals"]["nodes"]
        assert node == {
            "renewsOn": str(renewal.renews_on),
            "decisionDeadline": str(renewal.renews_on - timedelta(days=45)),
            "daysToRenewal": days,
        }
        assert bool(await found(api, ada, "toActOn: true")) == (0 <= days <= 120)
    midnight = datetime.combine(renewal.renews_on, datetime.min.time(), UTC)
    for seconds, days in ((-5, 1), (0, 0)):
        clock.ahead = midnight + timedelta(seconds=seconds) - datetime.now(UTC)
        assert (await api.ask(read, ada))["renewals"]["nodes"][0]["daysToRenewal"] == days


async def with_amounts(world: World) -> dict[str, Decimal | None]:
    """Renewals whose change of MRR is known, the same, negative, tiny, huge or unknown; each id with it."""
    amounts = [
        ("100", "200"), ("200", "100"), ("9", "10"), ("99", "100"), ("0.1", "0.1001"), ("999999999999", "0"),
        ("0", "999999999999.9999"), (None, "5"), ("5", None), (None, None), ("7", "7"), ("70", "70"),
    ]  # fmt: skip
    made = {}
    for number, pair in enumerate(amounts):
        current, then = (None if one is None else Decimal(one) for one in pair)
        currency = "EUR" if current is not None or then is not None else None
        more: dict[str, Any] = {"current_mrr": current, "renewal_mrr": then, "currency": currency}
        renewal = await renewal_of(world, world.ours.clients[number % 3], 10 + number // 2, **more)
        made[id_of(renewal)] = None if current is None or then is None else then - current
    return made


async def test_by_change_of_mrr_the_numbers_count_and_the_unknown_come_last_both_ways(
    api: Api, world: World
) -> None:
    changes = await with_amounts(world)
    for direction in ("ASC", "DESC"):
        ids = await found(
            api, world.tokens["partner_admin"], "", f"field: MRR_CHANGE, direction: {direction}"
        )
        listed = [changes[key] for key in ids]
        known = [change for change in listed if change is not None]
        assert known == sorted(known, reverse=direction == "DESC")
        assert listed == known + [None] * 3


async def test_by_date_and_by_deadline_come_the_next_first_or_last(api: Api, world: World) -> None:
    ada, made = world.tokens["partner_admin"], await around(world)
    days_of = {key: days for (days, _), key in made.items()}
    for order, reverse in (
        ("", False),
        ("direction: DESC", True),
        ("field: RENEWS_ON", False),
        ("field: RENEWS_ON, direction: DESC", True),
        ("field: DECISION_DEADLINE", False),
        ("field: DECISION_DEADLINE, direction: DESC", True),
    ):
        days = [days_of[key] for key in await found(api, ada, "", order)]
        assert days == sorted(days, reverse=reverse)
        assert len(days) == len(made)


@pytest.mark.parametrize("field", ["RENEWS_ON", "DECISION_DEADLINE", "MRR_CHANGE"])
async def test_every_order_is_walked_in_pages_both_ways(api: Api, world: World, field: str) -> None:
    await with_amounts(world)
    ada = world.tokens["partner_admin"]
    for direction in ("ASC", "DESC"):
        order = f"field: {field}, direction: {direction}"
        ids = await found(api, ada, "", order)
        assert await walked(api, ada, order, "first", "after", "endCursor", "hasNextPage") == ids
        back = await walked(api, ada, order, "last", "before", "startCursor", "hasPreviousPage")
        assert back == ids


async def walked(api: Api, who: str, order: str, *words: str) -> list[str]:
    """All ids, five at a time, in the order of the list."""
    size, beyond, cursor, more = words
    arguments = f"{size}: 5, {beyond}: $cursor, orderBy: {{ {order} }}"
    document = f"query($cursor: String) {{ renewals({arguments}) {{ {INNER} }} }}"
    ids: list[str] = []
    info: dict[str, Any] = {cursor: None, more: True}
    while info[more]:
        page = (await api.ask(document, who, cursor=info[cursor]))["renewals"]
        part = [node["id"] for node in page["nodes"]]
        ids = [*ids, *part] if size == "first" else [*part, *ids]
        info = page["pageInfo"]
    return ids


@pytest.mark.rule("B1", "A1")
async def test_a_renewal_manager_finds_the_renewals_managed_and_counts_no_others(
    api: Api, world: World
) -> None:
    acme, globex, _ = world.ours.clients
    managed = await renewal_of(world, acme, 30)
    await renewal_of(world, acme, 31)
    await renewal_of(world, globex, 32)
    token = await renewal_manager_of(world, managed)
    document = f"""{{
      renewals(filter: {{ toActOn: true }}) {{ totalCount nodes {{ id renewalManager {{ name }} notices {{ id }} }} }}
      client(id: "{id_of(acme)}") {{ renewals {{ totalCount }} renewalNotices {{ totalCount }} }}
      partner(id: "{id_of(world.ours.partner)}") {{ summary {{ renewalsToActOn }} }} }}"""
    read = await api.ask(document, token)
    assert read["renewals"] == {
        "totalCount": 1,
        "nodes": [{"id": id_of(managed), "renewalManager": {"name": "Rex Manager"}, "notices": []}],
    }
    assert read["client"] == {"renewals": {"totalCount": 1}, "renewalNotices": {"totalCount": 0}}
    assert read["partner"]["summary"]["renewalsToActOn"] == 1


async def test_a_renewal_brought_in_is_read_with_its_products_amounts_and_manager(
    api: Api, world: World
) -> None:
    row = {
        "externalId": "R-1", "clientExternalId": world.ours.clients[0].external_id, "renewsOn": "2001-02-28",
        "productCodes": ["SALES-ENT", "MKT-PRO"], "currentMrr": {"amount": "10.50", "currency": "EUR"},
        "renewalManagerEmail": "rena.manager@vendor.example",
    }  # fmt: skip
    done = await api.change(
        "syncRenewals", world.tokens["crm_sync"], "created updated unchanged", renewals=[row]
    )
    assert done == {"created": 1, "updated": 0, "unchanged": 0, "userErrors": []}
    document = """{ renewals { nodes { externalId client { name } products { code } status renewsOn decisionDeadline
      currentMrr { amount currency } renewalMrr { amount } renewalManager { name } notices { id } } } }"""
    [read] = (await api.ask(document, world.tokens["partner_member"]))["renewals"]["nodes"]
    assert read == {
        "externalId": "R-1", "client": {"name": "Acme 0"}, "products": [{"code": "SALES-ENT"}, {"code": "MKT-PRO"}],
        "status": "PENDING", "renewsOn": "2001-02-28", "decisionDeadline": "2001-01-14", "notices": [],
        "currentMrr": {"amount": "10.50", "currency": "EUR"}, "renewalMrr": None,
        "renewalManager": {"name": "Rena Manager"},
    }  # fmt: skip


@pytest.mark.parametrize(("day", "deadline"), [(date.min, date.min), (date.max, date(9999, 11, 16))])
async def test_a_renewal_of_a_day_that_nobody_can_mean_hides_no_other(
    api: Api, world: World, settings: Settings, day: date, deadline: date
) -> None:
    client, ada = world.ours.clients[0], world.tokens["partner_admin"]
    odd, near = [await renewal_of(world, client, 30) for _ in range(2)]
    await set_rows(world.database, rows.Renewal, rows.Renewal.id == odd.id, renews_on=day)
    assert await decide_due(world.database, settings) == 1
    for field in ("RENEWS_ON", "DECISION_DEADLINE", "MRR_CHANGE"):
        read = await api.ask(DERIVED.replace("FIELD", field), ada, client=id_of(client), odd=id_of(odd))
        assert {node["id"] for node in read["renewals"]["nodes"]} == {id_of(odd), id_of(near)}
        assert read["client"]["renewals"]["totalCount"] == 2
        assert read["node"] == {
            "renewsOn": str(day),
            "decisionDeadline": str(deadline),
            "daysToRenewal": (day - datetime.now(UTC).date()).days,
        }
