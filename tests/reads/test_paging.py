"""Pages: both ways, over every list, with ties, and with anything but a page asked for."""

from __future__ import annotations

import base64
import json
from typing import Any

from tests.api import Api
from tests.factories import World
from tests.reads.lists import INNER, Listed, fill, lists, page
from tests.statements import counted


async def walked(api: Api, world: World, listed: Listed, forward: bool) -> list[str]:  # noqa: FBT001 - which way
    """All ids, three at a time."""
    found: list[str] = []
    arguments = "first: 3" if forward else "last: 3"
    while True:
        read = await page(api, world, listed, arguments)
        ids = [node["id"] for node in read["nodes"]]
        assert ids == [edge["node"]["id"] for edge in read["edges"]]
        info = read["pageInfo"]
        assert [info["startCursor"], info["endCursor"]] == [
            read["edges"][0]["cursor"],
            read["edges"][-1]["cursor"],
        ]
        found = [*found, *ids] if forward else [*ids, *found]
        if not info["hasNextPage" if forward else "hasPreviousPage"]:
            return found
        arguments = (
            f'first: 3, after: "{info["endCursor"]}"'
            if forward
            else f'last: 3, before: "{info["startCursor"]}"'
        )


async def test_every_list_walked_either_way_is_the_list_at_once(api: Api, world: World) -> None:
    await fill(world)
    for name, listed in lists(world).items():
        at_once = await page(api, world, listed, "first: 100")
        ids = [node["id"] for node in at_once["nodes"]]
        assert at_once["totalCount"] == len(ids) == len(set(ids)) > 6, name
        assert at_once["pageInfo"]["hasNextPage"] is at_once["pageInfo"]["hasPreviousPage"] is False
        assert await walked(api, world, listed, forward=True) == ids, name
        assert await walked(api, world, listed, forward=False) == ids, name


BELOW = {
    ("partners", "partner"): ("clients", "confirmationLinks", "sharedDeals", "auditLog", "renewals"),
    ("clients", "client"): ("confirmationLinks", "sharedDeals", "renewals"),
    ("sharedDeals", "sharedDeal"): ("activities",),
}


async def test_the_pages_of_many_parents_are_those_that_each_has_alone(api: Api, world: World) -> None:
    await fill(world)
    token, every = world.tokens["staff_admin"], lists(world)
    for many, one, name in ((many, one, name) for (many, one), names in BELOW.items() for name in names):
        edge = (await page(api, world, every[f"{one[:6]} {name}"]))["edges"][3]["cursor"]
        for arguments in ("first: 2", "last: 2", f'first: 2, after: "{edge}"', f'last: 2, before: "{edge}"'):
            fields = f"{{ id {name}({arguments}) {INNER} }}"
            found = (await api.ask(f"{{ {many}(first: 50) {{ nodes {fields} }} }}", token))[many]["nodes"]
            assert len(found) > 1
            for node in found:
                alone = await api.ask(f"query($id: ID!) {{ {one}(id: $id) {fields} }}", token, id=node["id"])
                assert alone[one] == node, (many, arguments)


async def test_descending_is_ascending_backwards_but_for_what_is_unknown(api: Api, world: World) -> None:
    await fill(world)
    every = lists(world)
    for name in (name for name in every if name.endswith("ASC")):
        up, down = [
            [node["id"] for node in (await page(api, world, every[way], "first: 100"))["nodes"]]
            for way in (name, name.replace("ASC", "DESC"))
        ]
        assert set(up) == set(down)
        if "CLOSES_ON" not in name and "MRR" not in name:
            assert up == down[::-1], name


async def test_deals_without_a_closing_day_come_last_in_both_directions(api: Api, world: World) -> None:
    await fill(world)
    for direction in ("ASC", "DESC"):
        order = f"orderBy: {{ field: CLOSES_ON, direction: {direction} }}"
        ask = f"{{ sharedDeals(first: 100, {order}) {{ nodes {{ closesOn }} }} }}"
        days = [
            deal["closesOn"] for deal in (await api.ask(ask, world.tokens["cam"]))["sharedDeals"]["nodes"]
        ]
        known = [day for day in days if day]
        assert len(known) == 5
        assert days == sorted(known, reverse=direction == "DESC") + [None] * (len(days) - 5)


async def test_a_page_between_two_cursors_says_that_there_is_more_on_both_sides(
    api: Api, world: World
) -> None:
    await fill(world)
    listed = lists(world)["confirmationLinks NAME ASC"]
    edges = (await page(api, world, listed, "first: 100"))["edges"]
    between = f'after: "{edges[1]["cursor"]}", before: "{edges[5]["cursor"]}"'
    for size in ("", "first: 10,", "last: 10,"):
        read = await page(api, world, listed, f"{size} {between}")
        assert read["edges"] == edges[2:5]
        assert read["pageInfo"]["hasNextPage"] is read["pageInfo"]["hasPreviousPage"] is True
        assert read["totalCount"] == 8
    assert (await page(api, world, listed, f"last: 2, {between}"))["edges"] == edges[3:5]


