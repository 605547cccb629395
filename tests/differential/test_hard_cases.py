"""Documents that are hard to get right, each the same compiled and not."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.differential.rich import Rich

CASES: Final[dict[str, str]] = {
    "a sibling fails while others wait": """{ partner {
        users { id } clients(first: 0) { totalCount } channelAccountManager { name } renewals { totalCount }
    } }""",
    "many siblings fail": """{ partner {
        a: clients(first: 0) { totalCount } users { id } b: renewals(last: 101) { totalCount }
        c: auditLog(after: "?") { totalCount }
    } }""",
    "what two roots share fails in one of them": """{
        a: partner { users { id } clients(first: 0) { totalCount } } b: partner { users { id name } }
    }""",
    "one of two roots fails": "{ partner { users { id } } clients(first: 0) { totalCount } }",
    "both roots fail": "{ clients(first: 0) { totalCount } renewals(first: 0) { totalCount } }",
    "a null that slips through a default, far below": """query ($on: Boolean = true) {
        partner { id clients { nodes { id name @include(if: $on) } } }
    }""",
    "such a null where nothing stands": """query ($on: Boolean = true) {
        confirmationLinks(filter: { search: "nobody has such a name" }) { nodes { id name @skip(if: $on) } }
    }""",
    "a null argument that slips through a default": """query (
        $active: Boolean = true, $owner: RenewalOwner = PARTNER
    ) { partner { users(activeOnly: $active) { id } impact: renewalOwnershipImpact(owner: $owner) { changedClients } }
    }""",
    "the same object at many places": """{ confirmationLinks { nodes {
        createdBy { id } again: createdBy { ... on PartnerUser { partner { name } email } name }
        partner { id users { id partner { id name } } }
    } } }""",
    "the same field twice, merged": """{ confirmationLinks(first: 3) { nodes { id } nodes { name client { id } }
        ... on ConfirmationLinkConnection { nodes { client { name ...Domain } } } } }
        fragment Domain on Client { domain }""",
    "an interface through fragments of other interfaces": """{ viewer { notifications { nodes { subject {
        __typename ... on Node { id } ... on ConfirmationLink { deal { ... on Node { id } ... on SharedDeal { name } } }
        ... on AttachmentRequest { requestedBy { ... on Actor { name } ... on Integration { id } } }
    } } } } }""",
    "keys in the order of the document": """{ confirmationLinks(first: 2) { totalCount nodes { version
        ...Late id ... { name } } pageInfo { endCursor } edges { cursor } } }
        fragment Late on ConfirmationLink { status ... on Node { id } createdAt version }""",
    "nothing left of a selection": "{ partner { id @skip(if: true) } viewer { actor { name @include(if: false) } } }",
    "an unused variable and an unused branch": """query ($off: Boolean = false) {
        partner { ... @include(if: $off) { clients(first: 0) { totalCount } } name }
    }""",
    "a preview that fails, since its evidence is lost": """{ confirmationLinks { nodes {
        id preview { name } status decision { reason } } } }""",
    "introspection beside data": "{ __schema { queryType { name } } partner { __typename name } __typename }",
    "an unknown name": "{ partner { nothing } }",
    "no operation": "fragment F on Query { __typename }",
    "not GraphQL": "{ partner {",
    "two operations": "query A { partner { id } } query B { partner { name } }",
}  # fmt: skip
GIVEN: Final[dict[str, dict[str, Any]]] = {
    "a null that slips through a default, far below": {"on": None},
    "such a null where nothing stands": {"on": None},
    "a null argument that slips through a default": {"active": None, "owner": None},
}


@pytest.mark.parametrize("who", ["partner_admin", "cam"])
@pytest.mark.parametrize("name", CASES)
def test_a_hard_case_is_answered_the_same_compiled_and_not(rich: Rich, name: str, who: str) -> None:
    rich.same(CASES[name], who, **GIVEN.get(name, {}))


def test_what_must_fail_does(rich: Rich) -> None:
    told = {name: rich.same(CASES[name], "partner_admin", **GIVEN.get(name, {})) for name in CASES}
    failing = {name for name, answer in told.items() if "errors" in answer}
    assert {name for name in CASES if "fail" in name or "slips" in name} <= failing
    assert not {name for name in CASES if "same" in name and "errors" in told[name]}


@pytest.mark.parametrize("on", [True, False, None])
def test_one_document_is_compiled_anew_for_each_choice(rich: Rich, on: bool | None) -> None:  # noqa: FBT001
    document = """query ($on: Boolean = true, $off: Boolean = false) {
        partner { name @include(if: $on) users { id @skip(if: $off) name @include(if: $on) } }
    }"""
    rich.same(document, "partner_admin", on=on, off=False)
    rich.same(document, "partner_admin", on=on, off=not on)
