"""What rows lead to is the same, whether it was asked for by itself or brought along with them."""

from __future__ import annotations

from typing import Any

from graphql_api.app import App
from graphql_api.dataloaders.ahead import Lead, leads_from
from graphql_api.models import rows
from tests.api import Api
from tests.confirmation_links.steps import attach, id_of
from tests.factories import World
from tests.statements import counted

LINK = (
    "query($id: ID!) { confirmationLink(id: $id) { name client { name } deal { name } clonedFrom { name } } }"
)
LINKS = (
    "query($first: Int!) { confirmationLinks(first: $first) { nodes { name client { id } deal { name } } } }"
)


async def twice(api: Api, document: str, token: str, /, **given: Any) -> Any:
    """The answer, which is the same when the document is known, and so compiled."""
    first, second = [await api.ask(document, token, **given) for _ in range(2)]
    assert first == second
    return second


async def test_one_row_leads_to_others_of_its_own_table_too(api: Api, world: World) -> None:
    link = await world.link(name="Website")
    made = await api.change(
        "cloneConfirmationLink", world.tokens["partner_admin"], "confirmationLink { id }", id=id_of(link)
    )
    asked = await twice(api, LINK, world.tokens["cam"], id=made["confirmationLink"]["id"])
    assert asked["confirmationLink"]["clonedFrom"] == {"name": "Website"}
    assert asked["confirmationLink"]["deal"] is None


async def test_what_may_not_be_seen_is_not_brought_either(api: Api, world: World) -> None:
    link, direct = await world.link(name="Website"), world.ours.direct
    assert direct
    await attach(api, world.tokens["cam"], link, direct)
    seen = {
        who: (await twice(api, LINK, world.tokens[who], id=id_of(link)))["confirmationLink"]["deal"]
        for who in ("cam", "partner_admin")
    }
    assert seen == {"cam": {"name": direct.name}, "partner_admin": None}


async def test_a_page_keeps_its_order_and_its_size(api: Api, world: World) -> None:
    links = [await world.link(name=f"Link {n}") for n in range(5)]
    await attach(api, world.tokens["partner_admin"], links[3], world.ours.shared[0])
    found = (await twice(api, LINKS, world.tokens["cam"], first=3))["confirmationLinks"]["nodes"]
    assert [one["name"] for one in found] == ["Link 4", "Link 3", "Link 2"]
    assert [one["deal"] for one in found] == [None, {"name": world.ours.shared[0].name}, None]


async def test_whoever_asks_by_aliases_asks_once(api: Api, app: App, world: World) -> None:
    links = [await world.link(name=f"Link {n}") for n in range(3)]
    named = " ".join(
        f'a{n}: confirmationLink(id: "{id_of(link)}") {{ name client {{ name }} }}'
        for n, link in enumerate(links)
    )
    await api.ask(f"{{ {named} }}", world.tokens["cam"])
    with counted(app.service.database) as statements:
        told = await api.ask(f"{{ {named} }}", world.tokens["cam"])
    assert [one["name"] for one in told.values()] == ["Link 0", "Link 1", "Link 2"]
    assert len(statements) <= 3  # who asks, the links, and, where nothing is compiled, their clients


def test_only_rows_of_tables_that_differ_are_brought() -> None:
    asked = [Lead("actor", "created_by_id"), Lead("client", "client_id"), Lead("actor", "updated_by_id")]
    assert leads_from(rows.ConfirmationLink, asked) == (asked[0], asked[1])
    assert leads_from(rows.Client, [Lead("contacts of client", "id"), Lead("product", "product_id")]) == ()
