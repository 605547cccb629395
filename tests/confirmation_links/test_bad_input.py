"""Bad input: each gets its code and field, and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.models import rows
from graphql_api.models.keys import new_key
from tests.api import Api, refusals
from tests.confirmation_links.steps import confirm, id_of, link_of, stored
from tests.factories import World

MALFORMED = [
    "",
    "1",
    "x" * 24,
    "!" * 24,
    "=" * 24,
    "A===" * 6,
    "é" * 24,
    "A" * 10_000,
    "cm4" + "A" * 21,
    "\x00" * 24,
    "' OR 1=1 --",
]

INVISIBLE = (
    "\u200b", "\u200b \u200d\ufeff", "\u202e", "\u2060\u00ad", "\u2800", "\u3164", "\u115f", "\u1160", "\uffa0",
    "\u034f", "\u17b4", "\u180b", "\ufe00", "\ufe0f", "\U000e0100", "\U000e01ef",
)  # fmt: skip


async def created(api: Api, world: World, **given: Any) -> dict[str, Any]:
    asked = {"name": "Proof", "products": world.chosen("MKT-PRO")} | given
    return await api.change(
        "createConfirmationLink",
        world.tokens["partner_admin"],
        "confirmationLink { id name } cursor",
        **asked,
    )


@pytest.mark.rule("B12")
@pytest.mark.parametrize("name", ["", "   ", "\t\n", "\u00a0\u2003", "\x00\x07", "\u3000"])
async def test_a_blank_name_is_refused(api: Api, world: World, name: str) -> None:
    before = await stored(world.database)
    assert refusals(await created(api, world, name=name)) == [("BLANK", ["name"])]
    assert await stored(world.database) == before


@pytest.mark.rule("B12")
async def test_a_name_that_nobody_could_see_is_blank(api: Api, world: World) -> None:
    for name in (*INVISIBLE, "".join(INVISIBLE), f" {' '.join(INVISIBLE)}"):
        assert refusals(await created(api, world, name=name)) == [("BLANK", ["name"])], ascii(name)


@pytest.mark.rule("B12")
async def test_a_name_keeps_what_nobody_sees_beside_what_everybody_does(api: Api, world: World) -> None:
    for unseen in (one for one in INVISIBLE if len(one) == 1 and one != "\u202e"):
        payload = await created(api, world, name=f"a{unseen}b")
        assert payload["confirmationLink"]["name"] == f"a{unseen}b"


@pytest.mark.parametrize("length", [201, 10_000])
async def test_a_name_is_at_most_200_characters(api: Api, world: World, length: int) -> None:
    before = await stored(world.database)
    assert refusals(await created(api, world, name="n" * length)) == [("TOO_LONG", ["name"])]
    assert await stored(world.database) == before


@pytest.mark.parametrize("character", ["n", "é", "漢", "😀"])
async def test_a_name_of_200_characters_of_any_script_fits(api: Api, world: World, character: str) -> None:
    assert (await created(api, world, name=character * 200))["confirmationLink"]["name"] == character * 200


@pytest.mark.parametrize("malformed", MALFORMED)
async def test_a_malformed_product_is_not_found(api: Api, world: World, malformed: str) -> None:
    payload = await created(api, world, products=[{"productId": malformed, "onboardingTypeCode": "GUIDED"}])
    assert refusals(payload) == [("NOT_FOUND", ["products", "0", "productId"])]


async def test_an_unknown_product_or_an_id_of_something_else_is_not_found(api: Api, world: World) -> None:
    unknown = rows.Product(id=new_key())
    wrong = [id_of(unknown), id_of(world.ours.partner), id_of(await world.link())]
    payload = await created(api, world, products=[{"productId": id_} for id_ in wrong])
    assert refusals(payload) == [("NOT_FOUND", ["products", str(index), "productId"]) for index in range(3)]
    assert len({error["message"] for error in payload["userErrors"]}) == 1


async def test_a_product_listed_twice_is_refused(api: Api, world: World) -> None:
    payload = await created(api, world, products=world.chosen("MKT-PRO", "SALES-ENT", "MKT-PRO"))
    assert refusals(payload) == [("DUPLICATE_PRODUCT", ["products", "2", "productId"])]


@pytest.mark.parametrize("mutation", ["createConfirmationLink", "updateConfirmationLink"])
async def test_501_products_are_too_many(api: Api, world: World, mutation: str) -> None:
    link = await world.link()
    given = {"name": "Proof"} if mutation.startswith("create") else {"id": id_of(link)}
    payload = await api.change(
        mutation,
        world.tokens["partner_admin"],
        "confirmationLink { id }",
        products=world.chosen("MKT-PRO") * 501,
        **given,
    )
    assert refusals(payload) == [("LIMIT_EXCEEDED", ["products"])]


async def test_everything_that_is_wrong_is_said_at_once(api: Api, world: World) -> None:
    payload = await created(
        api,
        world,
        name=" ",
        products=[{"productId": world.product("MKT-PRO")}, {"productId": "?"}],
        providesOnboarding=True,
    )
    assert refusals(payload) == [
        ("BLANK", ["name"]),
        ("ONBOARDING_REQUIRED", ["products", "0", "onboardingTypeCode"]),
        ("NOT_FOUND", ["products", "1", "productId"]),
        ("DURATION_REQUIRED", ["onboardingDuration"]),
    ]


@pytest.mark.rule("D12")
@pytest.mark.parametrize(
    "mutation", ["updateConfirmationLink", "cloneConfirmationLink", "deleteConfirmationLink"]
)
async def test_somebody_elses_and_malformed_ids_are_not_found_in_the_same_words(
    api: Api, world: World, mutation: str
) -> None:
    theirs = await world.link(world.theirs)
    before = await stored(world.database)
    ids = [id_of(theirs), id_of(rows.ConfirmationLink(id=new_key())), id_of(world.ours.partner), *MALFORMED]
    answers = [await api.change(mutation, world.tokens["partner_admin"], "cursor", id=id_) for id_ in ids]
    assert refusals(answers[0]) == [("NOT_FOUND", ["id"])]
    assert answers == [answers[0]] * len(ids)
    assert await stored(world.database) == before


@pytest.mark.rule("D12")
async def test_a_partner_of_somebody_else_is_not_found_when_creating(api: Api, world: World) -> None:
    unknown = id_of(rows.Partner(id=new_key()))
    for who in ("partner_admin", "cam"):
        answers = [
            await api.change(
                "createConfirmationLink", world.tokens[who], "confirmationLink { id }",
                name="Proof", products=world.chosen("MKT-PRO"), partnerId=id_,
            )
            for id_ in (id_of(world.theirs.partner), unknown, *MALFORMED)
        ]  # fmt: skip
        assert refusals(answers[0]) == [("NOT_FOUND", ["partnerId"])]
        assert answers == [answers[0]] * len(answers)


@pytest.mark.rule("B34", "B36")
@pytest.mark.parametrize(
    ("mutation", "given"), [("updateConfirmationLink", {"name": "Other"}), ("deleteConfirmationLink", {})]
)
async def test_a_decided_link_is_not_pending_whatever_version_is_named(
    api: Api, world: World, mutation: str, given: dict[str, Any]
) -> None:
    link = await world.link()
    await confirm(api, link)
    before = await stored(world.database)
    for version in (None, 1, 7):
        payload = await api.change(
            mutation, world.tokens["partner_admin"], "confirmationLink { status name }",
            id=id_of(link), expectedVersion=version, **given,
        )  # fmt: skip
        assert refusals(payload) == [("NOT_PENDING", ["id"])]
        assert payload["confirmationLink"] == {"status": "CONFIRMED", "name": link.name}
    assert await stored(world.database) == before


TEXTS = {
    "markup": "<script>alert(1)</script>",
    "nul": "a\x00b",
    "controls": "a\x07\x1b[31mb\x9f",
    "bidi": "a\u202eb\u2066c",
    "sql": "'; DROP TABLE links; --",
    "template": "{{ 7 * 7 }} {who} %s",
    "emoji": "👩‍👩‍👧 ﷽",
    "percent": "100% _sure_ \\ ok",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
async def test_any_text_is_taken_or_refused_but_never_breaks(api: Api, world: World, text: str) -> None:
    payload = await created(api, world, name=text)
    kept = "".join(c for c in text if c >= " " and not "\x7f" <= c <= "\x9f" and c not in "\u202e\u2066")
    assert payload["confirmationLink"]["name"] == kept
    link = await link_of(api, world.tokens["partner_admin"], payload["confirmationLink"]["id"])
    assert link["name"] == kept
    found = await api.ask(
        "query($text: String!) { confirmationLinks(filter: { search: $text }) { nodes { name } } }",
        world.tokens["partner_admin"], text=kept,
    )  # fmt: skip
    assert found["confirmationLinks"]["nodes"] == [{"name": kept}]


async def test_markup_in_a_name_shows_nowhere_as_markup(api: Api, world: World) -> None:
    payload = await api.change(
        "createConfirmationLink", world.tokens["partner_admin"], "confirmationLink { preview { html } }",
        name="<img src=x onerror=alert(1)>", products=world.chosen("MKT-PRO"),
    )  # fmt: skip
    html = payload["confirmationLink"]["preview"]["html"]
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert "<img src=x" not in html


@pytest.mark.parametrize("body", [rb'"\ud800"', rb'"a\udc00b"', b'"\xff\xfe"', b'"\xed\xa0\x80"'])
async def test_text_that_is_no_unicode_is_a_malformed_request(api: Api, world: World, body: bytes) -> None:
    document = (
        b"mutation($n: String!) { createConfirmationLink(input: { name: $n, products: [] }) { cursor } }"
    )
    headers = {"Authorization": f"Bearer {world.tokens['partner_admin']}", "Content-Type": "application/json"}
    sent = b'{"query": "' + document + b'", "variables": {"n": ' + body + b"}}"
    answer = await api.http.post("/graphql", content=sent, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("literal", [r'"\uD800"', r'"\u{D800}"', r'"\u0000"', r'"\u202E\u2066"'])
async def test_the_same_written_into_the_document_never_breaks(api: Api, world: World, literal: str) -> None:
    created = (
        f"createConfirmationLink(input: {{ name: {literal}, products: [] }}) {{ userErrors {{ code }} }}"
    )
    document = f"mutation {{ {created} }}"
    answer = await api.send(document, world.tokens["partner_admin"])
    codes = [error["extensions"]["code"] for error in answer.get("errors", [])]
    assert codes in (["GRAPHQL_PARSE_FAILED"], []), codes
