"""The service signed in as the tables' owner, who is no superuser: as most operators run it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest
from sqlalchemy import make_url

from graphql_api.migrations.migrate import upgrade
from graphql_api.reading.wall import SERVICE, SETTING, VIEWER
from tests.api import Api
from tests.confirmation_links.steps import id_of
from tests.factories import World
from tests.postgresql import Server, own_server
from tests.wall.tables import OWNERS

OWNER = "owner"
ROLES = f"{SERVICE}, {VIEWER}"
WAYS = {
    "the owner makes the roles": f"CREATE ROLE {OWNER} LOGIN NOSUPERUSER CREATEROLE",
    "the owner is given the roles": f"""
        CREATE ROLE {SERVICE} NOLOGIN NOINHERIT; CREATE ROLE {VIEWER} NOLOGIN NOINHERIT;
        CREATE ROLE {OWNER} LOGIN NOSUPERUSER; GRANT {ROLES} TO {OWNER} WITH INHERIT FALSE
    """,
}


@pytest.fixture(scope="module", params=WAYS)
def owned_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server that has never seen the service, with a login role for it."""
    with own_server() as server:
        server.execute(WAYS[request.param])
        yield server


@pytest.fixture
def database_url(owned_server: Server) -> Iterator[str]:
    """A database of that role's, which has migrated it; the usual fixtures are on it."""
    with owned_server.database() as name:
        owned_server.execute(f"ALTER DATABASE {name} OWNER TO {OWNER}")
        url = make_url(owned_server.url_of(name)).set(username=OWNER).render_as_string()
        upgrade(url)
        yield url


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """The owner's own connection."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def shown(owner: asyncpg.Connection[asyncpg.Record]) -> dict[str, int]:
    """How many rows of each table behind the wall."""
    return {name: await owner.fetchval(f"SELECT count(*) FROM {name}") for name in OWNERS}  # noqa: S608 - ours


async def test_the_service_works_wholly_through_it(api: Api, world: World) -> None:
    given = {"name": "Proof", "products": world.chosen("MKT-PRO")}
    token = world.tokens["partner_admin"]
    made = await api.change("createConfirmationLink", token, "confirmationLink { id }", **given)
    assert made["userErrors"] == []
    document = "query($id: ID!) { confirmationLink(id: $id) { name partner { id users { id } } } }"
    link = made["confirmationLink"]["id"]
    [found] = (await api.ask(document, token, id=link)).values()
    assert found["partner"]["id"] == id_of(world.ours.partner)
    assert len(found["partner"]["users"]) == 2
    assert await api.ask(document, world.tokens["other_partner_admin"], id=link) == {"confirmationLink": None}
    bell = "{ viewer { notifications { nodes { kind } } } }"
    told = await api.ask(bell, world.tokens["cam"])
    assert told["viewer"]["notifications"]["nodes"] == [{"kind": "LINK_CREATED"}]


@pytest.mark.rule("D12")
async def test_the_owner_sees_nothing_unless_it_says_that_it_migrates(
    world: World, owner: asyncpg.Connection[asyncpg.Record]
) -> None:
    await world.link()
    assert await owner.fetchval("SELECT current_user") == OWNER
    assert await shown(owner) == dict.fromkeys(OWNERS, 0)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await owner.execute("INSERT INTO partners (id, name) VALUES (gen_random_uuid(), 'Mine')")
    await owner.execute(f"SET {SETTING} = '{world.ours.partner.id}'")
    assert await shown(owner) == dict.fromkeys(OWNERS, 0)
    await owner.execute(f"SET {SETTING} = '*'")
    everything = await shown(owner)
    assert (everything["partners"], everything["confirmation_links"]) == (2, 1)


@pytest.mark.rule("D12")
async def test_a_viewers_connection_may_become_nothing_else_but_by_foreign_sql(
    world: World, owner: asyncpg.Connection[asyncpg.Record]
) -> None:
    """The session stays the login role's. So the wall keeps what the service's own statements forget to keep.

    It is no wall against statements that somebody else wrote: they could say RESET ROLE, and tell the setting anything.
    """
    await owner.execute(f"SET ROLE {VIEWER}")
    assert (await shown(owner))["partners"] == 0
    for role in ROLES.split(", "):
        is_member = "SELECT pg_has_role(current_user, $1, 'MEMBER')"
        assert await owner.fetchval(is_member, role) == (role == VIEWER)
    await owner.execute("RESET ROLE")
    await owner.execute(f"SET ROLE {SERVICE}")
    assert (await shown(owner))["partners"] == len([world.ours, world.theirs])
