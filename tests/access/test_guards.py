"""Who may ask at all: tokens, scopes and roles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from graphql_api.access.tokens import hash_of
from graphql_api.models import rows
from graphql_api.models.actor import Role
from graphql_api.models.api_token import Scope
from graphql_api.models.by import By
from graphql_api.schema.root import SCHEMA
from tests.access.examples import arguments_of
from tests.api import Api, refusals
from tests.clock import Clock
from tests.confirmation_links.steps import all_of, confirm, id_of, stored
from tests.factories import World

ANYBODY = {"confirmationInvitation", "confirmEngagement", "rejectEngagement"}
VENDOR_ONLY = {"deal", "deals"}
WRITES = {
    Scope.LINKS_WRITE: {
        "createConfirmationLink",
        "updateConfirmationLink",
        "cloneConfirmationLink",
        "deleteConfirmationLink",
    },
    Scope.DEALS_WRITE: {
        "attachConfirmationLink",
        "detachConfirmationLink",
        "requestConfirmationLinkAttachment",
        "declineAttachmentRequest",
    },
    Scope.RENEWALS_WRITE: {"setDefaultRenewalOwner", "setClientRenewalOwner", "clearClientRenewalOwner"},
    Scope.CHECKOUT_WRITE: {"startCheckout"},
    Scope.SYNC_WRITE: {"syncProducts", "syncPartners", "syncClients", "syncRenewals", "syncDeals"},
}
OWN = {"createApiToken", "revokeApiToken", "markNotificationsRead"}


def documents(root: str) -> dict[str, str]:
    """A document for every field of the root, with made-up values for what it requires."""
    schema = SCHEMA._schema
    type_ = schema.query_type if root == "query" else schema.mutation_type
    assert type_
    return {
        name: f"{root} {{ {name}{arguments_of(field)} {{ __typename }} }}"
        for name, field in type_.fields.items()
    }


async def codes(api: Api, token: str | None, root: str) -> dict[str, str | None]:
    """What each of the root's fields answers: the code of its top-level error, or None."""
    answers = {name: await api.send(document, token) for name, document in documents(root).items()}
    return {
        name: answer["errors"][0]["extensions"]["code"] if "errors" in answer else None
        for name, answer in answers.items()
    }


@pytest.mark.rule("D12")
async def test_without_a_token_only_the_clients_own_operations_answer(api: Api, world: World) -> None:
    before = await stored(world.database)
    for root in ("query", "mutation"):
        refused = await codes(api, None, root)
        assert {name for name, code in refused.items() if code is None} == ANYBODY & set(refused)
        assert {code for code in refused.values() if code} == {"UNAUTHENTICATED"}
    assert await stored(world.database) == before


@pytest.mark.rule("D12")
async def test_bad_expired_revoked_tokens_and_those_of_the_deactivated_are_refused(
    api: Api, world: World, clock: Clock
) -> None:
    ask = "{ viewer { actor { name } } }"
    soon = await world.token_for(world.ours.member, expires_at=datetime.now(UTC) + timedelta(hours=1))
    revoked = await world.token_for(world.ours.member)
    mine = await api.ask("{ viewer { apiTokens { id prefix } } }", revoked)
    [its_id] = [token["id"] for token in mine["viewer"]["apiTokens"] if token["prefix"] == revoked[:12]]
    assert (await api.change("revokeApiToken", revoked, "apiToken { revokedAt }", id=its_id))["apiToken"][
        "revokedAt"
    ]
    assert (await api.ask(ask, soon))["viewer"]["actor"]["name"] == world.ours.member.name
    clock.advance(hours=1)
    for token in (soon, revoked, "papi_unknown", "x", soon.upper(), soon + "x", hash_of(soon)):
        assert await api.code(ask, token) == "UNAUTHENTICATED"
    assert (await api.ask(ask, world.tokens["partner_member"]))["viewer"]
    async with world.database.write(By(None, "Test")) as writing:
        (await writing.session.get_one(rows.PartnerUser, world.ours.member.id)).is_active = False
    assert await api.code(ask, world.tokens["partner_member"]) == "UNAUTHENTICATED"


async def test_a_bad_token_is_refused_even_where_none_is_needed(api: Api) -> None:
    assert (
        await api.code('{ confirmationInvitation(token: "x") { linkName } }', "papi_unknown")
        == "UNAUTHENTICATED"
    )


async def test_what_is_no_bearer_token_is_refused(api: Api, world: World) -> None:
    token = world.tokens["partner_admin"]
    for header in ("Basic abc", token, "Bearer", f"Bearer{token}", f"Token {token}"):
        answer = await api.http.post(
            "/graphql", json={"query": "{ viewer { scopes } }"}, headers={"Authorization": header}
        )
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    answer = await api.http.post(
        "/graphql", json={"query": "{ viewer { scopes } }"}, headers={"Authorization": f"bearer  {token}"}
    )
    assert answer.status_code == 200


@pytest.mark.rule("B1")
async def test_each_scope_opens_its_own_mutations_and_no_others(api: Api, world: World) -> None:
    everything = set(documents("mutation")) - ANYBODY
    assert set().union(*WRITES.values()) | OWN == everything
    holders = {
        Scope.LINKS_WRITE: world.ours.admin,
        Scope.DEALS_WRITE: world.ours.admin,
        Scope.READ: world.ours.admin,
    }
    for scope, holder in holders.items():
        token = await world.token_for(holder, scope)
        opened = {
            name for name, code in (await codes(api, token, "mutation")).items() if code is None
        } - ANYBODY
        expected = WRITES.get(scope, set()) - {"declineAttachmentRequest"}
        own = {"createApiToken", "revokeApiToken"} | (OWN if scope is Scope.READ else set())
        assert opened == expected | own, scope