async def test_twenty_come_by_default(api: Api, world: World) -> None:
    for n in range(21):
        await world.link(name=f"Link {n}")
    ask = "{ confirmationLinks { totalCount nodes { name } pageInfo { hasNextPage } } }"
    for given in ("", "(first: null, last: null, after: null, before: null, filter: null, orderBy: null)"):
        read = (await api.ask(ask.replace("Links {", f"Links{given} {{"), world.tokens["cam"]))[
            "confirmationLinks"
        ]
        assert [link["name"] for link in read["nodes"]] == [f"Link {n}" for n in range(20, 0, -1)]
        assert (read["totalCount"], read["pageInfo"]["hasNextPage"]) == (21, True)


async def test_a_page_of_any_other_size_is_bad_input(api: Api, world: World) -> None:
    for name, listed in lists(world).items():
        for arguments in (
            "first: 0",
            "first: 101",
            "last: -1",
            "last: 101",
            "first: 2, last: 2",
            "first: 2147483647",
        ):
            document = listed.document.replace("%s", arguments)
            assert await api.code(document, world.tokens[listed.who]) == "BAD_USER_INPUT", (name, arguments)
    big = "{ confirmationLinks(first: 2147483648) { totalCount } }"
    assert await api.code(big, world.tokens["cam"]) in {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}


def cursor(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


async def test_a_cursor_that_is_not_one_of_the_lists_is_bad_input(api: Api, world: World) -> None:
    await fill(world)
    every = lists(world)
    cursors = {
        name: (await page(api, world, listed, "first: 1"))["pageInfo"]["endCursor"]
        for name, listed in every.items()
    }
    for name in (
        "confirmationLinks NAME ASC",
        "clients NAME ASC",
        "sharedDeals CLOSES_ON DESC",
        "partne confirmationLinks",
        "requests",
    ):
        foreign = {value for value in cursors.values() if decoded(value)[0] != decoded(cursors[name])[0]}
        assert len(foreign) > 8
        for value in foreign:
            document = every[name].document.replace("%s", f'after: "{value}"')
            assert await api.code(document, world.tokens["cam"]) == "BAD_USER_INPUT", (name, decoded(value))


def decoded(value: str) -> list[Any]:
    return list(json.loads(base64.urlsafe_b64decode(value)))


STRANGE: list[Any] = [
    None, [], {}, True, 1.5, 2**63, 2**31, -(2**31), -(2**63), "x", "a\x00b",
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
]  # fmt: skip


async def test_a_malformed_cursor_is_bad_input_and_breaks_nothing(api: Api, world: World) -> None:
    await fill(world)
    every = lists(world)
    for name in (
        "confirmationLinks CREATED_AT DESC",
        "sharedDeals CLOSES_ON ASC",
        "clients NAME ASC",
        "notifications",
    ):
        listed = every[name]
        first, *values = decoded((await page(api, world, listed, "first: 1"))["pageInfo"]["endCursor"])
        made = [
            cursor(first, *values[:index], value, *values[index + 1 :])
            for index in range(len(values))
            for value in STRANGE
        ]
        text = [
            "",
            "x",
            "====",
            "é",
            "\x00",
            cursor(),
            cursor(first),
            cursor(first, *values, 1),
            cursor("other", *values),
            "A" * 9999,
        ]
        for value in [*made, *text]:
            document = "query($c: String) " + listed.document.replace("%s", "after: $c ")
            answer = await api.send(document, world.tokens["cam"], c=value)
            codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
            assert codes <= {"BAD_USER_INPUT"}, (name, value, answer)
            if value in text:
                assert codes == {"BAD_USER_INPUT"}, (name, value)


async def test_the_whole_list_is_counted_only_when_asked_for(api: Api, world: World) -> None:
    await fill(world)
    for name, listed in lists(world).items():
        lazy = listed._replace(document=listed.document.replace("totalCount ", ""))
        with counted(world.database) as without:
            await page(api, world, lazy, "first: 3")
        with counted(world.database) as asked:
            await page(api, world, listed, "first: 3")
        assert len(asked) == len(without) + 1, name
        assert not any("count(" in statement.lower() for statement in without), name


async def test_whoever_asks_how_long_a_list_is_it_is_counted_once(api: Api, world: World) -> None:
    aliases = " ".join(f"a{n}: totalCount" for n in range(30))
    pages = " ".join(f"p{n}: clients(first: {n + 1}) {{ {aliases} }}" for n in range(3))
    tokens = " ".join(f"t{n}: viewer {{ apiTokens {{ id }} }} c{n}: products {{ id }}" for n in range(9))
    with counted(world.database) as statements:
        found = await api.ask(f"{{ {pages} {tokens} }}", world.tokens["partner_admin"])
    assert {count for name in ("p0", "p1", "p2") for count in found[name].values()} == {3}
    assert sum("count(" in one.lower() for one in statements) == 1
    assert sum("FROM products" in one for one in statements) == 1
    assert len(statements) < 12
