"""Following links: the list, their stages and URLs, previews, and what the viewer may do."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.models import rows
from graphql_api.models.api_token import Scope
from tests.api import Api, refusals
from tests.confirmation_links.steps import (
    attach,
    check_out,
    confirm,
    id_of,
    link_of,
    reject,
    stored,
    token_of,
)
from tests.factories import World

LIST = """
query($filter: ConfirmationLinkFilter) {
  confirmationLinks(filter: $filter) { totalCount nodes { name status client { name } decision { reason } } }
}
"""
CAN = ["edit", "delete", "clone", "attach", "detach"]
PERMISSIONS = "query($id: ID!) { confirmationLink(id: $id) { viewerCan { %s } } }".replace(
    "%s", " ".join(f"{can} {{ allowed code reason }}" for can in CAN)
)
PREVIEW = """preview {
  name partnerName products { product { code } onboardingType { code } } providesOnboarding onboardingDuration html
}"""


async def names(api: Api, world: World, **wanted: Any) -> list[str]:
    found = await api.ask(LIST, world.tokens["partner_member"], filter=wanted)
    assert found["confirmationLinks"]["totalCount"] == len(found["confirmationLinks"]["nodes"])
    return sorted(link["name"] for link in found["confirmationLinks"]["nodes"])


@pytest.mark.rule("B5", "B28", "B29", "B30", "B32")
async def test_all_links_are_listed_with_client_and_status_and_found_by_either(
    api: Api, world: World
) -> None:
    links = {name: await world.link(name=name) for name in ("free", "on a deal", "yes", "no")}
    await world.link(world.theirs, name="theirs")
    for name in ("on a deal", "yes", "no"):
        await attach(api, world.tokens["partner_admin"], links[name], world.ours.shared[0])
    await confirm(api, links["yes"])
    await reject(api, links["no"])
    assert await names(api, world) == ["free", "no", "on a deal", "yes"]
    assert await names(api, world, status=["PENDING"]) == ["free", "on a deal"]
    assert await names(api, world, status=["CONFIRMED", "REJECTED"]) == ["no", "yes"]
    assert await names(api, world, status=[]) == []
    assert await names(api, world, clientAssigned=False) == ["free"]
    assert await names(api, world, status=["PENDING"], clientAssigned=True) == ["on a deal"]
    [rejected] = (await api.ask(LIST, world.tokens["partner_member"], filter={"status": ["REJECTED"]}))[
        "confirmationLinks"
    ]["nodes"]
    reason = {"reason": "We buy from somebody else"}
    assert rejected == {"name": "no", "status": "REJECTED", "client": {"name": "Acme 0"}, "decision": reason}


@pytest.mark.rule("B27")
async def test_the_dashboard_counts_links_by_status(api: Api, world: World) -> None:
    links = [await world.link() for _ in range(4)]
    await confirm(api, links[0])
    await reject(api, links[1])
    await world.link(world.theirs)
    counts = "{ partner { summary { pendingLinks confirmedLinks rejectedLinks } } }"
    summary = (await api.ask(counts, world.tokens["partner_member"]))["partner"]["summary"]
    assert summary == {"pendingLinks": 2, "confirmedLinks": 1, "rejectedLinks": 1}


@pytest.mark.rule("C1", "C2", "B22", "B31")
async def test_a_link_goes_from_unassigned_to_decided_stage_by_stage(api: Api, world: World) -> None:
    link, token, deal = await world.link(), world.tokens["partner_admin"], world.ours.shared[0]

    async def now() -> tuple[str, str, Any]:
        read = await link_of(api, token, link)
        return read["status"], read["stage"], read["client"] and read["client"]["name"]

    assert await now() == ("PENDING", "UNASSIGNED", None)
    await attach(api, token, link, deal)
    assert await now() == ("PENDING", "ASSIGNED", "Acme 0")
    await check_out(api, world, deal)
    assert await now() == ("PENDING", "SENT", "Acme 0")
    await api.http.get(f"/c/{token_of(api, link)}")
    assert await now() == ("PENDING", "VIEWED", "Acme 0")
    await confirm(api, link)
    assert await now() == ("CONFIRMED", "DECIDED", "Acme 0")


@pytest.mark.rule("B23")
async def test_the_url_is_the_same_for_everybody_and_works_by_itself(api: Api, world: World) -> None:
    link = await world.link()
    urls = {
        (await link_of(api, world.tokens[who], link))["url"]
        for who in ("partner_admin", "cam", "staff_admin", "checkout")
    }
    assert urls == {f"http://partner.test/c/{token_of(api, link)}"}
    page = await api.http.get(urls.pop())
    assert page.status_code == 200
    assert link.name in page.text
    asked = await api.ask(
        "query($t: String!) { confirmationInvitation(token: $t) { linkName partnerName clientName status version } }",
        None, t=token_of(api, link),
    )  # fmt: skip
    said = {
        "linkName": link.name,
        "partnerName": "Northwind Digital",
        "clientName": None,
        "status": "PENDING",
        "version": 1,
    }
    assert asked["confirmationInvitation"] == said


async def test_nobody_can_guess_or_alter_a_links_token(api: Api, world: World) -> None:
    link, other = await world.link(), await world.link()
    good = token_of(api, link)
    spliced = token_of(api, other)[:21] + good[21:]
    last = good[:-1] + ("B" if good[-1] != "B" else "C")
    for token in (
        spliced,
        last,
        good[:-1],
        good + "A",
        good + "=",
        good.lower(),
        "",
        "\x00" * 43,
        "é" * 43,
        id_of(link),
        "A" * 9999,
    ):
        asked = await api.ask(
            "query($t: String!) { confirmationInvitation(token: $t) { linkName } }", None, t=token
        )
        assert asked == {"confirmationInvitation": None}
        payload = await api.change(
            "rejectEngagement", None, "invitation { status }",
            token=token, name="Eve", email="eve@evil.example", reason="Ha", seenVersion=1,
        )  # fmt: skip
        assert refusals(payload) == [("NOT_FOUND", ["token"])]


@pytest.mark.rule("B33")
async def test_a_link_is_previewed_whatever_its_status_and_no_view_is_recorded(
    api: Api, world: World
) -> None:
    link, token = await world.link(), world.tokens["partner_member"]
    ask = f"query($id: ID!) {{ confirmationLink(id: $id) {{ viewedAt stage {PREVIEW} }} }}"
    for decide in (None, reject):
        if decide:
            await decide(api, link)
        read = (await api.ask(ask, token, id=id_of(link)))["confirmationLink"]
        assert read["viewedAt"] is None
        assert read["preview"]["name"] == link.name
        assert link.name in read["preview"]["html"]
        assert read["preview"]["products"] == [
            {"product": {"code": "MKT-PRO"}, "onboardingType": {"code": "GUIDED"}}
        ]
    assert "We buy from somebody else" in read["preview"]["html"]


@pytest.mark.rule("B11")
async def test_a_preview_before_creation_stores_nothing_and_needs_no_name(api: Api, world: World) -> None:
    before = await stored(world.database)
    document = (
        f"query($input: CreateConfirmationLinkInput!) {{ previewConfirmationLink(input: $input) {{ {PREVIEW}"
        " userErrors { code field } } }"
    )
    given = {
        "products": world.chosen("MKT-PRO"),
        "providesOnboarding": True,
        "onboardingDuration": "UNDER_ONE_MONTH",
    }
    for name in ("", "  ", "Proof"):
        payload = (await api.ask(document, world.tokens["partner_member"], input=given | {"name": name}))[
            "previewConfirmationLink"
        ]
        assert payload["userErrors"] == []
        assert (payload["preview"]["name"], payload["preview"]["partnerName"]) == (
            name.strip(),
            "Northwind Digital",
        )
        assert payload["preview"]["onboardingDuration"] == "UNDER_ONE_MONTH"
        assert "Northwind Digital" in payload["preview"]["html"]
    refused = await api.ask(
        document, world.tokens["partner_member"], input={"name": "n" * 201, "products": []}
    )
    assert refused["previewConfirmationLink"] == {
        "preview": None,
        "userErrors": [
            {"code": "TOO_LONG", "field": ["name"]},
            {"code": "NO_PRODUCTS", "field": ["products"]},
        ],
    }
    assert await stored(world.database) == before


async def can(api: Api, token: str, link: rows.ConfirmationLink) -> dict[str, str | None]:
    """What the viewer may not do, with the code to expect."""
    read = (await api.ask(PERMISSIONS, token, id=id_of(link)))["confirmationLink"]["viewerCan"]
    assert all(
        bool(read[verb]["reason"]) == bool(read[verb]["code"]) != read[verb]["allowed"] for verb in CAN
    )
    return {verb: read[verb]["code"] for verb in CAN if not read[verb]["allowed"]}


@pytest.mark.rule("D8")
async def test_a_link_says_what_may_be_done_in_each_status_and_what_it_says_holds(
    api: Api, world: World
) -> None:
    token, deal = world.tokens["partner_member"], world.ours.shared[0]
    pending, attached, confirmed, rejected = [await world.link() for _ in range(4)]
    for link in (attached, confirmed):
        await attach(api, token, link, deal)
    await confirm(api, confirmed)
    await reject(api, rejected)
    decided = {"edit": "NOT_PENDING", "delete": "NOT_PENDING"}
    assert await can(api, token, pending) == {"detach": "NOT_ATTACHED"}
    assert await can(api, token, attached) == {"attach": "ALREADY_ATTACHED"}
    assert await can(api, token, confirmed) == decided | {"attach": "ALREADY_ATTACHED"}
    assert await can(api, token, rejected) == decided | {"attach": "LINK_REJECTED", "detach": "NOT_ATTACHED"}
    for link, code in ((attached, "ALREADY_ATTACHED"), (rejected, "LINK_REJECTED")):
        assert refusals(await attach(api, token, link, deal)) == [(code, ["confirmationLinkId"])]


@pytest.mark.rule("D8", "B1", "B21")
async def test_what_may_be_done_depends_on_who_asks_and_with_which_token(api: Api, world: World) -> None:
    link = await world.link()
    given = {"confirmationLinkId": id_of(link), "dealId": id_of(world.ours.direct)}
    await api.change("attachConfirmationLink", world.tokens["cam"], "cursor", **given)
    assert await can(api, world.tokens["cam"], link) == {"attach": "ALREADY_ATTACHED"}
    assert await can(api, world.tokens["partner_admin"], link) == {
        "attach": "ALREADY_ATTACHED",
        "detach": "NOT_ALLOWED",
    }
    nothing = dict.fromkeys(CAN, "NOT_ALLOWED")
    for who in ("staff_admin", "checkout", "crm_sync"):
        assert await can(api, world.tokens[who], link) == nothing
    reading = await world.token_for(world.ours.admin, Scope.READ)
    assert await can(api, reading, link) == nothing
    writing = await world.token_for(world.ours.admin, Scope.READ, Scope.LINKS_WRITE)
    assert await can(api, writing, link) == {"attach": "NOT_ALLOWED", "detach": "NOT_ALLOWED"}


@pytest.mark.rule("B4", "B13", "B14", "B15", "B16", "B17", "B19")
async def test_a_partner_attaches_one_of_its_links_to_a_shared_deal_and_its_cam_sees_it(
    api: Api, world: World
) -> None:
    token = world.tokens["partner_member"]
    deals = (
        await api.ask(
            '{ sharedDeals(filter: { search: "acme" }) { nodes { id proofOfEngagement { id } } } }', token
        )
    )["sharedDeals"]
    [deal] = deals["nodes"]
    assert deal["proofOfEngagement"] == []
    link = await world.link()
    given = {"confirmationLinkId": id_of(link), "dealId": deal["id"]}
    assert (await api.change("attachConfirmationLink", token, "deal { id }", **given))["deal"] == {
        "id": deal["id"]
    }
    seen = "query($id: ID!) { deal(id: $id) { proofOfEngagement { id } } }"
    for who in ("cam", "pdm"):
        read = await api.ask(seen, world.tokens[who], id=deal["id"])
        assert read["deal"]["proofOfEngagement"] == [{"id": id_of(link)}]
    checkout = await check_out(api, world, world.ours.shared[0])
    assert checkout["checkout"]["confirmationLinks"] == [
        {"url": f"http://partner.test/c/{token_of(api, link)}"}
    ]
    await api.change("detachConfirmationLink", token, "deal { id }", **given)
    assert (await api.ask(seen, world.tokens["cam"], id=deal["id"]))["deal"]["proofOfEngagement"] == []
