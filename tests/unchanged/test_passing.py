"""What may change while nothing is written that all see who see it, is never kept: found by walking the schema."""

from __future__ import annotations

import pytest
from graphql import GraphQLObjectType, parse
from sqlalchemy import select

from graphql_api.execution.borrowed import field_of
from graphql_api.execution.lasting import is_lasting
from graphql_api.models import rows
from graphql_api.models.node_id import NodeKind
from tests.api import Api
from tests.factories import World
from tests.idempotency.mutations import CHANGES
from tests.revisions.snapshot import DOCUMENTS
from tests.steps import token_of
from tests.unchanged.asking import kept, posted
from tests.unchanged.walking import ANY_NODE, TYPES, fields, may_be, reached

PERSONAL = {"Notification", "ApiToken"}
PASS = {
    "Query.node", "Query.nodes", "Query.previewConfirmationLink", "Query.confirmationInvitation",
    "Viewer.notifications", "Viewer.apiTokens",
}  # fmt: skip


def _reached() -> dict[str, str]:
    """Every type that a query reaches by lasting fields, with the place that it was first reached by."""
    return reached("Query", by=lambda field: not field.passing)


def test_these_fields_are_passing() -> None:
    found = {field.place for kind in TYPES.type_map.values() for field in fields(kind) if field.passing}
    assert found == PASS


def test_no_lasting_field_leads_to_anything_personal() -> None:
    reached = _reached()
    assert {name: place for name, place in reached.items() if name in PERSONAL} == {}
    objects = {name for name, kind in TYPES.type_map.items() if isinstance(kind, GraphQLObjectType)}
    assert len(objects & set(reached)) > 30


def test_only_these_lasting_fields_could_be_anything_with_an_id() -> None:
    lasting = {
        field.place
        for name in _reached()
        for field in fields(TYPES.type_map[name])
        if not field.passing and {one.name for one in may_be(field.kind)} & PERSONAL
    }
    assert lasting == ANY_NODE


async def test_nothing_personal_is_ever_what_an_event_or_a_mail_is_about(api: Api, world: World) -> None:
    for mutation, one in CHANGES.items():
        given = await one.ready(api, world)
        await api.change(mutation, world.tokens[one.who] if one.who else None, one.fields, **given)
    async with world.database.read() as session:
        about = [
            await session.scalars(select(one.subject_id)) for one in (rows.PartnerEvent, rows.OutboxMail)
        ]
        kinds = {subject.kind for subjects in about for subject in subjects if subject}
    assert NodeKind.CONFIRMATION_LINK in kinds
    assert kinds & {NodeKind.NOTIFICATION, NodeKind.API_TOKEN} == set()


def test_the_walk_finds_what_is_personal(monkeypatch: pytest.MonkeyPatch) -> None:
    viewer = TYPES.type_map["Viewer"]
    assert isinstance(viewer, GraphQLObjectType)
    field = field_of(viewer.fields["apiTokens"])
    assert field
    monkeypatch.setattr(field, "metadata", {})
    assert _reached()["ApiToken"] == "Viewer.apiTokens"


@pytest.mark.parametrize(
    ("document", "lasts"),
    [
        ("{ viewer { actor { id } } }", True),
        ("{ __typename __schema { types { name } } }", True),
        ("{ viewer { notifications(first: 1) { totalCount } } }", False),
        ("{ me: viewer { all: apiTokens { id } } }", False),
        ('{ products { code } node(id: "x") { id } }', False),
        ("{ nodes(ids: []) { id } }", False),
        ("query($no: Boolean = false) { viewer { apiTokens @include(if: $no) { id } } }", False),
        ("{ ...F } fragment F on Query { viewer { ...V } } fragment V on Viewer { apiTokens { id } }", False),
        ("{ ... on Query { viewer { ... { notifications { totalCount } } } } }", False),
        ("query A { products { code } } query B { viewer { apiTokens { id } } }", False),
    ],
)
def test_a_passing_field_is_found_wherever_it_stands(document: str, lasts: bool) -> None:  # noqa: FBT001
    assert is_lasting(TYPES, parse(document)) is lasts


def test_the_broad_documents_that_revisions_are_tried_with_all_last() -> None:
    assert [one for one in DOCUMENTS if not is_lasting(TYPES, parse(one))] == []


async def test_what_is_passing_is_never_kept(api: Api, world: World) -> None:
    link = await world.link()
    chosen = f'{{ productId: "{world.product("MKT-STARTER")}" }}'
    for document in (
        "{ viewer { notifications { totalCount } } }",
        "{ viewer { apiTokens { name } } }",
        f'{{ node(id: "{link.node_id}") {{ id }} }}',
        f'{{ nodes(ids: ["{link.node_id}"]) {{ id }} }}',
        f'{{ confirmationInvitation(token: "{token_of(api, link)}") {{ linkName }} }}',
        f'{{ previewConfirmationLink(input: {{ name: "", products: [{chosen}] }}) {{ userErrors {{ code }} }} }}',
    ):
        answer = await posted(api, 3, document, world.tokens["partner_admin"])
        assert ("data" in answer.json(), "etag" in answer.headers, kept(api)) == (True, False, 0), document


async def test_what_one_was_told_is_seen_at_once(api: Api, world: World) -> None:
    document, token = "{ viewer { notifications { totalCount } } }", world.tokens["cam"]
    before = (await posted(api, 3, document, token)).json()
    await world.link()
    assert (await posted(api, 1, document, token)).json() != before
