"""Every table is behind the wall, or says why not; and the roles can do no more than they are for."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest

from graphql_api.reading.wall import SERVICE, VIEWER
from tests.wall.tables import OPEN, OWNERS, TABLES

ROLES = (SERVICE, VIEWER)
KEPT = {"alembic_version"}
"""Not of the models: which migrations were run."""

WALLS = """
    SELECT relname, relrowsecurity AND relforcerowsecurity AS is_walled, relrowsecurity OR relforcerowsecurity AS half
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
"""
POLICIES = "SELECT tablename, roles::text[], permissive, cmd, qual, with_check FROM pg_policies"
RIGHTS = """
    SELECT role, relname, held FROM pg_class, unnest($1::text[]) role,
        LATERAL unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES']) held
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND has_table_privilege(role, oid, held)
"""
OWNED = """
    SELECT relname FROM pg_class WHERE pg_has_role($1, relowner, 'MEMBER')
    AND relnamespace = 'public'::regnamespace
"""
ATTRIBUTES = """
    SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolinherit
    FROM pg_roles WHERE rolname = $1
"""
MEMBER_OF = """
    SELECT r.rolname FROM pg_roles r WHERE r.rolname <> $1 AND pg_has_role($1, r.oid, 'MEMBER')
"""
FUNCTIONS = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"


def asked(url: str, query: str, *given: Any) -> list[Any]:
    """What the login role is answered."""

    async def ask() -> list[Any]:
        connection = await asyncpg.connect(url)
        try:
            return [tuple(row) for row in await connection.fetch(query, *given)]
        finally:
            await connection.close()

    return asyncio.run(ask())


def test_every_table_has_its_place_here() -> None:
    assert OPEN.keys() | OWNERS.keys() == TABLES.keys()
    assert OPEN.keys() & OWNERS.keys() == set()


def test_every_table_is_walled_for_its_owner_too_or_says_why_not(postgresql_url: str) -> None:
    found = asked(postgresql_url, WALLS)
    assert {name for name, is_walled, _ in found if is_walled} == OWNERS.keys()
    assert {name for name, _, half in found if not half} == OPEN.keys() | KEPT


def test_only_the_service_sees_all_rows_and_nobody_unnamed_sees_any(postgresql_url: str) -> None:
    policies = asked(postgresql_url, POLICIES)
    for name in OWNERS:
        mine = [policy for policy in policies if policy[0] == name]
        assert {permissive for _, _, permissive, *_ in mine} == {"PERMISSIVE"}
        assert [roles for _, roles, *_, qual, _ in mine if qual == "true"] == [[SERVICE]], name
        for _, roles, *_, qual, check in mine:
            assert "public" not in roles
            assert check != "true"
            told = "seen()" in f"{qual}{check}" or "EXISTS" in qual or "partner_id IS NULL" in qual
            assert told == (VIEWER in roles), name


def test_both_roles_may_write_every_table_but_that_of_the_migrations_and_nothing_more(
    postgresql_url: str,
) -> None:
    expected = {
        (role, name, held)
        for role in ROLES
        for name in TABLES
        for held in ("SELECT", "INSERT", "UPDATE", "DELETE")
    }
    expected |= {(role, name, "SELECT") for role in ROLES for name in KEPT}
    assert set(asked(postgresql_url, RIGHTS, list(ROLES))) == expected


@pytest.mark.parametrize("role", ROLES)
def test_neither_role_owns_a_table_or_may_sign_in_or_is_exempt(postgresql_url: str, role: str) -> None:
    assert asked(postgresql_url, OWNED, role) == []
    assert asked(postgresql_url, ATTRIBUTES, role) == [(False,) * 7]
    assert asked(postgresql_url, MEMBER_OF, role) == []


def test_no_function_runs_with_its_owners_rights(postgresql_url: str) -> None:
    assert asked(postgresql_url, FUNCTIONS) == []
