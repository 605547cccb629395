"""Whoever only writes reads what they wrote, and does not list what else stands below it."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_composite_type

from graphql_api.models import rows
from graphql_api.models.api_token import Scope
from graphql_api.schema.root import SCHEMA
from tests.access.examples import arguments_of
from tests.api import Api
from tests.confirmation_links.steps import all_of, attach, id_of
from tests.factories import World

BELOW = {
    "ConfirmationLink": "%s",
    "Partner": "partner { %s }",
    "Client": "client { %s }",
    "SharedDeal": "deal { ... on SharedDeal { %s } }",
}
"""Everything that has lists, and how it is reached from a link that was written."""
READABLE = {
    "ConfirmationLink": {
        "preview", "products", "partner", "client", "deal", "createdBy", "clonedFrom", "decision", "viewerCan",
    },
    "Partner": {"channelAccountManager", "partnerDevelopmentManager"},
    "Client": {"partner"},
    "SharedDeal": {"partner", "client", "amount"},
}  # fmt: skip
"""The link itself, and single things that it leads to."""
UPDATE = """mutation($id: ID!) { updateConfirmationLink(input: {id: $id, name: "Written"}) {
  userErrors { code } confirmationLink { name %s } } }"""
ATTACH = """mutation($l: ID!, $d: ID!) { attachConfirmationLink(input: {confirmationLinkId: $l, dealId: $d}) {
  confirmationLink { name products { product { name } } deal { name } client { name } } deal { name %s } } }"""
OWNED = """mutation($id: ID!) { setClientRenewalOwner(input: {clientId: $id, owner: HUBSPOT}) {
  client { name %s } userErrors { code } } }"""
CHECKOUT = """mutation($id: ID!) {
  startCheckout(input: {dealId: $id, recipientName: "Ana", recipientEmail: "ana@acme.example"}) {
    checkout { confirmationLinks { url } deal { name %s } } userErrors { code } } }"""


def objects_of(type_: str) -> dict[str, str]:
    """The type's fields that answer with objects, each as it is asked for."""
    found: Any = SCHEMA._schema.type_map[type_]
    assert isinstance(found, GraphQLObjectType)
    return {
        name: f"{name}{arguments_of(field)} {{ __typename }}"
        for name, field in found.fields.items()
        if is_composite_type(get_named_type(field.type))
    }


def codes_of(answer: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in answer.get("errors", ())]


@pytest.mark.parametrize("type_", BELOW)
async def test_who_only_writes_links_reads_what_they_lead_to_and_lists_nothing(
    api: Api, world: World, type_: str
) -> None:
    link = await world.link()
    await attach(api, world.tokens["partner_admin"], link, world.ours.shared[0])
    token = await world.token_for(world.ours.admin, Scope.LINKS_WRITE)
    answers = {
        name: codes_of(await api.send(UPDATE % (BELOW[type_] % asked), token, id=id_of(link)))
        for name, asked in objects_of(type_).items()
    }
    readable = READABLE[type_]
    assert answers == {name: [] if name in readable else ["FORBIDDEN"] for name in answers}
    assert readable <= set(answers)
    assert (await world.fresh(link)).name == "Written"


async def test_who_reads_too_lists_all_of_it(api: Api, world: World) -> None:
    link = await world.link()
    await attach(api, world.tokens["partner_admin"], link, world.ours.shared[0])
    token = await world.token_for(world.ours.admin, Scope.LINKS_WRITE, Scope.READ)
    for type_, path in BELOW.items():
        asked = " ".join(objects_of(type_).values())
        assert codes_of(await api.send(UPDATE % (path % asked), token, id=id_of(link))) == [], type_


async def test_a_machine_that_only_attaches_reads_no_other_links_and_no_addresses(
    api: Api, world: World
) -> None:
    other, deal = await world.link(name="Other"), world.ours.shared[0]
    await attach(api, world.tokens["partner_admin"], other, deal)
    token = await world.token_for(world.ours.admin, Scope.DEALS_WRITE)
    for asked in (
        "proofOfEngagement { url createdBy { name } }",
        "client { contacts { name email } }",
        "client { renewalNoticePreview { to { email } } }",
        "client { renewalOwnership { owner } }",
    ):
        ids = {"l": id_of(await world.link()), "d": id_of(deal)}
        assert codes_of(await api.send(ATTACH % asked, token, **ids)) == ["FORBIDDEN"], asked
    ids = {"l": id_of(await world.link()), "d": id_of(deal)}
    written = (await api.ask(ATTACH % "client { name }", token, **ids))["attachConfirmationLink"]
    assert written["confirmationLink"]["products"] == [{"product": {"name": "Marketing Hub Professional"}}]
    assert written["confirmationLink"]["client"] == written["deal"]["client"]


@pytest.mark.rule("D4")
async def test_who_only_sets_renewal_owners_reads_the_owner_and_its_version(api: Api, world: World) -> None:
    token, client = await world.token_for(world.ours.member, Scope.RENEWALS_WRITE), world.ours.clients[0]
    owners = "renewalOwnership { owner version } partner { defaultRenewalOwnership { owner version } }"
    answer = await api.ask(OWNED % owners, token, id=id_of(client))
    assert answer["setClientRenewalOwner"]["client"]["renewalOwnership"]["owner"] == "HUBSPOT"
    for asked in ("contacts { email }", "renewalNoticePreview { to { email } }"):
        assert codes_of(await api.send(OWNED % asked, token, id=id_of(client))) == ["FORBIDDEN"]


@pytest.mark.rule("C23")
async def test_who_only_checks_out_reads_the_links_that_were_sent(api: Api, world: World) -> None:
    link, deal = await world.link(), world.ours.shared[0]
    await attach(api, world.tokens["partner_admin"], link, deal)
    [machine] = await all_of(world.database, rows.Integration, rows.Integration.name == "Checkout")
    token = await world.token_for(machine, Scope.CHECKOUT_WRITE)
    answer = await api.ask(CHECKOUT % "", token, id=id_of(deal))
    assert len(answer["startCheckout"]["checkout"]["confirmationLinks"]) == 1
    asked = CHECKOUT % "proofOfEngagement { url }"
    assert codes_of(await api.send(asked, token, id=id_of(deal))) == ["FORBIDDEN"]
