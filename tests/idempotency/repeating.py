"""Asking for one change again, with an idempotency key, and seeing whether anything happened."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from graphql_api.models import rows
from tests.api import Api
from tests.factories import World

Payload = dict[str, Any]


async def send(api: Api, key: str, document: str, who: str | None, **variables: Any) -> Payload:
    """The whole answer to a request that carries the key."""
    headers = {"Idempotency-Key": key} | ({"Authorization": f"Bearer {who}"} if who else {})
    body = {"query": document, "variables": variables}
    answer: Payload = (await api.http.post("/graphql", json=body, headers=headers)).json()
    return answer


async def change(api: Api, key: str, mutation: str, who: str | None, fields: str, **given: Any) -> Payload:
    """One mutation's payload, asked for with the key."""
    [payload] = (await changes(api, key, who, fields, given, **{mutation: mutation})).values()
    return payload


async def changes(
    api: Api, key: str, who: str | None, fields: str, given: Payload, **aliases: str
) -> dict[str, Payload]:
    """The payloads of one mutation by each of its aliases, all in one request."""
    [mutation] = set(aliases.values())
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    asked = " ".join(
        f"{alias}: {mutation}(input: $input) {{ {fields} userErrors {{ code field message }} }}"
        for alias in aliases
    )
    answer = await send(api, key, f"mutation($input: {kind}!) {{ {asked} }}", who, input=given)
    assert "errors" not in answer, answer["errors"]
    data: dict[str, Payload] = answer["data"]
    return data


async def everything_stored(world: World) -> dict[str, list[str]]:
    """Every row of every table but the keys' own."""
    tables = [
        table for table in rows.Base.metadata.sorted_tables if table is not rows.IdempotencyKey.__table__
    ]
    async with world.database.read() as session:
        return {
            table.name: sorted(str(tuple(row)) for row in await session.execute(select(table)))
            for table in tables
        }
