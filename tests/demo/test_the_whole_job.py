from __future__ import annotations

import re

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection

from tests.demo.process import Demo, Surfaces
from tests.transport.socket_client import ask, connected, receive

EVENTS = "subscription { partnerEvents { kind } }"
DECISIONS = "subscription { confirmationLinkStatusChanged { link { id } previousStatus status reason } }"
PRODUCTS = "{ products { id code } }"
FREE_DEAL = """{ viewer { partner { sharedDeals(first: 1, filter: { hasProofOfEngagement: false }) {
    nodes { id client { name } } } } } }"""
GRACE, MARCUS = "grace.holloway@vendor.example", "marcus.webb@vendor.example"
NORA, BEN = "nora.lindqvist@northwind.example", "ben.carter@northwind.example"
BUYER = {"recipientName": "Ana Ruiz", "recipientEmail": "ana.ruiz@client.example"}


async def create(surfaces: Surfaces) -> str:
    """A link of Northwind Digital."""
    products = (await surfaces.ask(PRODUCTS, "partner_admin"))["products"]
    chosen = next(product["id"] for product in products if product["code"] == "marketing-professional")
    payload = await surfaces.change(
        "createConfirmationLink",
        "partner_admin",
        "confirmationLink { id }",
        name="My first link",
        products=[{"productId": chosen, "onboardingTypeCode": "guided"}],
        providesOnboarding=True,
        onboardingDuration="ONE_TO_TWO_MONTHS",
    )
    return str(payload["confirmationLink"]["id"])


async def attach(surfaces: Surfaces, link_id: str) -> str:
    """On a shared deal that has no link yet."""
    answer = await surfaces.ask(FREE_DEAL, "partner_admin")
    deal_id = answer["viewer"]["partner"]["sharedDeals"]["nodes"][0]["id"]
    fields = "deal { activities(first: 1) { nodes { summary } } }"
    payload = await surfaces.change(
        "attachConfirmationLink", "partner_admin", fields, confirmationLinkId=link_id, dealId=deal_id
    )
    assert payload["deal"]["activities"]["nodes"][0]["summary"] == "Nora Lindqvist attached “My first link”"
    return str(deal_id)


async def check_out(surfaces: Surfaces, deal_id: str) -> str:
    """The URL in the mail that the client gets."""
    payload = await surfaces.change("startCheckout", "checkout", "checkout { id }", dealId=deal_id, **BUYER)
    assert payload["checkout"]["id"]
    mails = await surfaces.mails(1)
    found = re.search(r"http://\S+/c/\S+", mails["checkout ana.ruiz@client.example"])
    assert found
    return found[0]


async def answer(surfaces: Surfaces, url: str, **said: str) -> httpx2.Response:
    """Open the page, and send its form."""
    page = await surfaces.http.get(url)
    assert "My first link" in page.text
    seen = re.search(r'name="seenVersion" value="(\d+)"', page.text)
    assert seen
    form = {"name": "Ana Ruiz", "email": "ana.ruiz@client.example", "reason": "", "seenVersion": seen[1]}
    return await surfaces.http.post(url, data=form | said)


async def pushed(socket: ClientConnection, field: str) -> dict[str, object]:
    data: dict[str, object] = (await receive(socket))["payload"]["data"][field]
    return data


def following(surfaces: Surfaces) -> str:
    return str(surfaces.facts["websocket"]).removeprefix("ws://").removesuffix("/graphql")


@pytest.mark.rule("B3", "B4", "B13", "B18", "B22", "B23", "B24", "B25", "C21", "D1")
async def test_a_link_goes_from_its_creation_to_the_client_s_confirmation(surfaces: Surfaces) -> None:
    params = {"Authorization": surfaces.tokens["partner_admin"]}
    async with connected(following(surfaces), params) as socket:
        await ask(socket, "1", EVENTS)
        link_id = await create(surfaces)
        assert set(await surfaces.mails(2)) == {f"link_created {GRACE}", f"link_created {MARCUS}"}
        url = await check_out(surfaces, await attach(surfaces, link_id))
        assert (await answer(surfaces, url, decision="confirm")).status_code == 303
        told = set(await surfaces.mails(4))
        kinds = [(await pushed(socket, "partnerEvents"))["kind"] for _ in range(5)]
    assert told == {f"link_confirmed {who}" for who in (GRACE, MARCUS, NORA, BEN)}
    assert kinds == ["LINK_CREATED", "LINK_ATTACHED", "LINK_SENT", "LINK_VIEWED", "LINK_CONFIRMED"]


@pytest.mark.rule("B24", "B26", "C4", "D1")
async def test_a_rejection_reaches_the_partner_with_its_reason(surfaces: Surfaces) -> None:
    async with connected(following(surfaces), {"authorization": surfaces.tokens["partner_member"]}) as socket:
        await ask(socket, "1", DECISIONS)
        link_id = await create(surfaces)
        await surfaces.mails(2)
        url = await check_out(surfaces, await attach(surfaces, link_id))
        sent = await answer(surfaces, url, decision="reject", reason="We buy Sales Hub.")
        assert sent.status_code == 303
        mails = await surfaces.mails(2)
        change = await pushed(socket, "confirmationLinkStatusChanged")
    assert set(mails) == {f"link_rejected {NORA}", f"link_rejected {BEN}"}
    assert all("We buy Sales Hub." in text for text in mails.values())
    assert change == {
        "link": {"id": link_id}, "previousStatus": "PENDING", "status": "REJECTED", "reason": "We buy Sales Hub.",
    }  # fmt: skip


async def test_the_page_that_the_demo_names_waits_for_an_answer(
    shared_demo: Demo, surfaces: Surfaces
) -> None:
    shared_demo.wait_until_it_says("Client's page")
    found = re.search(r"http://\S+/c/\S+", shared_demo.said())
    assert found
    page = await surfaces.http.get(found[0])
    assert page.status_code == 200
    assert "Northwind Digital" in page.text
    assert 'name="decision" value="confirm"' in page.text