@pytest.mark.rule("B1", "B21")
async def test_each_role_may_use_just_its_mutations(api: Api, world: World) -> None:
    links, deals, owners = (
        WRITES[scope] for scope in (Scope.LINKS_WRITE, Scope.DEALS_WRITE, Scope.RENEWALS_WRITE)
    )
    partner = links | deals - {"declineAttachmentRequest"} | owners | OWN
    staff = links | deals - {"requestConfirmationLinkAttachment"} | owners | OWN
    machine = {"revokeApiToken", "markNotificationsRead"}
    for who, may in {
        "partner_admin": partner,
        "partner_member": partner - {"setDefaultRenewalOwner"},
        "cam": staff,
        "pdm": staff,
        "staff_admin": OWN,
        "renewal_manager": OWN,
        "checkout": machine | WRITES[Scope.CHECKOUT_WRITE] | WRITES[Scope.SYNC_WRITE],
    }.items():
        answers = await codes(api, world.tokens[who], "mutation")
        assert {name for name, code in answers.items() if code is None} - ANYBODY == may, who
        assert {code for code in answers.values() if code} == {"FORBIDDEN"}


@pytest.mark.rule("B21")
async def test_partners_cannot_ask_for_deals_of_either_kind_and_writers_cannot_read(
    api: Api, world: World
) -> None:
    for who in ("partner_admin", "partner_member"):
        answers = await codes(api, world.tokens[who], "query")
        assert {name for name, code in answers.items() if code == "FORBIDDEN"} == VENDOR_ONLY
    writer = await world.token_for(world.ours.admin, Scope.LINKS_WRITE)
    answers = await codes(api, writer, "query")
    assert {name for name, code in answers.items() if code != "FORBIDDEN"} == ANYBODY & set(answers)


@pytest.mark.rule("B1")
async def test_the_vendors_admins_and_machines_read_every_partners_links(api: Api, world: World) -> None:
    for firm in (world.ours, world.theirs):
        await world.link(firm)
    for who in ("staff_admin", "checkout", "crm_sync"):
        read = await api.ask(
            "{ confirmationLinks { totalCount } partners { totalCount } }", world.tokens[who]
        )
        assert read == {"confirmationLinks": {"totalCount": 2}, "partners": {"totalCount": 2}}


async def test_a_role_that_was_taken_away_takes_its_scopes_along(api: Api, world: World) -> None:
    async with world.database.write(By(None, "Test")) as writing:
        person = await writing.session.get_one(rows.StaffMember, world.ours.cam.id)
        person.role = Role.RENEWAL_MANAGER
    assert (await api.ask("{ viewer { scopes } }", world.tokens["cam"]))["viewer"]["scopes"] == ["READ"]
    given = {"name": "Proof", "products": [], "partnerId": id_of(world.ours.partner)}
    document = (
        "mutation($input: CreateConfirmationLinkInput!) { createConfirmationLink(input: $input) { cursor } }"
    )
    assert await api.code(document, world.tokens["cam"], input=given) == "FORBIDDEN"


async def test_a_forbidden_field_leaves_the_others_of_its_request_answered(api: Api, world: World) -> None:
    answer = await api.send('{ viewer { scopes } deal(id: "x") { id } }', world.tokens["partner_admin"])
    assert answer["data"]["viewer"]["scopes"]
    assert answer["data"]["deal"] is None
    assert [error["path"] for error in answer["errors"]] == [["deal"]]


async def test_introspection_does_not_need_a_token_and_shows_no_data(api: Api) -> None:
    answer = await api.send("{ __schema { queryType { name } } }")
    assert answer == {"data": {"__schema": {"queryType": {"name": "Query"}}}}


async def test_the_clients_answer_needs_no_token_but_takes_one(api: Api, world: World) -> None:
    link = await world.link()
    assert (await confirm(api, link))["invitation"] == {"status": "CONFIRMED", "version": 1}
    again = await confirm(api, link)
    assert refusals(again) == [("NOT_PENDING", ["token"])]


async def test_an_id_for_somebody_else_in_a_list_marks_nothing(api: Api, world: World) -> None:
    await world.link()
    [mine] = await all_of(
        world.database, rows.Notification, rows.Notification.recipient_id == world.ours.cam.id
    )
    for who in ("pdm", "other_cam", "partner_admin"):
        payload = await api.change(
            "markNotificationsRead", world.tokens[who], "notifications { id }", ids=[id_of(mine)]
        )
        assert refusals(payload) == [("NOT_FOUND", ["ids", "0"])]
    many = await api.change(
        "markNotificationsRead", world.tokens["cam"], "notifications { id }", ids=["?"] * 501
    )
    assert refusals(many) == [("LIMIT_EXCEEDED", ["ids"])]


@pytest.mark.rule("D12")
async def test_a_checkout_of_a_deal_that_is_not_there_is_not_found(api: Api, world: World) -> None:
    for id_ in ("?", "A" * 23 + "!", id_of(world.ours.partner), id_of(rows.Deal(id=world.ours.partner.id))):
        payload = await api.change(
            "startCheckout",
            world.tokens["checkout"],
            "checkout { id } cursor",
            dealId=id_,
            recipientName="Clara",
            recipientEmail="clara@acme.example",
        )
        assert refusals(payload) == [("NOT_FOUND", ["dealId"])]
